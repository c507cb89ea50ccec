#include "sync_server/backup/shipped_file.hpp"

#include <algorithm>

namespace lantaarn::server::backup {

Bytes shipped_head(std::string_view magic, const TargetHead& target) {
  Bytes ids = lantaarn::to_bytes(target.server.view());
  append(ids, target.target.view());
  return with_magic(magic, ids);
}

void append_record(Bytes& to, ByteView payload) {
  append_le(to, static_cast<std::uint32_t>(payload.size()));
  append(to, crypto::blake2b_128({payload}));
  append(to, payload);
}

Result<ShippedRecords> read_shipped(std::string_view magic, const TargetHead& target, ByteView file) {
  LANTAARN_TRY(after_magic(magic, file));
  const Bytes head = shipped_head(magic, target);
  if (file.size() < head.size() || !std::equal(head.begin(), head.end(), file.begin())) return corrupt("backup_damaged");
  ShippedRecords read;
  ByteReader rest(file.subspan(head.size()));
  read.good_bytes = head.size();
  while (!rest.empty()) {
    const auto length = rest.take_le<std::uint32_t>();
    const auto sum = rest.take(kRecordHeadBytes - 4);
    const auto payload = length && *length <= kRecordBytesMax && sum ? rest.take(*length) : std::nullopt;
    if (!payload || to_array<16>(*sum) != crypto::blake2b_128({*payload})) {
      read.torn = true;
      read.damaged = payload.has_value() || (length && *length > kRecordBytesMax);
      return read;
    }
    read.records.push_back(*payload);
    read.good_bytes += kRecordHeadBytes + payload->size();
  }
  return read;
}

Status append_verified(TargetFiles& files, const std::string& name, std::uint64_t at, ByteView content) {
  LANTAARN_TRY(files.append(name, at, content));
  LANTAARN_ASSIGN(const Bytes there, files.read_from(name, at));
  const bool same = std::equal(content.begin(), content.end(), there.begin(), there.end());
  return same ? Status() : Status(in_context(corrupt("backup_damaged"), "read back " + name));
}

Status put_verified(TargetFiles& files, const std::string& name, ByteView content, bool scrub) {
  LANTAARN_TRY(files.put(name, content, scrub));
  LANTAARN_ASSIGN(const auto there, files.read(name));
  const bool same = there && std::equal(content.begin(), content.end(), there->begin(), there->end());
  return same ? Status() : Status(in_context(corrupt("backup_damaged"), "read back " + name));
}

}  // namespace lantaarn::server::backup

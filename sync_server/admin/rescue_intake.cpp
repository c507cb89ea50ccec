#include "sync_server/admin/rescue_intake.hpp"

#include <algorithm>

namespace lantaarn::server::admin {
namespace {

sync::ReadBytes read_from(std::ifstream& file, const std::string& path) {
  return [&file, path](std::span<std::uint8_t> into) -> Result<std::size_t> {
    file.read(reinterpret_cast<char*>(into.data()), static_cast<std::streamsize>(into.size()));
    if (file.bad()) return refused("file_unreadable", {path});
    return static_cast<std::size_t>(file.gcount());
  };
}

}  // namespace

Result<RescueIntake> RescueIntake::open(const std::string& path, Registry& registry, const Keys& keys, std::uint64_t first_token) {
  auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
  if (!file->is_open()) return refused("file_unreadable", {path});
  LANTAARN_ASSIGN(auto reader, sync::StickReader::open(sync::StickKind::kRescue, read_from(*file, path)));
  LANTAARN_ASSIGN(const auto devices, registry.devices());
  const auto known = std::find_if(devices.begin(), devices.end(), [&](const DeviceView& device) { return device.id == reader.device(); });
  if (known == devices.end()) return refused("rescue_foreign", {reader.device().hex()});
  std::vector<crypto::VerifyKey> authority = keys.former_authority;
  authority.push_back(keys.authority.verify_key());
  return RescueIntake(std::move(file), std::move(reader), *known, std::move(authority), first_token);
}

Result<std::optional<sync::Store>> RescueIntake::next() {
  while (!read_through_ && waiting_.size() < kRescueWindow) {
    LANTAARN_ASSIGN(const auto record, reader_.next());
    if (!record) {
      read_through_ = true;
      break;
    }
    if (auto step = take(*record)) return std::optional(std::move(*step));
  }
  return std::optional<sync::Store>{};
}

std::optional<sync::Store> RescueIntake::take(const sync::StickReader::Record& record) {
  if (record.kind == sync::StickRecord::kLog) return begin_log(record.payload);
  if (!in_log_) return std::nullopt;
  RescueLog& log = logs_.back();
  if (record.kind == sync::StickRecord::kDamage) log.damaged = true;
  if (record.kind != sync::StickRecord::kBatch || !log.refused.empty()) return std::nullopt;
  const auto items = journal::parse_batch(record.payload);
  if (!items.ok()) {
    log.refused = items.error().code;
    return std::nullopt;
  }
  log.entries += items->size();
  for (const auto& item : *items) log.hashes.insert(journal::entry_hash(item.entry.bytes));
  return step(to_string(record.payload), std::nullopt);
}

// A log of which the handheld had pruned the beginning comes with the authority's own word for that.
std::optional<sync::Store> RescueIntake::begin_log(ByteView payload) {
  const auto head = sync::parse_rescued_log(payload);
  in_log_ = head.ok();
  if (!in_log_) return std::nullopt;
  RescueLog& log = logs_.emplace_back();
  log.origin = head->origin;
  if (head->pruned.seq == 0) return std::nullopt;
  const auto anchor = sync::verify_anchor(authority_, device_.id, head->origin.log, head->pruned, head->secured);
  if (!anchor.ok()) {
    log.refused = anchor.error().code;
    return std::nullopt;
  }
  return step({}, *anchor);
}

sync::Store RescueIntake::step(std::string batch, std::optional<sync::Anchor> anchor) {
  const std::uint64_t token = next_token_++;
  waiting_.emplace(token, logs_.size() - 1);
  return {token, logs_.back().origin, std::move(batch), std::move(anchor)};
}

bool RescueIntake::stored(const sync::StoreResult& result) {
  const auto waiting = waiting_.find(result.token);
  if (waiting == waiting_.end()) return false;
  RescueLog& log = logs_[waiting->second];
  waiting_.erase(waiting);
  log.added += result.added;
  if (result.stored == sync::Stored::kFork && (!log.fork_through || log.fork_through->seq < result.through.seq)) log.fork_through = result.through;
  if (result.stored == sync::Stored::kGap && log.refused.empty()) log.refused = "entries_missing";
  if (result.stored == sync::Stored::kFailed && log.refused.empty()) log.refused = result.code;
  return true;
}

}  // namespace lantaarn::server::admin

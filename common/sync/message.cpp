#include "common/sync/message.hpp"

#include <algorithm>

#include "common/sync/limits.hpp"

namespace lantaarn::sync {
namespace {

// Protocol Buffers encoding: a field's tag is number << 3 | 2 for bytes; lengths are base-128 varints.
constexpr std::uint8_t kPushTag = (pb::Message::kPushFieldNumber << 3) | 2;
constexpr std::uint8_t kLogIdTag = (pb::Push::kLogIdFieldNumber << 3) | 2;
constexpr std::uint8_t kBatchTag = (pb::Push::kBatchFieldNumber << 3) | 2;

void append_varint(Bytes& out, std::size_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

void append_field(Bytes& out, std::uint8_t tag, ByteView bytes) {
  out.push_back(tag);
  append_varint(out, bytes.size());
  append(out, bytes);
}

}  // namespace

Bytes to_message(const pb::Message& message) {
  Bytes out(message.ByteSizeLong());
  message.SerializeToArray(out.data(), static_cast<int>(out.size()));
  return out;
}

Bytes push_message(const LogId& log, ByteView batch) {
  Bytes head;
  append_field(head, kLogIdTag, log.view());
  head.push_back(kBatchTag);
  append_varint(head, batch.size());
  Bytes out;
  out.reserve(batch.size() + kPushOverheadBytes);
  out.push_back(kPushTag);
  append_varint(out, head.size() + batch.size());
  append(out, head);
  append(out, batch);
  return out;
}

Bytes refusal_message(const std::string& code) {
  pb::Message message;
  message.mutable_refusal()->set_code(code);
  return to_message(message);
}

Result<pb::Message> parse_message(ByteView bytes) {
  pb::Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return protocol_error("unreadable message");
  return message;
}

Error refusal_error(const pb::Refusal& refusal) {
  const std::string& code = refusal.code();
  const bool proper = !code.empty() && code.size() <= kRefusalCodeMax &&
                      std::all_of(code.begin(), code.end(), [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); });
  return in_context(reject_peer(proper ? code : "peer_refused"), "the other side refused");
}

Error protocol_error(const std::string& what) { return in_context(reject_peer("protocol_error"), what); }

std::optional<Place> place_from(std::uint64_t seq, const std::string& hash) {
  if (seq == 0 && hash.empty()) return Place{};
  const auto array = to_array<32>(as_bytes(hash));
  if (!array) return std::nullopt;
  return Place{seq, *array};
}

}  // namespace lantaarn::sync

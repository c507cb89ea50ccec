#pragma once
// Well-formed nonsense: what a peer can say that no program of ours would.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace lantaarn::sync {

/// A protobuf message's fields, as they stand in its bytes.
struct WireField {
  std::uint64_t tag = 0;
  bool is_bytes = false;
  std::uint64_t number = 0;
  std::string bytes;
};

inline void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

inline std::optional<std::uint64_t> take_varint(const std::string& from, std::size_t& at) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64 && at < from.size(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(from[at++]);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

/// Nothing when they are not such a message's.
inline std::optional<std::vector<WireField>> wire_fields(const std::string& bytes) {
  std::vector<WireField> fields;
  for (std::size_t at = 0; at < bytes.size();) {
    WireField& field = fields.emplace_back();
    const auto tag = take_varint(bytes, at);
    const auto number = tag ? take_varint(bytes, at) : std::nullopt;
    if (!number || *tag < 8 || *tag > 8 * 32 || (*tag % 8 != 0 && *tag % 8 != 2)) return std::nullopt;
    field = {*tag, *tag % 8 == 2, *number, {}};
    if (!field.is_bytes) continue;
    if (*number > bytes.size() - at) return std::nullopt;
    field.bytes = bytes.substr(at, *number);
    at += *number;
  }
  return fields;
}

inline std::string wire_bytes(const std::vector<WireField>& fields) {
  std::string bytes;
  for (const WireField& field : fields) {
    put_varint(bytes, field.tag);
    put_varint(bytes, field.is_bytes ? field.bytes.size() : field.number);
    bytes += field.bytes;
  }
  return bytes;
}

/// One thing bent in each: a field left out, said twice, emptied, cut, longer, another; a number at its ends and beside
/// itself; and the same in whatever it holds.
inline std::vector<std::string> bent(const std::string& bytes, int depth = 4) {
  std::vector<std::string> all;
  const auto whole = wire_fields(bytes);
  if (!whole) return all;
  const auto with = [&](std::size_t at, WireField field) {
    auto fields = *whole;
    fields[at] = std::move(field);
    all.push_back(wire_bytes(fields));
  };
  for (std::size_t i = 0; i < whole->size(); ++i) {
    const WireField& field = (*whole)[i];
    auto fields = *whole;
    fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(i));
    all.push_back(wire_bytes(fields));
    fields = *whole;
    fields.push_back(field);
    all.push_back(wire_bytes(fields));
    if (!field.is_bytes) {
      for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1}, field.number - 1, field.number + 1, std::numeric_limits<std::uint64_t>::max() >> 1}) {
        with(i, {field.tag, false, number, {}});
      }
      continue;
    }
    if (!field.bytes.empty()) {
      std::string other = field.bytes;
      other[0] = static_cast<char>(other[0] ^ 1);
      for (const std::string& value : {std::string(), field.bytes.substr(1), field.bytes + '\0', other, std::string(field.bytes.size(), '\0')}) {
        with(i, {field.tag, true, 0, value});
      }
    }
    if (depth == 0) continue;
    for (std::string& inner : bent(field.bytes, depth - 1)) with(i, {field.tag, true, 0, std::move(inner)});
  }
  return all;
}

}  // namespace lantaarn::sync

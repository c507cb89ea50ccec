#include "common/sync/ticket.hpp"

#include <boost/json.hpp>

#include "common/crypto/hash.hpp"
#include "common/crypto/wipe_text.hpp"

namespace lantaarn::sync {
namespace {

namespace json = boost::json;

constexpr char kFormat[] = "lantaarn-ticket";
constexpr char kPsk[] = "psk";
constexpr char kEnrolSecret[] = "enrol_secret";

// What JSON made of the secrets is overwritten before it is let go.
void wipe_secrets(json::object& object) {
  for (const char* name : {kPsk, kEnrolSecret}) {
    json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) continue;
    json::string& text = value->get_string();
    crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  }
}

json::object to_json(const Ticket& ticket) {
  json::array users;
  for (const TicketUser& user : ticket.users) users.push_back({{"id", user.id.hex()}, {"name", user.name}});
  json::object object{
          {"format", kFormat},
          {"version", kTicketVersion},
          {"ticket", ticket.id.hex()},
          {"server", ticket.server.hex()},
          {"address", ticket.server_address},
          {"channel_key", to_hex(ticket.channel_key)},
          {"authority_key", to_hex(ticket.authority_key)},
          {"sealing_key", to_hex(ticket.sealing_key)},
          {"sealing_key_number", ticket.sealing_key_number},
          {"keys_generation", ticket.keys_generation},
          {"epoch", ticket.epoch},
          {kPsk, to_hex(ticket.psk.view())},
          {kEnrolSecret, to_hex(ticket.enrol_secret.view())},
          {"device", ticket.device.hex()},
          {"device_name", ticket.device_name},
          {"users", std::move(users)},
          {"expires_at_ms", ticket.expires_at_ms}};
  if (ticket.recovery_key) object["recovery_key"] = to_hex(*ticket.recovery_key);
  return object;
}

std::string checksum_of(const json::object& fields) {
  std::string text = json::serialize(fields);
  std::string checksum = to_hex(crypto::blake2b_256({as_bytes("lantaarn ticket v1"), as_bytes(text)}));
  crypto::wipe_text(text);
  return checksum;
}

// Reads members; after the first one that is missing or of another type, `ok` stays false.
class Fields {
 public:
  explicit Fields(const json::object& object) : object_(object) {}
  [[nodiscard]] bool ok() const { return ok_; }

  std::string text(const char* name) {
    const json::value* value = object_.if_contains(name);
    ok_ = ok_ && value != nullptr && value->is_string();
    return ok_ ? std::string(value->get_string()) : std::string();
  }
  std::int64_t number(const char* name) {
    const json::value* value = object_.if_contains(name);
    ok_ = ok_ && value != nullptr && value->is_int64();
    return ok_ ? value->get_int64() : 0;
  }
  std::uint32_t number32(const char* name) {
    const std::int64_t value = number(name);
    ok_ = ok_ && value >= 0 && value <= UINT32_MAX;
    return static_cast<std::uint32_t>(value);
  }
  template <std::size_t N>
  ByteArray<N> bytes(const char* name) {
    const auto raw = from_hex(text(name));
    const auto array = raw ? to_array<N>(*raw) : std::nullopt;
    ok_ = ok_ && array.has_value();
    return array.value_or(ByteArray<N>{});
  }
  template <std::size_t N>
  std::optional<ByteArray<N>> bytes_if_any(const char* name) {
    if (object_.if_contains(name) == nullptr) return std::nullopt;
    return bytes<N>(name);
  }
  crypto::Key secret(const char* name) {
    std::string hex = text(name);
    auto raw = from_hex(hex);
    crypto::wipe_text(hex);
    auto key = raw ? crypto::Key::from(*raw) : std::nullopt;
    if (raw) crypto::wipe(*raw);
    ok_ = ok_ && key.has_value();
    return ok_ ? std::move(*key) : crypto::Key();
  }
  std::vector<TicketUser> users(const char* name) {
    const json::value* value = object_.if_contains(name);
    ok_ = ok_ && value != nullptr && value->is_array();
    std::vector<TicketUser> users;
    if (!ok_) return users;
    for (const json::value& item : value->get_array()) {
      ok_ = ok_ && item.is_object();
      if (!ok_) break;
      Fields user(item.get_object());
      users.push_back({UserId{user.bytes<kIdBytes>("id")}, user.text("name")});
      ok_ = user.ok();
    }
    return users;
  }

 private:
  const json::object& object_;
  bool ok_ = true;
};

}  // namespace

std::string write_ticket(const Ticket& ticket) {
  json::object fields = to_json(ticket);
  fields["checksum"] = checksum_of(fields);
  std::string text = "{";
  for (const auto& field : fields) {
    text += (text.size() == 1 ? "\n  " : ",\n  ") + json::serialize(json::string(field.key())) + ": " + json::serialize(field.value());
  }
  wipe_secrets(fields);
  return text + "\n}\n";
}

Result<Ticket> read_ticket(std::string_view text) {
  const Error unreadable = refused("ticket_unreadable");
  if (text.size() > kTicketBytesMax) return unreadable;
  json::error_code failed;
  json::value parsed = json::parse(json::string_view(text.data(), text.size()), failed);
  if (failed || !parsed.is_object()) return unreadable;
  json::object& object = parsed.get_object();
  const json::value* stated = object.if_contains("checksum");
  if (stated == nullptr || !stated->is_string()) return unreadable;
  const std::string checksum(stated->get_string());
  object.stable_erase("checksum");
  if (checksum != checksum_of(object)) return unreadable;

  Fields fields(object);
  if (fields.text("format") != kFormat || fields.number("version") != kTicketVersion) return unreadable;
  Ticket ticket;
  ticket.id.bytes = fields.bytes<kIdBytes>("ticket");
  ticket.server.bytes = fields.bytes<kIdBytes>("server");
  ticket.server_address = fields.text("address");
  ticket.channel_key = fields.bytes<32>("channel_key");
  ticket.authority_key = fields.bytes<32>("authority_key");
  ticket.sealing_key = fields.bytes<32>("sealing_key");
  ticket.sealing_key_number = fields.number32("sealing_key_number");
  ticket.keys_generation = fields.number32("keys_generation");
  ticket.epoch = fields.number32("epoch");
  ticket.recovery_key = fields.bytes_if_any<32>("recovery_key");
  ticket.psk = fields.secret(kPsk);
  ticket.enrol_secret = fields.secret(kEnrolSecret);
  ticket.device.bytes = fields.bytes<kIdBytes>("device");
  ticket.device_name = fields.text("device_name");
  ticket.users = fields.users("users");
  ticket.expires_at_ms = fields.number("expires_at_ms");
  wipe_secrets(object);
  if (!fields.ok()) return unreadable;
  return ticket;
}

}  // namespace lantaarn::sync

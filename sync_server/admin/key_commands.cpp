// What people ask about the server's own keys. No command shows a private half.
#include <boost/json.hpp>
#include <charconv>
#include <map>

#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/key_rotation.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

json::object key_document(KeyKind kind, const StoredKey& key, std::string_view state) {
  return json::object{{"kind", std::string(name_of(kind))},
                      {"number", key.number},
                      {"state", std::string(state)},
                      {"public_key", to_hex(key.public_key)},
                      {"made_at", instant_or_null(key.made_ms)}};
}

// Who does not know the key after this one yet.
json::array waiting_for(const std::vector<KeyHolder>& holders, std::uint32_t next_generation) {
  json::array names;
  for (const KeyHolder& holder : holders) {
    if (holder.generation < next_generation) names.emplace_back(holder.name);
  }
  return names;
}

Result<std::uint32_t> number_in(const std::string& text) {
  std::uint32_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return refused("key_not_found");
  return number;
}

json::object log_document(const StoredEntry& entry, const model::Event& event, const Names& names) {
  const bool made = event.has_server_key_made();
  const auto& fact = event.server_key_made();
  const auto& gone = event.server_key_destroyed();
  const UserId author = UserId::from(event.author()).value_or(UserId{});
  return json::object{{"at", instant(entry.recorded_ms)},
                      {"event", made ? "made" : "destroyed"},
                      {"kind", made ? fact.kind() : gone.kind()},
                      {"number", made ? fact.number() : gone.number()},
                      {"by", names.user(author)},
                      {"public_key", made ? json::value(to_hex(as_bytes(fact.public_key()))) : json::value(nullptr)},
                      {"reason", text_or_null(fact.reason())}};
}

}  // namespace

Answer list_keys(Context& context, const Arguments&) {
  LANTAARN_ASSIGN(const auto holders, key_holders(context.registry));
  json::array documents;
  for (const KeyKind kind : kKeyKinds) {
    LANTAARN_ASSIGN(const auto keys, stored_keys(context.registry, kind));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const bool is_newest = i + 1 == keys.size();
      const char* state = is_newest ? "in_force" : keys[i].secret ? "former" : "destroyed";
      json::object document = key_document(kind, keys[i], state);
      document["waiting_for"] = !is_newest && keys[i].secret ? waiting_for(holders, keys[i + 1].generation) : json::array();
      documents.push_back(std::move(document));
    }
  }
  return Output{std::move(documents), {}};
}

Answer rotate_server_key(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const KeyKind kind, key_kind(arguments.one("kind")));
  LANTAARN_ASSIGN(const StoredKey key, rotate_key(context, kind));
  return Output{key_document(kind, key, "in_force"), {}};
}

Answer destroy_server_key(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const KeyKind kind, key_kind(arguments.one("kind")));
  LANTAARN_ASSIGN(const std::uint32_t number, number_in(arguments.one("number")));
  LANTAARN_ASSIGN(const StoredKey key, destroy_key(context, kind, number));
  return Output{key_document(kind, key, "destroyed"), {}};
}

Answer list_key_events(Context& context, const Arguments&) {
  LANTAARN_ASSIGN(const Names names, Names::load(context.registry));
  std::map<std::uint64_t, json::object> in_order;  // of the server's own log
  for (const int kind : {model::Event::kServerKeyMade, model::Event::kServerKeyDestroyed}) {
    LANTAARN_ASSIGN(const auto entries, context.registry.entries_of_kind(kind));
    for (const StoredEntry& entry : entries) {
      LANTAARN_ASSIGN(const model::Event event, model::decode_event(entry.bytes));
      in_order[entry.place.seq] = log_document(entry, event, names);
    }
  }
  json::array documents;
  for (auto& [seq, document] : in_order) documents.push_back(std::move(document));
  return Output{std::move(documents), {}};
}

}  // namespace lantaarn::server::admin

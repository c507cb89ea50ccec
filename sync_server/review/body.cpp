#include "sync_server/review/body.hpp"

#include <boost/json.hpp>
#include <charconv>

#include "common/base/civil_time.hpp"
#include "sync_server/admin/records.hpp"
#include "sync_server/admin/roles.hpp"

namespace lantaarn::server::review {
namespace json = boost::json;
namespace {

Error malformed(std::string_view member) { return refused("request_malformed", {std::string(member)}); }

// Nothing: of a sort that no command takes.
std::optional<std::string> typed(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_bool()) return value.as_bool() ? "yes" : "no";
  if (value.is_int64()) return std::to_string(value.as_int64());
  if (value.is_uint64()) return std::to_string(value.as_uint64());
  return std::nullopt;
}

Result<std::vector<std::string>> texts_in(const json::value& value, std::string_view name) {
  if (!value.is_array()) {
    auto one = typed(value);
    if (!one) return malformed(name);
    return std::vector<std::string>{std::move(*one)};
  }
  std::vector<std::string> texts;
  for (const auto& item : value.as_array()) {
    if (!item.is_string()) return malformed(name);
    texts.emplace_back(item.as_string());
  }
  return texts;
}

const json::value* member(const Request& request, std::string_view name) {
  if (!request.body.is_object()) return nullptr;
  const auto* found = request.body.as_object().if_contains(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

}  // namespace

Result<admin::Arguments> command_of(const RouteCall& call, std::string_view command, std::span<const Member> members, Empty empty) {
  if (!call.request.body.is_null() && !call.request.body.is_object()) return malformed("body");
  admin::Arguments arguments;
  arguments.command = command;
  for (const Member& one : members) {
    const json::value* value = member(call.request, one.name);
    if (value == nullptr && one.required) return malformed(one.name);
    if (value == nullptr) continue;
    LANTAARN_ASSIGN(auto texts, texts_in(*value, one.name));
    const bool is_empty = texts.empty() || texts.front().empty();
    if (is_empty && one.required && empty == Empty::kNotSaid) return malformed(one.name);
    if (is_empty && empty == Empty::kNotSaid) continue;
    if (is_empty) texts = {"-"};
    arguments.values[std::string(one.argument)] = std::move(texts);
  }
  return arguments;
}

Result<admin::Arguments> decision_of(const RouteCall& call, std::string_view command, std::span<const Member> members, Empty empty) {
  if (call.request.text("reason").empty()) return malformed("reason");
  return command_of(call, command, members, empty);
}

Status put_fields(const RouteCall& call, admin::Arguments& arguments) {
  const json::value* fields = member(call.request, "fields");
  if (fields == nullptr || !fields->is_object()) return malformed("fields");
  auto& words = arguments.values["fields"];
  for (const auto& field : fields->as_object()) {
    const auto value = field.value().is_null() ? std::optional<std::string>("") : typed(field.value());
    if (!value) return malformed(field.key());
    words.push_back(std::string(field.key()) + "=" + *value);
  }
  return words.empty() ? Status(malformed("fields")) : Status{};
}

Result<std::size_t> number_asked(const RouteCall& call, std::string_view name, std::size_t otherwise, std::size_t most) {
  const std::string text = call.request.one(name);
  if (text.empty()) return otherwise;
  std::size_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return malformed(name);
  return std::min(number, most);
}

Result<std::string> date_asked(const RouteCall& call, std::string_view name) {
  std::string date = call.request.one(name);
  if (!date.empty() && !parse_date(date)) return refused("date_invalid");
  return date;
}

admin::Opens opens_by(const RouteCall& call, std::string_view command) {
  const auto opens = admin::authorise(command, call.context.person ? call.context.person->role : "");
  return opens.ok() ? *opens : admin::Opens::kNothing;
}

Status narrow(RouteCall& call, const admin::Arguments& arguments) {
  LANTAARN_ASSIGN(const std::string rule, admin::rule_of(call.context, arguments));
  LANTAARN_ASSIGN(call.context.opens, admin::authorise(rule, call.context.person ? call.context.person->role : ""));
  return {};
}

}  // namespace lantaarn::server::review

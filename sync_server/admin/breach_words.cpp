// A breach sheet for people: on a terminal and on paper.
#include <boost/json.hpp>

#include "sync_server/admin/breach.hpp"
#include "sync_server/admin/screen_words.hpp"
#include "sync_server/admin/screens.hpp"
#include "sync_server/admin/text_table.hpp"
#include "sync_server/paper/document.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

using words::text;
constexpr std::size_t kNameColumn = 34;

std::string count(const json::object& of, const char* name) { return std::to_string(count_in(of, name)); }

std::string time_or_unknown(const json::object& of, const char* name) {
  const std::string at = text_in(of, name);
  return at.empty() ? text("breach:never") : local_time(at);
}

BreachSection clock_section(const json::object& breach) {
  BreachSection section{text("breach:clock"), {}, {}};
  const json::value& reported = breach.at("reported");
  if (!reported.is_object()) {
    section.lines = {text("breach:not_reported")};
    return section;
  }
  const json::object& report = reported.get_object();
  section.facts = {{text("breach:missed_since"), local_time(text_in(report, "missed_since"))},
                   {text("breach:known_since"), local_time(text_in(report, "at")) + " (" + text_in(report, "by_name") + ")"},
                   {text("breach:reason"), text_in(report, "reason")},
                   {text("breach:notify_before"), local_time(text_in(report, "notify_before"))}};
  const auto before = parse_rfc3339(text_in(report, "notify_before"));
  const auto now = parse_rfc3339(text_in(breach, "made_at"));
  if (!before || !now) return section;
  const std::int64_t hours = (*before - *now) / (3600 * 1000);
  section.lines = {*now < *before ? text("breach:hours_left", {std::to_string(hours)}) : text("breach:too_late")};
  return section;
}

BreachSection concerned_section(const json::object& breach) {
  BreachSection section{text("breach:concerned"), {{text("breach:women"), count(breach, "women")}}, {}};
  std::string names;
  for (const auto& woman : list_in(breach, "women_names")) names += (names.empty() ? "" : ", ") + text_in(woman.as_object(), "name");
  if (!names.empty()) section.facts.emplace_back(text("breach:women_names"), names);
  for (const auto& item : list_in(breach, "users")) {
    const json::object& user = item.as_object();
    section.facts.emplace_back(text("breach:user"), text("breach:user_women", {text_in(user, "name"), code_word("role", text_in(user, "role")), count(user, "women")}));
  }
  section.lines = {text("breach:as_of_now")};
  return section;
}

BreachSection held_section(const json::object& breach) {
  const json::object& held = breach.at("held").as_object();
  return {text("breach:held"),
          {{text("breach:last_seen"), time_or_unknown(held, "last_seen_at")},
           {text("breach:saved"), count(held, "saved")},
           {text("breach:received"), count(held, "received")},
           {text("breach:not_received"), count(held, "not_received")},
           {text("breach:lease_ends"), time_or_unknown(held, "lease_ends_at")}},
          {text("breach:kinds"), text("breach:not_on_it"), text("breach:since_then")}};
}

BreachSection sealing_section(const json::object& breach) {
  const json::object& sealing = breach.at("sealing").as_object();
  return {text("breach:sealed"),
          {{text("breach:pin"), text("breach:pin_rule", {count(sealing, "wrong_pins_max")})},
           {text("breach:strict"), label(is_set_in(sealing, "strict") ? "yes" : "no")},
           {text("breach:lease"), text("breach:lease_rule", {count(sealing, "lease_days"), count(sealing, "lease_boots")})},
           {text("breach:device_secret"), text("breach:device_secret_unknown")}},
          {text(is_set_in(sealing, "strict") ? "breach:sealed_strict" : "breach:sealed_normal")}};
}

BreachSection measures_section(const json::object& breach) {
  BreachSection section{text("breach:measures"), {}, {}};
  for (const auto& item : list_in(breach, "measures")) {
    const json::object& measure = item.as_object();
    const std::string what = text_in(measure, "what");
    const std::string done = text_in(measure, "carried_out_at");
    const std::string at = local_time(text_in(measure, "at"));
    const bool at_once = what == "revoked" || what == "revoke_user";
    section.facts.emplace_back(text("breach:measure:" + what), at_once ? at : done.empty() ? text("breach:not_yet", {at}) : text("breach:done", {at, local_time(done)}));
  }
  if (section.facts.empty()) section.lines = {text("breach:no_measures")};
  return section;
}

BreachSection decisions_section() {
  return {text("breach:decide"), {}, {text("breach:decide_officer"), text("breach:decide_authority"), text("breach:decide_women"), text("breach:decide_staff")}};
}

}  // namespace

std::string breach_title(const json::object& breach) { return text("breach:title", {text_in(breach, "name")}); }

std::vector<BreachSection> breach_sections(const json::object& breach) {
  return {clock_section(breach), concerned_section(breach), held_section(breach), sealing_section(breach), measures_section(breach), decisions_section()};
}

std::string breach_screen(const json::object& breach) {
  std::string screen = breach_title(breach) + "\n";
  for (const BreachSection& section : breach_sections(breach)) {
    screen += "\n" + section.heading + "\n";
    for (const auto& [name, value] : section.facts) screen += "  " + padded(name, kNameColumn, Align::kLeft) + value + "\n";
    for (const std::string& line : section.lines) screen += "  " + line + "\n";
  }
  const std::string file = text_in(breach, "pdf");
  return file.empty() ? screen : screen + "\n" + text("breach:on_paper", {file}) + "\n";
}

Result<Bytes> breach_pdf(const json::object& breach) {
  paper::Document page({breach_title(breach), words::language() == words::Language::kDutch ? "nl" : "en",
                        text("breach:footer", {local_time(text_in(breach, "made_at"))})});
  page.title(breach_title(breach));
  page.paragraph(text("breach:what_for"));
  for (const BreachSection& section : breach_sections(breach)) {
    page.heading(section.heading);
    page.facts(section.facts);
    page.bullets(section.lines);
  }
  return page.finish();
}

}  // namespace lantaarn::server::admin

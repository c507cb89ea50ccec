#include <algorithm>
#include <map>

#include "common/model/codes.hpp"
#include "sync_server/admin/screen_words.hpp"
#include "sync_server/admin/screens.hpp"
#include "sync_server/admin/text_table.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

constexpr std::size_t kIndent = 2;

std::string heading(const std::string& left, const std::string& right = {}) {
  const std::size_t used = kIndent + screen_width(left);
  const std::size_t gap = used + screen_width(right) < kScreenColumns ? kScreenColumns - used - screen_width(right) : 1;
  return std::string(kIndent, ' ') + left + (right.empty() ? "" : std::string(gap, ' ') + right) + "\n";
}

std::string count_text(std::uint64_t count) { return count == 0 ? "·" : std::to_string(count); }

struct Women {
  std::uint64_t women = 0;
  std::uint64_t in_contact = 0;
  void add(const json::object& row) {
    women += count_in(row, "women");
    in_contact += count_in(row, "in_contact");
  }
};

std::string women_section(const json::object& overview) {
  std::map<std::string, Women> in_view;  // by intensity
  Women all, closed;
  for (const auto& item : list_in(overview, "women")) {
    const auto& row = item.as_object();
    const bool is_closed = text_in(row, "status") == "closed";
    if (is_closed) {
      closed.add(row);
    } else {
      in_view[text_in(row, "intensity")].add(row);
      all.add(row);
    }
  }
  TextTable table(kIndent);
  table.add_column(label("overview:women"), Align::kLeft);
  table.add_column(label("overview:in_view"), Align::kRight);
  table.add_column(label("overview:in_contact"), Align::kRight);
  const auto row = [&](const std::string& name, const Women& women) {
    table.add_row({name, count_text(women.women), count_text(women.in_contact)});
  };
  for (const auto intensity : model::codes_of("intensity")) row(code_word("intensity", std::string(intensity)), in_view[std::string(intensity)]);
  row(label("overview:no_intensity"), in_view[""]);
  table.add_rule();
  row(label("overview:together"), all);
  std::string text = table.text();
  if (closed.women > 0) text += heading(label("overview:closed", {std::to_string(closed.women)}));
  return text;
}

using Counts = std::map<std::pair<std::string, std::string>, std::uint64_t>;

std::uint64_t sum_of(const Counts& counts, const std::string& channel, const std::string& place) {
  std::uint64_t sum = 0;
  for (const auto& [key, count] : counts) {
    if ((channel.empty() || key.first == channel) && (place.empty() || key.second == place)) sum += count;
  }
  return sum;
}

// Rows: how; columns: where. What does not occur is left out.
std::string contacts_section(const json::object& overview) {
  const auto& contacts = overview.at("contacts").as_object();
  Counts counts;
  for (const auto& item : list_in(contacts, "by_channel_and_place")) {
    const auto& row = item.as_object();
    counts[{text_in(row, "channel"), text_in(row, "place")}] += count_in(row, "contacts");
  }
  if (counts.empty()) return heading(label("overview:no_contacts"));

  TextTable table(kIndent);
  table.add_column(label("overview:contacts"), Align::kLeft);
  std::vector<std::string> places;
  for (const auto place : model::codes_of("place")) {
    if (sum_of(counts, "", std::string(place)) == 0) continue;
    places.emplace_back(place);
    table.add_column(code_word("place", places.back()), Align::kRight);
  }
  table.add_column(label("overview:total"), Align::kRight);
  const auto row = [&](const std::string& name, const std::string& channel) {
    std::vector<std::string> cells{name};
    for (const auto& place : places) cells.push_back(count_text(sum_of(counts, channel, place)));
    cells.push_back(std::to_string(sum_of(counts, channel, "")));
    table.add_row(std::move(cells));
  };
  for (const auto channel : model::codes_of("channel")) {
    if (sum_of(counts, std::string(channel), "") > 0) row(code_word("channel", std::string(channel)), std::string(channel));
  }
  table.add_rule();
  row(label("overview:together"), "");
  std::string text = table.text();
  const std::uint64_t unknown = count_in(contacts, "unknown_persons");
  if (unknown > 0) text += heading(label("overview:unknown_persons", {std::to_string(unknown)}));
  const std::uint64_t kept = count_in(contacts, "kept");
  if (kept > 0) text += heading(label("overview:kept", {std::to_string(kept)}));
  return text;
}

std::string follow_ups_section(const json::object& overview) {
  std::map<std::string, std::map<std::string, std::uint64_t>> due;  // by owner, date
  for (const auto& item : list_in(overview, "follow_ups_due")) {
    const auto& row = item.as_object();
    ++due[text_in(row, "owner_name")][text_in(row, "due_date")];
  }
  if (due.empty()) return heading(label("overview:no_follow_ups"));
  TextTable table(kIndent);
  table.add_column(label("overview:follow_ups"), Align::kLeft);
  table.add_column(label("overview:due_since"), Align::kLeft);
  table.add_column(label("overview:number"), Align::kRight);
  for (const auto& [owner, dates] : due) {
    std::uint64_t number = 0;
    for (const auto& [date, count] : dates) number += count;
    table.add_row({owner.empty() ? "–" : owner, local_date(dates.begin()->first), std::to_string(number)});
  }
  return table.text();
}

std::string handhelds_section(const json::object& overview) {
  const auto& handhelds = list_in(overview, "handhelds");
  if (handhelds.empty()) return heading(label("overview:no_handhelds"));
  TextTable table(kIndent);
  table.add_column(label("overview:handhelds"), Align::kLeft);
  table.add_column(label("overview:saved"), Align::kRight);
  table.add_column("", Align::kLeft);
  table.add_column(label("overview:received"), Align::kRight);
  table.add_column("", Align::kLeft);
  table.add_column(label("overview:merged"), Align::kRight);
  table.add_column(label("overview:set_apart"), Align::kRight);
  table.add_column(label("overview:last_seen"), Align::kLeft);
  const auto sign = [](std::uint64_t left, std::uint64_t right) { return left == right ? "=" : ">"; };
  for (const auto& item : handhelds) {
    const auto& row = item.as_object();
    const std::uint64_t saved = count_in(row, "saved"), received = count_in(row, "received"), merged = count_in(row, "merged");
    const std::string state = text_in(row, "state");
    table.add_row({text_in(row, "name"), std::to_string(saved), sign(saved, received), std::to_string(received),
                   sign(received, merged), std::to_string(merged), count_text(count_in(row, "set_apart")),
                   state == "enrolled" ? local_time(text_in(row, "last_seen_at")) : label("device_state:" + state)});
  }
  return table.text();
}

// What needs a person today stands first.
std::string duress_section(const json::object& overview) {
  std::string text;
  for (const auto& item : list_in(overview, "handhelds")) {
    const auto& handheld = item.as_object();
    for (const auto& unlocked : list_in(handheld, "duress")) {
      const auto& row = unlocked.as_object();
      if (!row.at("held").as_bool()) continue;
      text += heading(label("overview:duress", {text_in(handheld, "name"), text_in(row, "name"), local_time(text_in(row, "recorded_at"))}));
    }
  }
  return text.empty() ? text : text + heading(label("overview:duress_held"));
}

std::string attention_section(const json::object& overview) {
  std::string text;
  for (const char* what : {"out_of_sight", "review_cases", "quarantined", "unknown_facts"}) {
    const std::uint64_t count = count_in(overview, what);
    if (count > 0) text += heading(label(std::string("overview:") + what, {std::to_string(count)}));
  }
  return text;
}

std::string programme_section(const json::object& overview) {
  const auto* programme = overview.if_contains("programme");
  const std::string text = programme == nullptr || !programme->is_object() ? "" : programme_screen(programme->get_object());
  return text.empty() ? text : heading(label("programme:title")) + text;
}

std::string period_of(const json::object& overview) {
  const std::string from = text_in(overview, "from"), through = text_in(overview, "through");
  if (from.empty() && through.empty()) return {};
  return heading(label("overview:period", {from.empty() ? "…" : local_date(from), through.empty() ? "…" : local_date(through)}));
}

}  // namespace

std::string overview_screen(const json::object& overview) {
  std::string rule(kIndent, ' ');
  for (std::size_t i = kIndent; i < kScreenColumns; ++i) rule += "═";
  std::string text = "\n" + heading(label("overview:title"), local_time(text_in(overview, "at"))) + rule + "\n" + period_of(overview);
  for (const auto& section : {duress_section(overview), women_section(overview), contacts_section(overview), follow_ups_section(overview),
                              programme_section(overview), handhelds_section(overview), attention_section(overview)}) {
    if (!section.empty()) text += "\n" + section;
  }
  return text + "\n";
}

}  // namespace lantaarn::server::admin

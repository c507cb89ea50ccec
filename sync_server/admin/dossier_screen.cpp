// One woman's record on a terminal: who she is, what is agreed, then everything by kind and day.
#include <map>

#include "sync_server/admin/record_words.hpp"
#include "sync_server/admin/screen_words.hpp"
#include "sync_server/admin/screens.hpp"
#include "sync_server/admin/text_table.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

std::string line(const std::string& label_key, const std::string& value) {
  return value.empty() ? "" : "  " + padded(label(label_key), 24, Align::kLeft) + value + "\n";
}

std::string head(const json::object& dossier) {
  const json::object& client = dossier.at("client").as_object();
  std::string names;
  for (const auto& alias : list_in(client, "aliases")) names += (names.empty() ? "" : ", ") + std::string(alias.as_string());
  std::string consent;
  if (const auto& found = dossier.at("consent"); found.is_object()) {
    consent = code_word("consent_state", text_in(found.get_object(), "state")) + ", " + local_date(text_in(found.get_object(), "date"));
  }
  return names + "\n" + line("list:status", code_word("status", text_in(client, "status"))) +
         line("list:intensity", code_word("intensity", text_in(client, "intensity"))) + line("safe_contact", code_word("safe_contact", text_in(client, "safe_contact"))) +
         line("consent_state", consent) + line("list:primary", text_in(client, "primary_contact_name")) +
         line("list:last_spoken", local_date(text_in(client, "last_spoken_date")));
}

std::string contacts(const json::object& dossier) {
  if (list_in(dossier, "contacts").empty()) return {};
  TextTable table(2);
  for (const char* heading : {"list:when", "channel", "place", "outcome", "list:author"}) table.add_column(label(heading), Align::kLeft);
  for (const auto& item : list_in(dossier, "contacts")) {
    const json::object& row = item.as_object();
    if (is_set_in(row, "retracted")) continue;
    table.add_row({local_time(text_in(row, "shown_at")), code_word("channel", text_in(row, "channel")), code_word("place", text_in(row, "place")),
                   code_word("outcome", text_in(row, "outcome")), text_in(row, "author_name")});
  }
  return "\n" + label("dossier:contacts") + "\n" + table.text();
}

std::string follow_ups(const json::object& dossier) {
  std::string text;
  for (const auto& item : list_in(dossier, "follow_ups")) {
    const json::object& row = item.as_object();
    if (!is_set_in(row, "done")) text += "  " + local_date(text_in(row, "due_date")) + "  " + text_in(row, "text") + "\n";
  }
  return text.empty() ? "" : "\n" + label("dossier:follow_ups") + "\n" + text;
}

std::string records(const json::object& dossier) {
  std::string text, kind;
  for (const auto& item : list_in(dossier, "records")) {
    const json::object& row = item.as_object();
    if (text_in(row, "kind") != kind) {
      kind = text_in(row, "kind");
      text += "\n" + kind_word(kind) + "\n";
    }
    const std::string remark = record_remark(row);
    text += "  " + record_day(row) + "  " + record_summary(row) + (remark.empty() ? "" : " (" + remark + ")") + "\n";
  }
  return text;
}

std::string zrm(const json::object& dossier) {
  std::string text;
  for (const auto& item : list_in(dossier, "zrm")) {
    const json::object& of = item.as_object();
    if (count_in(of, "assessments") < 2) continue;
    text += "\n" + code_word("instrument", text_in(of, "instrument")) + ": " + local_date(text_in(of, "first_date")) + " → " + local_date(text_in(of, "last_date")) + "\n";
    for (const auto& each : list_in(of, "domains")) {
      const json::object& domain = each.as_object();
      const auto level = [&](const char* which) {
        return domain.at(which).is_number() ? std::to_string(domain.at(which).to_number<int>()) : words::text("zrm_level:none");
      };
      if (domain.at("first").is_null() && domain.at("last").is_null()) continue;
      text += "  " + padded(words::text("field:" + text_in(domain, "domain")), 30, Align::kLeft) + level("first") + " → " + level("last") + "\n";
    }
  }
  return text;
}

}  // namespace

std::string dossier_screen(const json::object& dossier) {
  return head(dossier) + follow_ups(dossier) + contacts(dossier) + records(dossier) + zrm(dossier);
}

}  // namespace lantaarn::server::admin

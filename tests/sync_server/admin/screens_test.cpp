#include "sync_server/admin/screens.hpp"

#include <cstdlib>

#include "common/words/words.hpp"
#include "sync_server/admin/text_table.hpp"
#include "tests/sync_server/admin/office.hpp"

using namespace lantaarn;
using namespace lantaarn::server::admin;
namespace json = boost::json;

namespace {

void speak(const char* language) {
  ::setenv("LANTAARN_LANG", language, 1);
  words::initialise();
  ::unsetenv("LANTAARN_LANG");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

void check_is_readable(const std::string& text) {
  CHECK_FALSE(text.empty());
  CHECK(text.back() == '\n');
  for (const char* key : {"label:", "code:", "error:", "help:"}) CHECK(text.find(key) == std::string::npos);
  for (const auto& line : lines_of(text)) {
    INFO(line);
    CHECK(screen_width(line) <= kScreenColumns);
  }
}

// Every channel at every place, large numbers, everything that can be said.
json::object full_overview() {
  json::array by;
  for (const char* channel : {"in_person", "phone", "message", "accompanied", "home_visit", "video"}) {
    for (const char* place : {"zone", "loods", "huiskamer", "elsewhere", "home", "institution", "office"}) {
      by.push_back(json::object{{"channel", channel}, {"place", place}, {"contacts", 123}});
    }
  }
  json::array handhelds;
  handhelds.push_back(json::object{{"device_id", "00"}, {"name", "handheld-1"}, {"state", "enrolled"}, {"saved", 100'000},
                                   {"received", 99'999}, {"merged", 99'998}, {"set_apart", 2}, {"equal", false},
                                   {"last_seen_at", "2026-11-22T19:30:00.000Z"}});
  return {{"at", "2026-11-22T19:30:00.000Z"}, {"date", "2026-11-22"}, {"from", "2026-07-01"}, {"through", nullptr},
          {"in_view", 27}, {"in_contact", 18},
          {"women", json::array{json::object{{"status", "in_view"}, {"intensity", "intensive"}, {"women", 6}, {"in_contact", 6}},
                                json::object{{"status", "in_view"}, {"intensity", nullptr}, {"women", 21}, {"in_contact", 12}},
                                json::object{{"status", "closed"}, {"intensity", nullptr}, {"women", 3}, {"in_contact", 0}}}},
          {"contacts", json::object{{"total", 5166}, {"unknown_persons", 4}, {"by_channel_and_place", by}}},
          {"follow_ups_due", json::array{json::object{{"due_date", "2026-11-20"}, {"owner", "00"}, {"owner_name", "Anna"}}}},
          {"handhelds", handhelds}, {"review_cases", 2}, {"quarantined", 3}, {"unknown_facts", 1}};
}

bool has_line_with(const std::string& text, std::initializer_list<const char*> parts) {
  for (const auto& line : lines_of(text)) {
    std::size_t at = 0;
    bool all = true;
    for (const char* part : parts) {
      at = all ? line.find(part, at) : at;
      all = all && at != std::string::npos;
    }
    if (all) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("the overview fits 80 columns in both languages, however full", "[screens]") {
  for (const char* language : {"nl", "en"}) {
    INFO(language);
    speak(language);
    check_is_readable(overview_screen(full_overview()));
  }
}

TEST_CASE("the overview says who is in view, what was logged, and where every handheld stands", "[screens]") {
  speak("nl");
  const std::string text = overview_screen(full_overview());
  CHECK(has_line_with(text, {"intensief", "6", "6"}));
  CHECK(has_line_with(text, {"zonder intensiteit", "21", "12"}));
  CHECK(has_line_with(text, {"samen", "27", "18"}));
  CHECK(has_line_with(text, {"afgesloten: 3"}));
  CHECK(has_line_with(text, {"meegegaan", "123", "861"}));
  CHECK(has_line_with(text, {"samen", "738", "5166"}));
  CHECK(has_line_with(text, {"Anna", "20-11-2026", "1"}));
  CHECK(has_line_with(text, {"handheld-1", "100000", ">", "99999", ">", "99998", "2", "22-11-2026 20:30"}));
  CHECK(has_line_with(text, {"Nakijken: 2"}));
  CHECK(has_line_with(text, {"Apart gezet: 3"}));
}

TEST_CASE("an empty registry has an overview too", "[screens]") {
  Office office;
  for (const char* language : {"nl", "en"}) {
    speak(language);
    check_is_readable(screen("overview", office.told("overview")));
  }
}

TEST_CASE("every command's answer has words in both languages", "[screens]") {
  Office office;
  const json::value client = office.told("client add", Office::as("Noor", {{"alias", {"Roos"}}, {"primary", {"Anna"}}}));
  const Values ticket{{"name", {"h1"}}, {"users", {"Anna"}}, {"server", {"localhost:7000"}}, {"ticket", {"t.json"}}};
  const std::vector<std::pair<std::string, json::value>> answers = {
      {"user list", office.told("user list")},
      {"client add", client},
      {"client set", office.told("client set", Office::as("Noor", {{"client", {"Roos"}}, {"status", {"closed"}}}))},
      {"clients", office.told("clients", Office::as("Noor"))},
      {"device add", office.told("device add", ticket)},
      {"device list", office.told("device list")},
      {"device revoke", office.told("device revoke", {{"name", {"h1"}}})},
      {"contacts", office.told("contacts", Office::as("Noor"))},
      {"merge", office.told("merge")},
      {"digest", office.told("digest")},
      {"rebuild", office.told("rebuild")},
      {"check", office.told("check")},
      {"key list", office.told("key list")},
      {"key log", office.told("key log")},
      {"init", json::object{{"server_id", "00"}, {"key_file", "data.key"}}},
      {"user add", json::object{{"name", "Noor"}, {"role", "coordinator"}}},
  };
  for (const char* language : {"nl", "en"}) {
    speak(language);
    for (const auto& [command, document] : answers) {
      INFO(language << " " << command);
      const std::string text = screen(command, document);
      CHECK_FALSE(text.empty());
      CHECK(text.front() != '{');
      CHECK(text.front() != '\n');
      for (const char* key : {"label:", "code:", "error:"}) CHECK(text.find(key) == std::string::npos);
    }
  }
}

TEST_CASE("every reason for setting an entry apart has words in both languages", "[screens]") {
  using lantaarn::server::Admission;
  for (int reason = 1; reason <= static_cast<int>(Admission::kNotAuthentic); ++reason) {
    const std::string key = "error:" + std::string(lantaarn::server::reason_of(static_cast<Admission>(reason)));
    INFO(key);
    CHECK(words::has_text(words::Language::kDutch, key));
    CHECK(words::has_text(words::Language::kEnglish, key));
  }
}

TEST_CASE("what somebody typed cannot steer the terminal", "[screens]") {
  TextTable table(0);
  table.add_column("", Align::kLeft);
  table.add_row({"a\x1b[2Jb\nc"});
  CHECK(table.text() == "a [2Jb c\n");
}

TEST_CASE("a table that is too wide wraps its headings first", "[screens]") {
  TextTable narrow(0);
  narrow.add_column("two words", Align::kLeft);
  narrow.add_column("n", Align::kRight);
  narrow.add_row({"é", "1"});
  CHECK(narrow.text() == "two words  n\né          1\n");
  TextTable wide(0);
  for (int i = 0; i < 8; ++i) wide.add_column("twelve signs", Align::kRight);
  CHECK(lines_of(wide.text()).size() == 2);
}

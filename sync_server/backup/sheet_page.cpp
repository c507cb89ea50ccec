#include "sync_server/backup/sheet_page.hpp"

#include "common/crypto/wipe_text.hpp"
#include "common/words/words.hpp"
#include "sync_server/paper/document.hpp"

namespace lantaarn::server::backup {
namespace {

using words::text;

constexpr const char* kBlank = "……………………………………………………………………";
constexpr std::size_t kFingerprintDigits = 2 * kKeyMarkBytes;  // as many as the sheet itself carries

// In groups of four: to be compared by eye.
std::string grouped(const std::string& hex) {
  std::string groups;
  for (std::size_t i = 0; i < hex.size(); ++i) groups += (i % 4 == 0 && i != 0 ? " " : "") + hex.substr(i, 1);
  return groups;
}

std::string shown_date(const std::string& date) {
  return date.size() == 10 ? date.substr(8, 2) + "-" + date.substr(5, 2) + "-" + date.substr(0, 4) : date;
}

Status write_code(paper::Document& page, const Sheet& sheet) {
  std::vector<std::string> lines = sheet_lines(sheet);
  std::string scanned = sheet_scanned(sheet);
  const Status written = page.typed_lines(lines, scanned);
  for (std::string& line : lines) crypto::wipe_text(line);
  crypto::wipe_text(scanned);
  return written;
}

}  // namespace

std::string sheet_file_name(int number) { return "recovery-" + std::to_string(number) + ".pdf"; }

Result<Bytes> sheet_pdf(const Sheet& sheet, const SheetFacts& facts) {
  const std::string number = std::to_string(sheet.share.number);
  const std::string title = text("sheet:title", {number});
  paper::Document page({title, words::language() == words::Language::kDutch ? "nl" : "en", title});
  page.title(title);
  page.paragraph(text("sheet:what_for"));
  page.bullets({text("sheet:two_of_three"), text("sheet:keep"), text("sheet:no_copy"), text("sheet:lost")});
  page.space(3);
  page.facts({{text("sheet:number"), text("sheet:number_of", {number})},
              {text("sheet:date"), shown_date(facts.date)},
              {text("sheet:server"), grouped(facts.server)},
              {text("sheet:key"), grouped(facts.fingerprint.substr(0, kFingerprintDigits))}});
  page.heading(text("sheet:code"));
  LANTAARN_TRY(write_code(page, sheet));
  page.space(2);
  page.paragraph(text("sheet:how_to_type"));
  page.heading(text("sheet:kept_by"));
  for (const char* what : {"sheet:kept_name", "sheet:kept_place", "sheet:kept_since"}) {
    page.space(5);  // room for a pen
    page.facts({{text(what), kBlank}});
  }
  return page.finish();
}

}  // namespace lantaarn::server::backup

#include "sync_server/backup/sheet_input.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/sync_server/backup/sheets.hpp"

using namespace lantaarn;
using namespace lantaarn::server::backup;

namespace {

std::string refusal(const std::string& text) {
  const auto sheet = read_sheet(as_bytes(text), "blad");
  return sheet.ok() ? "" : sheet.error().code;
}

std::vector<std::string> args_of(const std::string& text) {
  const auto sheet = read_sheet(as_bytes(text), "blad");
  return sheet.ok() ? std::vector<std::string>() : sheet.error().args;
}

std::string golden(const std::string& key) {
  const std::string text = support::read_file(std::string(LANTAARN_VECTORS) + "/backup/sheet_v1.txt");
  const auto at = text.find(key + "=");
  return at == std::string::npos ? "no line " + key : text.substr(at + key.size() + 1, text.find('\n', at) - at - key.size() - 1);
}

}  // namespace

TEST_CASE("any two of three sheets give the key, as typed or as scanned", "[recovery]") {
  const auto secret = known_secret();
  const RecoveryPublic key = recovery_key_of(secret).public_half();
  const auto sheets = make_sheets(secret);
  for (std::size_t one = 0; one < kShares; ++one) {
    for (std::size_t other = 0; other < kShares; ++other) {
      if (one == other) continue;
      const auto joined = join_sheets(must_read(text_of(sheets[one])), must_read(sheet_scanned(sheets[other])));
      REQUIRE(joined.ok());
      CHECK(joined->public_half() == key);
    }
  }
}

TEST_CASE("one sheet twice, sheets of two keys, and sheets of two splittings are refused", "[recovery]") {
  const auto sheets = make_sheets(known_secret());
  CHECK(join_sheets(sheets[1], sheets[1]).error().code == "sheet_twice");
  const auto others = make_sheets(crypto::random_secret<RecoverySecret::kBytes>());
  CHECK(join_sheets(sheets[0], others[1]).error().code == "sheets_of_other_keys");
  const auto again = make_sheets(known_secret());
  CHECK(join_sheets(sheets[0], again[1]).error().code == "sheets_do_not_fit");
}

TEST_CASE("a sheet is read however it was typed", "[recovery]") {
  const auto sheets = make_sheets(known_secret());
  const std::string text = text_of(sheets[0]);
  std::string small = text, dashed, plain, confused = text;
  for (char& letter : small) letter = static_cast<char>(std::tolower(letter));
  for (const char letter : text) {
    dashed += letter == ' ' ? '-' : letter;
    if (letter != ' ') plain += letter;
  }
  for (std::size_t at = 0; at < confused.size(); ++at) {
    if (at > 0 && confused[at - 1] != '\n' && confused[at] == '0') confused[at] = 'o';
    if (at > 0 && confused[at - 1] != '\n' && confused[at] == '1') confused[at] = at % 2 == 0 ? 'l' : 'I';
  }
  std::string without_numbers;
  for (const std::string& line : sheet_lines(sheets[0])) without_numbers += line.substr(1) + "\r\n";
  for (const std::string& typed : {text, small, dashed, plain, confused, without_numbers, "# blad 1\n\n" + text + "\n\n", sheet_scanned(sheets[0]) + "\n"}) {
    INFO(typed);
    const Sheet read = must_read(typed);
    CHECK(read.share.number == 1);
    CHECK(crypto::equal(read.share.bytes.view(), sheets[0].share.bytes.view()));
  }
}

TEST_CASE("any letter mistyped anywhere names its line", "[recovery]") {
  const auto sheets = make_sheets(known_secret());
  const std::string text = text_of(sheets[2]);
  std::string line = "1";
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') line = std::to_string(std::stoi(line) + 1);
    if (text[at] == '\n' || text[at] == ' ') continue;
    for (const char other : {'7', 'Z', '?', 'U'}) {
      if (text[at] == other) continue;
      std::string typed = text;
      typed[at] = other;
      INFO(typed);
      CHECK(refusal(typed) == "sheet_line_wrong");
      CHECK(args_of(typed) == std::vector<std::string>{"blad", line});
    }
  }
}

TEST_CASE("lines swapped, left out, repeated, too short, or of another sheet are named", "[recovery]") {
  const auto sheets = make_sheets(known_secret());
  const auto lines = sheet_lines(sheets[0]);
  const auto with = [&](const std::function<void(std::vector<std::string>&)>& change) {
    auto changed = lines;
    change(changed);
    std::string text;
    for (const std::string& line : changed) text += line + "\n";
    return text;
  };
  const auto swapped = with([](auto& all) { std::swap(all[2], all[3]); });
  CHECK(args_of(swapped) == std::vector<std::string>{"blad", "3"});
  const auto swapped_without_numbers = with([](auto& all) {
    std::swap(all[2], all[3]);
    for (auto& line : all) line = line.substr(1);
  });
  CHECK(args_of(swapped_without_numbers) == std::vector<std::string>{"blad", "3"});
  CHECK(args_of(with([](auto& all) { all.erase(all.begin() + 4); })) == std::vector<std::string>{"blad", "5"});
  CHECK(refusal(with([](auto& all) { all.pop_back(); })) == "sheet_short");
  CHECK(args_of(with([](auto& all) { all.push_back(all.back()); })) == std::vector<std::string>{"blad", "9"});
  CHECK(refusal(with([](auto& all) { all[6].pop_back(); })) == "sheet_line_length");
  CHECK(args_of(with([](auto& all) { all[6].pop_back(); })) == std::vector<std::string>{"blad", "7", "19", "20"});
  CHECK(args_of(with([&](auto& all) { all[5] = sheet_lines(sheets[1])[5]; })) == std::vector<std::string>{"blad", "6"});
  CHECK(refusal("") == "sheet_short");
  CHECK(refusal("Geachte heer,\n") == "sheet_line_length");
}

TEST_CASE("two sheets from files open the key, what is wrong with a file names it", "[recovery]") {
  const support::TempFolder folder;
  const auto sheets = make_sheets(known_secret());
  const auto path = [&](int number) { return folder.file("sheet-" + std::to_string(number)); };
  for (int i = 0; i < 3; ++i) support::write_file(path(i), text_of(sheets[static_cast<std::size_t>(i)]));
  const auto joined = read_sheets({path(0), path(2)});
  REQUIRE(joined.ok());
  CHECK(joined->public_half() == recovery_key_of(known_secret()).public_half());
  CHECK(read_sheets({path(1), path(1)}).error().code == "sheet_twice");
  CHECK(read_sheets({path(0), path(1), path(2)}).error().code == "sheets_too_many");
  CHECK(read_sheets({path(0), folder.file("absent")}).error().args == std::vector<std::string>{folder.file("absent")});
  std::string wrong = text_of(sheets[1]);
  wrong[4] = wrong[4] == 'Z' ? 'Y' : 'Z';
  support::write_file(path(1), wrong);
  const auto refused = read_sheets({path(0), path(1)});
  CHECK(refused.error().args == std::vector<std::string>{path(1), "1"});
}

TEST_CASE("the golden sheet is what this program writes and reads", "[recovery][vectors]") {
  Sheet sheet;
  sheet.share.number = 2;
  for (std::size_t i = 0; i < kSharedBytes; ++i) sheet.share.bytes.data()[i] = static_cast<std::uint8_t>(200 - i);
  sheet.key = {1, 2, 3, 4, 5, 6, 7, 8};
  const auto lines = sheet_lines(sheet);
  for (std::size_t i = 0; i < kSheetLines; ++i) CHECK(lines[i] == golden("line" + std::to_string(i + 1)));
  CHECK(sheet_scanned(sheet) == golden("scanned"));
  const Sheet read = must_read(golden("scanned"));
  CHECK(read.share.number == 2);
  CHECK(read.key == sheet.key);
  CHECK(crypto::equal(read.share.bytes.view(), sheet.share.bytes.view()));
}

TEST_CASE("the golden shares give the golden key", "[recovery][vectors]") {
  Sheet one = must_read(golden("of_key_1")), three = must_read(golden("of_key_3"));
  const auto key = join_sheets(one, three);
  REQUIRE(key.ok());
  CHECK(to_hex(recovery_fingerprint(key->public_half())) == golden("fingerprint"));
  CHECK(key->public_half() == recovery_key_of(known_secret()).public_half());
}

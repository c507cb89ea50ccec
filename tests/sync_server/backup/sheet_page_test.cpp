// What is printed can be typed over and scanned: the PDF as the reader's own tools see it.
#include "sync_server/backup/sheet_page.hpp"

#include <cstdlib>

#include "common/words/words.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/sync_server/backup/sheets.hpp"

using namespace lantaarn;
using namespace lantaarn::server::backup;

namespace {

const SheetFacts kFacts{"2026-11-26", "00112233445566778899aabbccddeeff", "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90"};

std::string said_by(const std::string& program, const std::vector<std::string>& arguments) {
  const auto done = support::run(program, arguments);
  INFO(program << ": " << done.err);
  REQUIRE(done.exit_code == 0);
  return done.out;
}

std::string without_spaces(const std::string& text) {
  std::string left;
  for (const char letter : text) {
    if (letter != ' ' && letter != '\n') left += letter;
  }
  return left;
}

}  // namespace

TEST_CASE("a sheet is one page with every line of the share, and its code scans to the same", "[recovery][paper]") {
  const support::TempFolder folder;
  const std::string path = folder.file("sheet.pdf");
  for (const char* language : {"en", "nl"}) {
    ::setenv("LANTAARN_LANG", language, 1);
    words::initialise();
    const auto sheets = make_sheets(crypto::random_secret<RecoverySecret::kBytes>());
    for (const Sheet& sheet : sheets) {
      const auto pdf = sheet_pdf(sheet, kFacts);
      REQUIRE(pdf.ok());
      support::write_file(path, to_string(*pdf));
      const std::string text = without_spaces(said_by("/usr/bin/pdftotext", {"-layout", path, "-"}));
      for (const std::string& line : sheet_lines(sheet)) CHECK(text.find(without_spaces(line)) != std::string::npos);
      CHECK(text.find("26-11-2026") != std::string::npos);
      CHECK(text.find("00112233445566778899aabbccddeeff") != std::string::npos);
      CHECK(text.find("a1b2c3d4e5f60718") != std::string::npos);
      CHECK(said_by("/usr/bin/pdfinfo", {path}).find("Pages:           1\n") != std::string::npos);

      (void)said_by("/usr/bin/pdftoppm", {"-png", "-r", "150", "-singlefile", path, folder.file("page")});
      const std::string scanned = said_by("/usr/bin/zbarimg", {"--quiet", "--raw", folder.file("page.png")});
      const auto read = read_sheet(as_bytes(scanned), "scan");
      REQUIRE(read.ok());
      CHECK(read->share.number == sheet.share.number);
      CHECK(crypto::equal(read->share.bytes.view(), sheet.share.bytes.view()));
    }
  }
  ::unsetenv("LANTAARN_LANG");
  words::initialise();
}

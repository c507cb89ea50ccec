#include "firmware_app/platform/pin_input.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using firmware::kPinBytesMax;
using firmware::read_pin_file;

namespace {

std::string read_back(const std::string& content) {
  const support::TempFolder folder;
  support::write_file(folder.file("pin"), content);
  const auto pin = read_pin_file(folder.file("pin"));
  return pin.ok() ? to_string(pin->view()) : pin.error().code;
}

}  // namespace

TEST_CASE("a PIN is the first line, without its line end", "[platform]") {
  CHECK(read_back("12345678") == "12345678");
  CHECK(read_back("12345678\n") == "12345678");
  CHECK(read_back("12345678\r\nmore\n") == "12345678");
  CHECK(read_back(" 12345678 \n") == " 12345678 ");
  CHECK(read_back("").empty());
}

TEST_CASE("the longest line is read, one byte more is refused", "[platform]") {
  CHECK(read_back(std::string(kPinBytesMax, '1') + "\n") == std::string(kPinBytesMax, '1'));
  CHECK(read_back(std::string(kPinBytesMax + 1, '1')) == "pin_not_digits");
}

TEST_CASE("a file that is not there is named", "[platform]") {
  const auto pin = read_pin_file("/nowhere/pin");
  CHECK(pin.error().code == "file_unreadable");
  CHECK(pin.error().args == std::vector<std::string>{"/nowhere/pin"});
}

TEST_CASE("two PINs follow each other on standard input", "[platform]") {
  const support::TempFolder folder;
  support::write_file(folder.file("two"), "11111111\n22222222\n");
  const int kept = dup(STDIN_FILENO);
  const int file = open(folder.file("two").c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(dup2(file, STDIN_FILENO) == STDIN_FILENO);
  const auto first = read_pin_file("-");
  const auto second = read_pin_file("-");
  dup2(kept, STDIN_FILENO);
  close(kept);
  close(file);
  CHECK(to_string(first->view()) == "11111111");
  CHECK(to_string(second->view()) == "22222222");
}

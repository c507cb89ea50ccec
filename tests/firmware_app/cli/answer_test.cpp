#include "firmware_app/cli/answer.hpp"

#include <catch2/catch.hpp>

#include "firmware_app/cli/progress.hpp"

using namespace lantaarn::firmware::cli;

TEST_CASE("what could move a cursor or turn a line around is shown, everything else is left alone", "[cli]") {
  CHECK(visible("Зоя, מרים, 李娜 é") == "Зоя, מרים, 李娜 é");
  CHECK(visible("a\x1b[31mb") == "a\\u{1b}[31mb");
  CHECK(visible("two\nlines") == "two⏎lines");
  CHECK(visible("\u0085x") == "\\u{85}x");
  CHECK(visible("evil\u202Etxt") == "evil\\u{202e}txt");
  CHECK(visible("\xc2") == "\xc2");
}

TEST_CASE("columns line up by characters, not by bytes", "[cli]") {
  CHECK(columns({{"Zsófia", "x"}, {"Ana", "y"}}) == std::vector<std::string>{"Zsófia  x", "Ana     y"});
  CHECK(columns({{"a", ""}, {"b", "c"}}) == std::vector<std::string>{"a", "b  c"});
}

TEST_CASE("a bar is empty, partial and full, and full when there was nothing to do", "[cli]") {
  CHECK(bar_text(0, 10, 10) == "[..........]");
  CHECK(bar_text(3, 10, 10) == "[###.......]");
  CHECK(bar_text(10, 10, 10) == "[##########]");
  CHECK(bar_text(11, 10, 10) == "[##########]");
  CHECK(bar_text(0, 0, 4) == "[####]");
}

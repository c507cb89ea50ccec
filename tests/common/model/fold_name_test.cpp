#include "common/model/fold_name.hpp"

#include <catch2/catch.hpp>

using lantaarn::model::fold_name;

TEST_CASE("a name is found without its capitals, accents and spaces", "[model]") {
  CHECK(fold_name("Zsófia") == "zsofia");
  CHECK(fold_name("  Anne \t Marie ") == "anne marie");
  CHECK(fold_name("ÉLOÏSE") == "eloise");
  CHECK(fold_name("Ștefania Țepeș") == "stefania tepes");
  CHECK(fold_name("Łucja Øster-Þóra Æsa Weiß") == "lucja oster-thora aesa weiss");
  CHECK(fold_name("Nguyễn Thị Ánh") == "nguyen thi anh");
  CHECK(fold_name("D’Angelo") == "d'angelo");
  CHECK(fold_name("Jo‑Ann") == "jo-ann");
}

TEST_CASE("letters that were typed as two code points are the same as one", "[model]") {
  CHECK(fold_name("Zso\u0301fia") == fold_name("Zs\u00f3fia"));
  CHECK(fold_name("Андреи\u0306") == fold_name("Андрей"));
}

TEST_CASE("Greek, Cyrillic and Arabic lose what people leave out", "[model]") {
  CHECK(fold_name("ΜΑΡΊΑ") == fold_name("μαρια"));
  CHECK(fold_name("Νίκος") == fold_name("ΝΙΚΟΣ"));
  CHECK(fold_name("АЛЁНА") == fold_name("алена"));
  CHECK(fold_name("Їванна") == fold_name("іванна"));
  CHECK(fold_name("أَمَل") == fold_name("امل"));
}

TEST_CASE("different names stay different, and scripts are not mixed up", "[model]") {
  CHECK(fold_name("Мария") != fold_name("Maria"));
  CHECK(fold_name("Ana") != fold_name("Anna"));
  CHECK(fold_name("李娜") == "李娜");
}

TEST_CASE("bytes that are no text do no harm", "[model]") {
  CHECK(fold_name("\xff\xfeRo\xc3") == "ro");
  CHECK(fold_name("").empty());
  CHECK(fold_name(" \u0301 ").empty());
}

TEST_CASE("what is folded stays as it is when it is folded again, whatever it was", "[model]") {
  const auto text_of = [](std::uint32_t point) {
    std::string text;
    if (point < 0x80) return std::string(1, static_cast<char>(point));
    if (point < 0x800) {
      text += static_cast<char>(0xC0 | (point >> 6));
    } else {
      if (point < 0x10000) text += static_cast<char>(0xE0 | (point >> 12));
      else (text += static_cast<char>(0xF0 | (point >> 18))) += static_cast<char>(0x80 | ((point >> 12) & 0x3F));
      text += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    }
    return text + static_cast<char>(0x80 | (point & 0x3F));
  };
  for (std::uint32_t point = 0; point < 0x20000; ++point) {
    const std::string folded = fold_name(text_of(point));
    if (fold_name(folded) != folded) FAIL_CHECK("U+" << std::hex << point);
  }
}

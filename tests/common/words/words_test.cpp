#include "common/words/words.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <thread>

#include "common/model/codes.hpp"

using namespace lantaarn;
using namespace lantaarn::words;

TEST_CASE("LANTAARN_LANG decides, else the locale, and Dutch when that is C", "[words]") {
  const auto dutch = Language::kDutch;
  const auto english = Language::kEnglish;
  CHECK(choose_language(nullptr, nullptr, nullptr, nullptr) == dutch);
  CHECK(choose_language("en", "nl_NL.UTF-8", nullptr, nullptr) == english);
  CHECK(choose_language("nl", nullptr, nullptr, "en_GB.UTF-8") == dutch);
  CHECK(choose_language("fr", nullptr, nullptr, "en_GB.UTF-8") == english);
  CHECK(choose_language("", nullptr, nullptr, "en_US.UTF-8") == english);
  CHECK(choose_language(nullptr, "C", nullptr, "en_US.UTF-8") == dutch);
  CHECK(choose_language(nullptr, "", "en_GB", "nl_NL") == english);
  CHECK(choose_language(nullptr, nullptr, nullptr, "C.UTF-8") == dutch);
  CHECK(choose_language(nullptr, nullptr, nullptr, "POSIX") == dutch);
  CHECK(choose_language(nullptr, nullptr, nullptr, "de_DE.UTF-8") == dutch);
}

TEST_CASE("both languages are read in one process, from any thread", "[words]") {
  CHECK(text_in(Language::kDutch, "code:channel:in_person") == "persoonlijk");
  CHECK(text_in(Language::kEnglish, "code:channel:in_person") == "in person");
  std::string there;
  std::thread([&] { there = text_in(Language::kDutch, "code:role:coordinator"); }).join();
  CHECK(there == "coördinator");
}

TEST_CASE("every code of the domain has words in both languages", "[words]") {
  for (const model::CodeList& list : model::code_lists()) {
    CHECK(has_text(Language::kDutch, "label:" + std::string(list.kind)));
    for (const std::string_view code : list.codes) {
      const std::string key = "code:" + std::string(list.kind) + ":" + std::string(code);
      CAPTURE(key);
      CHECK(has_text(Language::kDutch, key));
      CHECK(has_text(Language::kEnglish, key));
    }
  }
}

TEST_CASE("an error becomes one sentence with its arguments in place", "[words]") {
  const Error error = refused("unknown_code", {"place", "quay", "zone, loods"});
  CHECK(sentence_in(Language::kDutch, error) == "Onbekend: quay. Voor place kan: zone, loods.");
  CHECK(sentence_in(Language::kEnglish, error) == "Unknown: quay. For place, use one of: zone, loods.");
}

TEST_CASE("an error that has no sentence is still named, and its context is not shown", "[words]") {
  const Error error = in_context(refused("moon_full", {"7"}), "uplink");
  CHECK(sentence_in(Language::kDutch, error) == "Dat lukte niet (moon_full 7).");
  CHECK(sentence_in(Language::kEnglish, error) == "That did not work (moon_full 7).");
  CHECK(sentence(error) == sentence_in(language(), error));
}

TEST_CASE("a key without a text stands for itself", "[words]") {
  CHECK(text("label:no_such_thing") == "label:no_such_thing");
  CHECK_FALSE(has_text(Language::kDutch, "label:no_such_thing"));
}

TEST_CASE("what is filled in is not filled in again", "[words]") {
  CHECK(fill("{0} en {1}", {"{1}", "b"}) == "{1} en b");
  CHECK(fill("{0} {2} {x} {", {"a"}) == "a {2} {x} {");
  CHECK(fill("{1}{0}{1}", {"a", "b"}) == "bab");
  CHECK(fill("", {"a"}).empty());
}

// Alone in its process: the catalogues are gone from here on.
TEST_CASE("without catalogues an error is still one clear line", "[words]") {
  setenv("LANTAARN_LOCALE_DIR", "/nonexistent", 1);
  initialise();
  CHECK(sentence(retry("in_use")) == "lantaarn: in_use");
  CHECK(text("label:place") == "label:place");
}

#include "sync_server/linkage/spelling.hpp"

#include <catch2/catch.hpp>

#include "sync_server/linkage/diminutives.hpp"
#include "sync_server/linkage/lexicon.hpp"

using namespace lantaarn::server::linkage;
using Words = std::vector<std::string>;

namespace {

struct Spelling {
  const char* language;
  const char* one;
  const char* other;
};

std::string only_word(const char* name) {
  const Words words = words_of_name(name);
  REQUIRE(words.size() == 1);
  return words[0];
}

Likeness first_names(const char* one, const char* other) {
  Lexicon lexicon;
  const WordId a = lexicon.learn(only_word(one)), b = lexicon.learn(only_word(other));
  lexicon.finish();
  const Likeness likeness = lexicon.likeness(a, b, true);
  CHECK(lexicon.likeness(b, a, true) == likeness);
  return likeness;
}

}  // namespace

TEST_CASE("one name in two spellings sounds alike in every language that occurs here", "[linkage]") {
  const Spelling table[] = {
      {"Dutch", "Meijer", "Meyer"},        {"Dutch", "Dijkstra", "Dykstra"},     {"Dutch", "Wijnen", "Wynen"},
      {"Dutch", "Thea", "Tea"},            {"Dutch", "Sophie", "Sofie"},         {"Dutch", "Katja", "Katya"},
      {"German", "Müller", "Mueller"},     {"German", "Schmidt", "Schmitt"},     {"German", "Jürgen", "Juergen"},
      {"German", "Schaefer", "Schäfer"},   {"German", "Gerd", "Gert"},           {"German", "Christine", "Kristine"},
      {"Romanian", "Ștefania", "Schtefania"}, {"Romanian", "Iulia", "Julia"},    {"Romanian", "Ioana", "Joana"},
      {"Romanian", "Mihaela", "Michaela"}, {"Bulgarian", "Мария", "Maria"},      {"Bulgarian", "Христина", "Kristina"},
      {"Bulgarian", "Чавдар", "Chavdar"},  {"Bulgarian", "Цветелина", "Tsvetelina"}, {"Bulgarian", "Tsvetelina", "Cvetelina"},
      {"Polish", "Wójcik", "Vojcik"},      {"Polish", "Krystyna", "Kristina"},   {"Polish", "Ewa", "Eva"},
      {"Polish", "Żaneta", "Szaneta"},     {"Hungarian", "Zsófia", "Sofia"},     {"Hungarian", "Szabó", "Sabo"},
      {"Hungarian", "György", "Djordj"},   {"Hungarian", "Kovács", "Kowatsch"},  {"Spanish", "Estrella", "Estreya"},
      {"Spanish", "Jiménez", "Ximénez"},   {"Spanish", "Muñoz", "Munyoz"},       {"Spanish", "Quintero", "Kintero"},
      {"Spanish", "Yolanda", "Jolanda"},   {"any", "Roxy", "Roxi"},              {"any", "Sarah", "Sara"},
  };
  for (const Spelling& row : table) {
    INFO(row.language << ": " << row.one << " and " << row.other);
    CHECK(sound_alike(sounds_of(only_word(row.one)), sounds_of(only_word(row.other))));
  }
}

TEST_CASE("other names do not sound alike", "[linkage]") {
  const Spelling table[] = {{"", "Maria", "Marta"}, {"", "Anna", "Anja"}, {"", "Bakker", "Becker"}, {"", "Kovács", "Novák"},
                            {"", "Elena", "Milena"}, {"", "Rosa", "Roxa"}, {"", "Petrova", "Petkova"}};
  for (const Spelling& row : table) {
    INFO(row.one << " and " << row.other);
    CHECK_FALSE(sound_alike(sounds_of(only_word(row.one)), sounds_of(only_word(row.other))));
  }
}

TEST_CASE("diacritics and the alphabet make no other name", "[linkage]") {
  CHECK(first_names("Łucja", "Lucja") == Likeness::kSame);
  CHECK(first_names("Ștefania", "Stefania") == Likeness::kSame);
  CHECK(first_names("Гергана", "Gergana") == Likeness::kSame);
  CHECK(first_names("IBOLYA", "ibolya") == Likeness::kSame);
}

TEST_CASE("short and pet forms belong to their name", "[linkage]") {
  const Spelling table[] = {
      {"Dutch", "Elisabeth", "Liesbeth"},  {"Dutch", "Catharina", "Tineke"}, {"Dutch", "Roosmarijn", "Roosje"}, {"Dutch", "Geertruida", "Truus"},
      {"German", "Katharina", "Käthe"},    {"German", "Franziska", "Franzi"}, {"Romanian", "Elena", "Lenuța"},   {"Romanian", "Roxana", "Roxy"},
      {"Bulgarian", "Desislava", "Desi"},  {"Bulgarian", "Надежда", "Nadia"}, {"Polish", "Małgorzata", "Gosia"}, {"Polish", "Katarzyna", "Kasia"},
      {"Hungarian", "Erzsébet", "Bözsi"},  {"Hungarian", "Katalin", "Kati"},  {"Spanish", "Guadalupe", "Lupe"},  {"Spanish", "Francisca", "Paca"},
      {"no table", "Wendela", "Wendy"},    {"no table", "Fenna", "Fennetje"}};
  for (const Spelling& row : table) {
    INFO(row.language << ": " << row.one << " and " << row.other);
    CHECK(first_names(row.one, row.other) == Likeness::kPetForm);
  }
  CHECK(first_names("Roxana", "Ilona") == Likeness::kDifferent);
  CHECK(first_names("Femke", "Wendy") == Likeness::kDifferent);
}

TEST_CASE("a family name has no pet form", "[linkage]") {
  Lexicon lexicon;
  const WordId a = lexicon.learn("elisabeth"), b = lexicon.learn("lies");
  lexicon.finish();
  CHECK(lexicon.likeness(a, b, true) == Likeness::kPetForm);
  CHECK(lexicon.likeness(a, b, false) == Likeness::kDifferent);
}

TEST_CASE("one letter is a typing error in a long name and says less in a short one", "[linkage]") {
  CHECK(first_names("Mirjana", "Mirjama") == Likeness::kTypo);
  CHECK(first_names("Desislava", "Desilsava") == Likeness::kTypo);
  CHECK(first_names("Gergana", "Gegana") == Likeness::kTypo);
  CHECK(first_names("Xena", "Lena") == Likeness::kSimilar);
  CHECK(first_names("M", "Mirjana") == Likeness::kSimilar);
  CHECK(first_names("Mo", "Jo") == Likeness::kSimilar);
}

TEST_CASE("a name falls into words without particles", "[linkage]") {
  CHECK(words_of_name("van der Wal") == Words{"wal"});
  CHECK(words_of_name("Анна-Мария") == Words{"anna", "mariya"});
  CHECK(words_of_name("García de la Vega") == Words{"garcia", "vega"});
  CHECK(words_of_name("D'Angelo") == Words{"dangelo"});
  CHECK(words_of_name("de la") == Words{"de", "la"});
  CHECK(words_of_name(" - ").empty());
  CHECK(words_of_name("\xff").empty());
}

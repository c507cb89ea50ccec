#include "firmware_app/caseload/find_client.hpp"

#include <catch2/catch.hpp>

using namespace lantaarn;
using namespace lantaarn::firmware;

namespace {

ClientId id(std::uint8_t number) {
  ClientId made;
  made.bytes.fill(number);
  return made;
}

CaseCard card(std::uint8_t number, std::initializer_list<const char*> names) {
  CaseCard made;
  made.card.set_client_id(to_string(id(number).view()));
  for (const char* name : names) made.card.add_aliases(name);
  return made;
}

const std::vector<CaseCard>& cards() {
  static const std::vector<CaseCard> kCards = {card(1, {"Roos", "Roosje"}), card(2, {"Zsófia"}), card(3, {"Ana"}), card(4, {"Anà"}),
                                               card(5, {"ana"}), card(0x1f, {"Мария"})};
  return kCards;
}

std::string code(const Result<ClientId>& found) { return found.ok() ? "" : found.error().code; }

}  // namespace

TEST_CASE("a whole name finds one woman, in any spelling, by any of her names", "[caseload]") {
  CHECK(*find_client(cards(), "Roos") == id(1));
  CHECK(*find_client(cards(), "ROOSJE") == id(1));
  CHECK(*find_client(cards(), "zsofia ") == id(2));
  CHECK(*find_client(cards(), "мария") == id(0x1f));
}

TEST_CASE("the exact spelling goes before the similar ones", "[caseload]") {
  CHECK(*find_client(cards(), "Ana") == id(3));
  CHECK(*find_client(cards(), "Anà") == id(4));
}

TEST_CASE("a name that fits several is refused with those it fits", "[caseload]") {
  const auto found = find_client(cards(), "ANA");
  CHECK(code(found) == "client_ambiguous");
  CHECK(found.error().args[0].find("Ana (03030303), Anà (04040404), ana (05050505)") != std::string::npos);
}

TEST_CASE("a name that fits nobody is refused with the near ones, a part of a name is not a name", "[caseload]") {
  for (const char* near : {"Ros", "Roo", "Rosje"}) {
    INFO(near);
    const auto found = find_client(cards(), near);
    CHECK(code(found) == "client_unknown");
    CHECK(found.error().args[0].find("Roos (01010101)") != std::string::npos);
  }
  CHECK(find_client(cards(), "Wilhelmina").error().args[0] == "–");
  CHECK(code(find_client(cards(), " \t")) == "alias_empty");
}

TEST_CASE("an id is taken whole, or by a beginning that fits one card", "[caseload]") {
  CHECK(*find_client_by_id(cards(), "0101010101010101010101010101010a") == ClientId::parse_hex("0101010101010101010101010101010A"));
  CHECK(*find_client_by_id(cards(), "020202") == id(2));
  CHECK(*find_client_by_id(cards(), "1F1f1F1f") == id(0x1f));
  CHECK(code(find_client_by_id(cards(), "02020")) == "id_invalid");
  CHECK(code(find_client_by_id(cards(), "zzzzzzzz")) == "id_invalid");
  CHECK(code(find_client_by_id(cards(), "09090909")) == "client_unknown");
}

TEST_CASE("a search takes any part of a name", "[caseload]") {
  CHECK(search_cards(cards(), "").size() == cards().size());
  CHECK(search_cards(cards(), "AN").size() == 3);
  CHECK(search_cards(cards(), "osj").size() == 1);
}

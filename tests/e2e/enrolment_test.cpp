#include <catch2/catch.hpp>

#include "tests/e2e/town.hpp"

using namespace lantaarn::e2e;
using lantaarn::support::read_file;
using lantaarn::support::write_file;

namespace {

Words enrol_words(const Handheld& handheld, const std::string& user, const std::string& ticket) {
  write_file(handheld.pin_file(user), "24681357\n");
  return {"enrol", "--user", user, "--ticket", ticket, "--new-pin-file", handheld.pin_file(user)};
}

}  // namespace

TEST_CASE("a ticket that is damaged, not for her, or used is refused, and the right one still works", "[e2e]") {
  Town town;
  Handheld first(town, "first");
  const std::string ticket = town.ticket_for("first", {"Noor"});

  const std::string damaged = town.folder().file("damaged");
  std::string text = read_file(ticket);
  text[text.size() / 2] ^= 1;
  write_file(damaged, text);
  CHECK(not_refused(first.run(enrol_words(first, "Noor", damaged)), "ticket_unreadable") == "");
  write_file(damaged, "");
  CHECK(not_refused(first.run(enrol_words(first, "Noor", damaged)), "ticket_unreadable") == "");
  CHECK(not_refused(first.run(enrol_words(first, "Maaike", ticket)), "ticket_wrong") == "");

  CHECK(first.run(enrol_words(first, "Noor", ticket)).exit_code == 0);
  CHECK(not_refused(first.run(enrol_words(first, "Noor", ticket)), "already_enrolled") == "");
  first.sync();

  Handheld second(town, "second");
  CHECK(not_refused(second.run(enrol_words(second, "Noor", ticket)), "ticket_used") == "");
  CHECK(first.try_sync().exit_code == 0);
}

TEST_CASE("a PIN that is too short or no number is not set", "[e2e]") {
  Town town;
  Handheld handheld(town, "h1");
  const Words words = enrol_words(handheld, "Noor", town.ticket_for("h1", {"Noor"}));
  write_file(handheld.pin_file("Noor"), "1234567\n");
  CHECK(not_refused(handheld.run(words), "pin_too_short") == "");
  write_file(handheld.pin_file("Noor"), "12345678a\n");
  CHECK(not_refused(handheld.run(words), "pin_not_digits") == "");
  write_file(handheld.pin_file("Noor"), "12345678\n");
  CHECK(handheld.run(words).exit_code == 0);
}

TEST_CASE("a revoked handheld is told so and keeps what it has, its earlier contacts stand", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  const std::string before = handheld.log("Noor", "Roos");
  handheld.sync();
  (void)town.ask({"device", "revoke", "h1"});
  handheld.log("Noor", "Roos");
  CHECK(not_refused(handheld.try_sync(), "device_revoked") == "");
  CHECK(handheld.ask({"contacts"}, "Noor").as_array().size() == 1);
  const auto contacts = town.contacts();
  REQUIRE(contacts.size() == 1);
  CHECK(text_of(contacts[0], "event_id") == before);
}

TEST_CASE("an absent server and a server that is another are told apart, and nothing is sent or lost", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "Roos");

  const Town other;
  CHECK(not_refused(handheld.try_sync(other.address()), "server_key_wrong") == "");
  const std::string was = town.address();
  town.stop();
  CHECK(not_refused(handheld.try_sync(was), "server_unreachable") == "");
  CHECK(handheld.ask({"contacts"}, "Noor").as_array().size() == 1);

  town.serve();
  handheld.sync();
  CHECK(town.contacts().size() == 1);
}

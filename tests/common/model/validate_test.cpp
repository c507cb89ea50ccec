#include <functional>
#include <catch2/catch.hpp>

#include "common/crypto/random.hpp"
#include "common/model/limits.hpp"
#include "common/model/validate.hpp"

using namespace lantaarn;

namespace {

model::Event fresh() { return model::new_event(crypto::random_id<UserId>(), {}); }

model::Event contact(const std::function<void(model::pb::ContactLogged&)>& change = [](auto&) {}) {
  auto event = fresh();
  auto* logged = event.mutable_contact_logged();
  logged->set_client_id(std::string(16, 'c'));
  logged->set_channel("in_person");
  logged->set_place("zone");
  logged->set_outcome("spoken");
  change(*logged);
  return event;
}

std::string problem(const model::Event& event) {
  const auto checked = model::validate_event(event);
  return checked.ok() ? "" : checked.error().code;
}

}  // namespace

TEST_CASE("a contact is accepted or refused by its content, never by its time", "[model]") {
  CHECK(problem(contact()).empty());
  CHECK(problem(contact([](auto& c) { c.clear_client_id(); c.set_description("onbekend, rode jas"); })).empty());
  CHECK(problem(contact([](auto& c) { c.set_occurred_at_ms(-62'000'000'000'000); })).empty());
  CHECK(problem(contact([](auto& c) { c.set_occurred_at_ms(9'000'000'000'000'000); })).empty());
  CHECK(problem(contact([](auto& c) { c.set_place("park"); })) == "unknown_code");
  CHECK(problem(contact([](auto& c) { c.set_channel(""); })) == "unknown_code");
  CHECK(problem(contact([](auto& c) { c.set_note(std::string(model::kNoteCharactersMax + 1, 'n')); })) == "note_too_long");
  CHECK(problem(contact([](auto& c) { c.set_note("\xC3"); })) == "text_invalid");
  CHECK(problem(contact([](auto& c) { c.set_client_id("short"); })) == "id_invalid");
  CHECK(problem(contact([](auto& c) { c.set_minutes(model::kMinutesMax + 1); })) == "minutes_invalid");
}

TEST_CASE("a correction needs a reason, a change and known fields", "[model]") {
  const auto amend = [](const std::string& reason, const std::string& field, const std::string& value) {
    auto event = fresh();
    auto* amended = event.mutable_contact_amended();
    amended->set_contact(std::string(16, 'e'));
    amended->set_reason(reason);
    if (!field.empty()) {
      auto* change = amended->add_changes();
      change->set_field(field);
      change->set_value(value);
      change->add_heads(std::string(16, 'e'));
    }
    return problem(event);
  };
  CHECK(amend("verkeerd getikt", "minutes", "15").empty());
  CHECK(amend("", "minutes", "15") == "reason_needed");
  CHECK(amend("verkeerd getikt", "", "") == "nothing_changed");
  CHECK(amend("verkeerd getikt", "place", "park") == "unknown_code");
  CHECK(amend("verkeerd getikt", "colour", "red") == "field_invalid");
}

TEST_CASE("an alias has at least one visible character and at most eighty", "[model]") {
  const auto add = [](const std::string& alias) {
    auto event = fresh();
    event.mutable_client_added()->set_client_id(std::string(16, 'c'));
    event.mutable_client_added()->set_alias(alias);
    return problem(event);
  };
  CHECK(add("Мария").empty());
  CHECK(add("  \t") == "alias_empty");
  CHECK(add("") == "alias_empty");
  CHECK(add(std::string(model::kAliasCharactersMax, 'a')).empty());
  CHECK(add(std::string(model::kAliasCharactersMax + 1, 'a')) == "alias_too_long");
}

TEST_CASE("counts, dates and numbers of things have their bounds", "[model]") {
  auto count = fresh();
  count.mutable_head_counted()->set_delta(0);
  CHECK(problem(count) == "count_invalid");
  count.mutable_head_counted()->set_delta(model::kHeadCountDeltaMax);
  CHECK(problem(count).empty());
  count.mutable_head_counted()->set_delta(-model::kHeadCountDeltaMax - 1);
  CHECK(problem(count) == "count_invalid");

  auto planned = fresh();
  planned.mutable_follow_up_planned()->set_due_date("2026-02-30");
  CHECK(problem(planned) == "date_invalid");
  planned.mutable_follow_up_planned()->set_due_date("2026-02-28");
  CHECK(problem(planned).empty());

  auto round = fresh();
  for (std::size_t i = 0; i <= model::kColleaguesMax; ++i) round.mutable_round_started()->add_colleagues("Anna");
  CHECK(problem(round) == "too_many");
}

TEST_CASE("a whole register leaves for a named key, a purpose and a second person only", "[model]") {
  auto event = fresh();
  auto& exported = *event.mutable_register_exported();
  exported.set_receiver_key_fingerprint(std::string(32, 'k'));
  exported.set_purpose("naar de nieuwe server");
  exported.set_second(std::string(16, 'u'));
  CHECK(problem(event).empty());
  CHECK(model::is_server_fact(event));
  exported.set_purpose("");
  CHECK(problem(event) == "reason_needed");
  exported.set_purpose("naar de nieuwe server");
  exported.set_second("");
  CHECK(problem(event) == "id_invalid");
  exported.set_second(std::string(16, 'u'));
  exported.set_receiver_key_fingerprint(std::string(31, 'k'));
  CHECK(problem(event) == "id_invalid");
  auto imported = fresh();
  imported.mutable_register_imported()->set_through_seq(7);
  CHECK(problem(imported) == "id_invalid");
  imported.mutable_register_imported()->set_from_server_id(std::string(16, 's'));
  CHECK(problem(imported).empty());
}

TEST_CASE("facts of the server's own log are recognised as such", "[model]") {
  auto revoked = fresh();
  revoked.mutable_device_revoked()->set_device_id(std::string(16, 'd'));
  CHECK(model::is_server_fact(revoked));
  CHECK_FALSE(model::is_server_fact(contact()));
}

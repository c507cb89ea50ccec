#include <catch2/catch.hpp>

#include "common/model/fields.hpp"
#include "common/model/limits.hpp"

using namespace lantaarn;

TEST_CASE("characters are counted as people count them, and broken UTF-8 is seen", "[model]") {
  CHECK(model::characters_in("Roxy") == 4);
  CHECK(model::characters_in("Zsófia") == 6);
  CHECK(model::characters_in("Мария") == 5);
  CHECK(model::characters_in("😀") == 1);
  CHECK(model::characters_in("") == 0);
  for (const char* broken : {"\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\x80", "\xE2\x82"}) {
    CHECK_FALSE(model::characters_in(broken).has_value());
  }
  CHECK_FALSE(model::characters_in(std::string_view("a\0b", 3)).has_value());
}

TEST_CASE("a list of codes has one spelling", "[model]") {
  CHECK(*model::join_codes("topic", {"housing", "money", "housing"}) == "money,housing");
  CHECK(model::join_codes("topic", {"weather"}).error().code == "unknown_code");
  CHECK(model::join_codes("topic", {})->empty());
  CHECK(model::split_codes("money,housing") == std::vector<std::string>{"money", "housing"});
  CHECK(model::check_contact_field("topics", "housing,money").error().code == "field_invalid");
}

TEST_CASE("a contact's fields are spelled as text", "[model]") {
  model::pb::ContactLogged contact;
  contact.set_client_id(std::string(16, '\x0a'));
  contact.set_occurred_at_ms(0);
  contact.set_channel("phone");
  contact.add_topics("housing");
  contact.add_topics("money");
  contact.set_minutes(0);
  const auto fields = model::fields_of(contact);
  CHECK(fields.at("client") == "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a");
  CHECK(fields.at("occurred_at") == "1970-01-01T00:00:00.000Z");
  CHECK(fields.at("topics") == "money,housing");
  CHECK(fields.at("minutes") == "0");
  CHECK(fields.at("indirect_minutes").empty());
  for (const auto& [field, value] : fields) CHECK(model::is_contact_field(field));
}

TEST_CASE("limits hold at the last character that fits and not one more", "[model]") {
  const auto fits = [](std::string_view field, const std::string& value) { return model::check_contact_field(field, value).ok(); };
  CHECK(fits("note", std::string(model::kNoteCharactersMax, 'x')));
  CHECK_FALSE(fits("note", std::string(model::kNoteCharactersMax + 1, 'x')));
  CHECK(fits("description", std::string(model::kDescriptionCharactersMax, 'x')));
  CHECK_FALSE(fits("description", std::string(model::kDescriptionCharactersMax + 1, 'x')));
  CHECK(fits("minutes", std::to_string(model::kMinutesMax)));
  CHECK_FALSE(fits("minutes", std::to_string(model::kMinutesMax + 1)));
  CHECK_FALSE(fits("minutes", "-1"));
  CHECK_FALSE(fits("minutes", "10x"));
  CHECK(fits("client", ""));
  CHECK_FALSE(fits("client", "00"));
  CHECK_FALSE(fits("gps", "51.9,5.9"));
}

TEST_CASE("client fields take only what the domain knows", "[model]") {
  CHECK(model::check_client_field("status", "in_view").ok());
  CHECK_FALSE(model::check_client_field("status", "in_contact").ok());
  CHECK(model::check_client_field("intensity", "").ok());
  CHECK_FALSE(model::check_client_field("intensity", "heavy").ok());
  CHECK_FALSE(model::check_client_field("risk", "high").ok());
}

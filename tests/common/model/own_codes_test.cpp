#include "common/model/own_codes.hpp"

#include <catch2/catch.hpp>

#include "common/model/codes.hpp"
#include "common/model/fields.hpp"
#include "common/model/validate.hpp"
#include "common/model/event.hpp"

using namespace lantaarn;
using namespace lantaarn::model;

namespace {

Event contact_about(const std::string& topic) {
  Event event = new_event(UserId{{1}}, ClockReading{});
  auto& contact = *event.mutable_contact_logged();
  contact.set_channel("phone");
  contact.set_place("office");
  contact.set_outcome("spoken");
  contact.add_topics(topic);
  return event;
}

std::string said(const Status& status) { return status.ok() ? "" : status.error().code; }

OwnCodes with(const std::string& list, const std::string& code, bool withdrawn) {
  OwnCodes codes;
  codes.put({list, code, "woord", "word", withdrawn});
  return codes;
}

}  // namespace

TEST_CASE("a well-formed own code of an extensible list is valid wherever it is read", "[codes]") {
  CHECK(said(check_code("topic", "x_debt_coach")) == "");
  CHECK(said(check_code("place", "x_corner")) == "unknown_code");
  CHECK(said(check_code("topic", "debt_coach")) == "unknown_code");
  CHECK(said(check_code("status", "x_label")) == "unknown_code");
  CHECK(said(validate_event(contact_about("x_debt_coach"))) == "");
  CHECK(said(validate_event(contact_about("x_"))) == "unknown_code");
}

TEST_CASE("the shortest and the longest own code pass, one letter less or more does not", "[codes]") {
  CHECK(is_own_code("x_ab"));
  CHECK_FALSE(is_own_code("x_a"));
  CHECK(is_own_code("x_" + std::string(30, 'a')));
  CHECK_FALSE(is_own_code("x_" + std::string(31, 'a')));
  for (const char* wrong : {"", "x", "ab", "X_ab", "x_aB", "x_a,b", "x_a b", "x_\xc3\xa9\xc3\xa9"}) CHECK_FALSE(is_own_code(wrong));
}

TEST_CASE("own codes stand behind the list's own ones, in one order, once", "[codes]") {
  CHECK(*join_codes("topic", {"x_zz", "money", "x_aa", "housing", "x_zz"}) == "money,housing,x_aa,x_zz");
  CHECK(said(check_contact_field("topics", "money,x_aa")) == "");
  CHECK(said(check_contact_field("topics", "x_aa,money")) == "field_invalid");
}

TEST_CASE("what is typed must exist and be offered, a correction may repeat what was withdrawn", "[codes]") {
  const OwnCodes offered = with("topic", "x_debt_coach", false);
  const OwnCodes withdrawn = with("topic", "x_debt_coach", true);
  const Event event = contact_about("x_debt_coach");
  CHECK(said(offered.check_offered(event)) == "");
  CHECK(said(withdrawn.check_offered(event)) == "code_withdrawn");
  CHECK(said(OwnCodes().check_offered(event)) == "unknown_code");
  CHECK(said(with("partner", "x_debt_coach", false).check_offered(event)) == "unknown_code");
  CHECK(said(OwnCodes().check_offered(contact_about("money"))) == "");

  Event change = new_event(UserId{{1}}, ClockReading{});
  auto& field = *change.mutable_contact_amended()->add_changes();
  field.set_field("topics");
  field.set_value("money,x_debt_coach");
  CHECK(said(withdrawn.check_offered(change)) == "");
  CHECK(said(OwnCodes().check_offered(change)) == "unknown_code");

  Event record = new_event(UserId{{1}}, ClockReading{});
  record.mutable_record_added()->set_kind("referral");
  auto& partner = *record.mutable_record_added()->add_fields();
  partner.set_field("partner");
  partner.set_value("x_buddy");
  CHECK(said(OwnCodes().check_offered(record)) == "unknown_code");
  CHECK(said(with("partner", "x_buddy", false).check_offered(record)) == "");
}

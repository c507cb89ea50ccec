// A fact of a handheld, through the use cases that its screens and its command line have.
#include "tools/programme/calendar.hpp"
#include "tools/programme/player.hpp"

namespace lantaarn::programme {
namespace {

std::string value(const Fact& fact, const char* field) {
  const auto found = fact.fields.find(field);
  return found == fact.fields.end() ? std::string() : found->second;
}

std::optional<std::uint32_t> minutes(const Fact& fact, const char* field) {
  const std::string text = value(fact, field);
  return text.empty() ? std::nullopt : std::optional(static_cast<std::uint32_t>(std::stoul(text)));
}

std::optional<std::string> given(const Fact& fact, const char* field) {
  return fact.fields.count(field) != 0 ? std::optional(value(fact, field)) : std::nullopt;
}

firmware::ContactDraft draft_of(const Fact& fact, const std::optional<ClientId>& client) {
  firmware::ContactDraft draft;
  if (client) draft.who = *client;
  if (!client) draft.who = firmware::UnknownPerson{value(fact, "description")};
  draft.channel = value(fact, "channel");
  draft.place = value(fact, "place");
  draft.outcome = value(fact, "outcome");
  draft.topics = model::split_codes(value(fact, "topics"));
  draft.minutes = minutes(fact, "minutes");
  draft.indirect_minutes = minutes(fact, "indirect_minutes");
  draft.note = value(fact, "note");
  if (const auto date = given(fact, "follow_up_date")) draft.follow_up = firmware::FollowUpDraft{*date, value(fact, "follow_up_text")};
  return draft;
}

template <typename T>
Status done(const Result<T>& result) {
  return result.ok() ? Status() : Status(result.error());
}

}  // namespace

Status Player::happen_to_clock(const Fact& fact, Device& device) {
  if (fact.what == Do::kClockRight) {
    device.clock().set_right();
  } else {
    const auto says = parse_date(value(fact, "date")).value_or(CivilDate{});
    device.clock().start_at(moment(to_day_number(says), 0));
  }
  tell_({{"clock", fact.handheld}, {"at", to_amsterdam_text(fact.at_ms)}, {"says", value(fact, "date")}});
  return {};
}

Status Player::log(const Fact& fact, firmware::Capture& capture) {
  LANTAARN_ASSIGN(const auto saved, capture.log_contact(draft_of(fact, client(fact.woman))));
  events_[fact.label] = saved.event;
  if (saved.follow_up) follow_ups_[fact.label] = *saved.follow_up;
  return {};
}

Status Player::change_woman(const Fact& fact, firmware::Capture& capture) {
  if (fact.what == Do::kClientAdd) {
    LANTAARN_ASSIGN(const auto saved, capture.add_client({fact.woman}));
    clients_[fact.woman] = saved.client.value_or(ClientId{});
    return {};
  }
  const ClientId woman = clients_.at(fact.woman);
  if (fact.what == Do::kClientName) return done(capture.name_client(woman, value(fact, "alias")));
  return done(capture.change_client(woman, fact.fields));
}

Status Player::write_record(const Fact& fact, firmware::Capture& capture) {
  if (fact.what == Do::kRecordChange) return done(capture.change_record(events_.at(fact.of), fact.reason, with_ids(fact.fields)));
  if (fact.what == Do::kRecordRetract) return done(capture.retract_record(events_.at(fact.of), fact.reason));
  LANTAARN_ASSIGN(const auto saved, capture.add_record({fact.kind, client(fact.woman), with_ids(fact.fields)}));
  events_[fact.label] = saved.event;
  return {};
}

Status Player::happen_outside(const Fact& fact) {
  Device& device = *devices_.at(fact.handheld);
  device.clock().stand_at(fact.at_ms);
  if (fact.what == Do::kClockWrong || fact.what == Do::kClockRight) return happen_to_clock(fact, device);
  LANTAARN_ASSIGN(auto capture, device.capture(fact.by));
  switch (fact.what) {
    case Do::kRoundStart: {
      firmware::RoundDraft draft{{value(fact, "places")}, {}};
      if (const std::string with = value(fact, "with"); !with.empty()) draft.colleagues = {with};
      return done(capture.start_round(draft));
    }
    case Do::kRoundEnd: return done(capture.end_round());
    case Do::kHeads: return done(capture.count(std::stoi(value(fact, "delta"))));
    case Do::kContact: return log(fact, capture);
    case Do::kAmend: {
      firmware::ContactChanges changes;
      changes.place = given(fact, "place");
      changes.minutes = given(fact, "minutes");
      return done(capture.amend(events_.at(fact.of), fact.reason, changes));
    }
    case Do::kRetract: return done(capture.retract(events_.at(fact.of), fact.reason));
    case Do::kFollowUpDone: return done(capture.finish_follow_up(follow_ups_.at(fact.of)));
    case Do::kClientAdd:
    case Do::kClientName:
    case Do::kClientSet: return change_woman(fact, capture);
    case Do::kRecord:
    case Do::kRecordChange:
    case Do::kRecordRetract: return write_record(fact, capture);
    default: return bug("programme: not something that happens on a handheld");
  }
}

}  // namespace lantaarn::programme

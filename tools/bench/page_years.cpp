#include "tools/bench/page_years.hpp"

#include "common/base/civil_time.hpp"
#include "common/model/codes.hpp"
#include "tests/support/generated_inbox.hpp"

namespace lantaarn::bench {
namespace {

using support::Draw;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::size_t kContactsOfARound = 20;
constexpr std::size_t kEveningsOfAYear = 365;
constexpr std::size_t kEntriesOfABatch = 190;  // as in generated_inbox.cpp: they fit 256 KiB
constexpr std::size_t kOverdueEvery = 25;      // one woman in 25 has a follow-up that is overdue
constexpr std::size_t kConflicts = 40;

class Programme {
 public:
  explicit Programme(server::admin::Context& context)
      : context_(context), keys_{context.keys.server, context.keys.sealing, context.keys.sealing_number, context.keys.authority},
        first_evening_ms_(context.clock.now().wall_ms - static_cast<std::int64_t>(kEveningsOfAYear) * kDayMs) {}

  Result<Years> live();

 private:
  struct Handheld {
    support::GeneratedUser user;
    support::GeneratedLog log;
    std::string round;  // the event id of the one that goes on; empty: none
  };
  Status found_fleet();
  void save(std::size_t handheld, const model::Event& event);
  void meet(std::size_t client);
  void write_about(std::size_t client);
  void disagree(std::size_t client);
  void log_contact(std::size_t number);
  void begin_round(std::size_t handheld, std::int64_t at_ms);
  model::Event event_of(std::size_t handheld, std::int64_t at_ms) { return support::draw_event(draw_, fleet_[handheld].user.id, at_ms); }
  void add_record(std::size_t client, const char* kind, std::initializer_list<std::pair<const char*, std::string>> fields);
  std::string name();
  std::string date(std::int64_t days_from_now) const {
    return to_string(add_days(date_in_amsterdam(context_.clock.now().wall_ms), static_cast<int>(days_from_now)));
  }
  std::string code(const char* list) {
    const auto codes = model::codes_of(list);
    return std::string(codes[draw_.below(codes.size())]);
  }

  server::admin::Context& context_;
  server::ServerKeys keys_;
  std::int64_t first_evening_ms_;
  Draw draw_{1};
  std::vector<Handheld> fleet_;
  std::vector<ClientId> clients_;
  support::GeneratedInbox inbox_;
  std::size_t events_ = 0;
};

Status Programme::found_fleet() {
  std::vector<Bytes> facts;
  for (std::size_t i = 0; i < kPageCaseManagers; ++i) {
    support::GeneratedUser user = support::draw_user(draw_);
    const auto device = draw_.id<DeviceId>();
    facts.push_back(support::user_added(draw_, keys_, user.id, "Case manager " + std::to_string(i)));
    facts.push_back(support::device_added(draw_, keys_, device, "Handheld of years " + std::to_string(i), {user.id}));
    facts.push_back(support::user_bound(draw_, keys_, device, user));
    fleet_.push_back({user, support::GeneratedLog(draw_, device, context_.keys.sealing.public_key()), {}});
  }
  LANTAARN_TRY(context_.merger.record(facts, context_.clock.now().wall_ms));
  return {};
}

void Programme::save(std::size_t handheld, const model::Event& event) {
  Handheld& hers = fleet_[handheld];
  hers.log.save(hers.user, model::encode_event(event));
  ++events_;
  if (hers.log.waiting() == kEntriesOfABatch) inbox_.put(hers.log, hers.log.take_batch());
}

// Some names are everybody's; most are nearly one woman's own.
std::string Programme::name() {
  static constexpr const char* kCommon[] = {"Ana", "Bianca", "Cristina", "Diana", "Elena", "Fatima", "Gabi", "Hanna", "Ioana", "Jolanda"};
  static constexpr const char* kParts[] = {"mi", "ra", "lo", "ve", "ta", "ni", "so", "ka", "de", "fi", "bo", "lu", "sa", "re", "zi", "mo", "ja", "wen"};
  if (draw_.one_in(20)) return kCommon[draw_.below(std::size(kCommon))];
  std::string text;
  for (int i = 0; i < 4; ++i) text += kParts[draw_.below(std::size(kParts))];
  text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

void Programme::meet(std::size_t client) {
  const std::size_t handheld = client % kPageCaseManagers;
  model::Event event = event_of(handheld, first_evening_ms_);
  auto& added = *event.mutable_client_added();
  clients_.push_back(draw_.id<ClientId>());
  added.set_client_id(model::id_field(clients_.back()));
  added.set_alias(name());
  const auto put = [&](const char* field, const std::string& value) {
    auto& change = *added.add_fields();
    change.set_field(field);
    change.set_value(value);
  };
  put("status", "in_view");
  put("intensity", code("intensity"));
  put("primary_contact", fleet_[handheld].user.id.hex());
  save(handheld, event);
}

void Programme::add_record(std::size_t client, const char* kind, std::initializer_list<std::pair<const char*, std::string>> fields) {
  const std::size_t handheld = client % kPageCaseManagers;
  model::Event event = event_of(handheld, first_evening_ms_ + kDayMs);
  auto& added = *event.mutable_record_added();
  added.set_client_id(model::id_field(clients_[client]));
  added.set_kind(kind);
  for (const auto& [name, value] : fields) {
    auto& field = *added.add_fields();
    field.set_field(name);
    field.set_value(value);
  }
  save(handheld, event);
}

void Programme::write_about(std::size_t client) {
  const auto ago = [&] { return date(-static_cast<std::int64_t>(draw_.below(300)) - 1); };
  add_record(client, "consent", {{"date", ago()}, {"state", "given"}, {"how", "oral"}, {"scope", "general_practitioner"}});
  add_record(client, "referral", {{"announced", ago()}, {"partner", code("partner")}, {"state", "waiting"}});
  for (int i = 0; i < 2; ++i) add_record(client, "appointment", {{"date", ago()}, {"to", code("appointment")}, {"attended", "yes"}});
  add_record(client, "goal", {{"date", ago()}, {"area", code("area")}, {"text", "a roof of her own"}, {"state", "active"}});
  model::Event event = event_of(client % kPageCaseManagers, first_evening_ms_ + kDayMs);
  auto& planned = *event.mutable_follow_up_planned();
  planned.set_client_id(model::id_field(clients_[client]));
  planned.set_due_date(client % kOverdueEvery == 0 ? ago() : date(static_cast<std::int64_t>(draw_.below(90)) + 1));
  planned.set_text("call back");
  planned.set_owner(model::id_field(fleet_[client % kPageCaseManagers].user.id));
  save(client % kPageCaseManagers, event);
}

// Two handhelds that did not know of each other.
void Programme::disagree(std::size_t client) {
  for (const std::size_t handheld : {client % kPageCaseManagers, (client + 1) % kPageCaseManagers}) {
    model::Event event = event_of(handheld, first_evening_ms_ + kDayMs);
    event.mutable_client_changed()->set_client_id(model::id_field(clients_[client]));
    auto& change = *event.mutable_client_changed()->add_changes();
    change.set_field("safe_contact");
    change.set_value(handheld == client % kPageCaseManagers ? std::string(model::codes_of("safe_contact").front())
                                                            : std::string(model::codes_of("safe_contact").back()));
    save(handheld, event);
  }
}

void Programme::begin_round(std::size_t handheld, std::int64_t at_ms) {
  Handheld& hers = fleet_[handheld];
  hers.log.new_seal_key(draw_);
  model::Event started = event_of(handheld, at_ms);
  started.mutable_round_started();
  hers.round = model::id_field(model::event_id_of(model::encode_event(started)));
  save(handheld, started);
}

// A year of evenings; what does not fit in it fills the same evenings once more, without rounds of its own.
void Programme::log_contact(std::size_t number) {
  const std::size_t handheld = (number / kContactsOfARound) % kPageCaseManagers;
  const std::size_t evening = number / (kContactsOfARound * kPageCaseManagers);
  const std::int64_t at_ms = first_evening_ms_ + static_cast<std::int64_t>(evening % kEveningsOfAYear) * kDayMs +
                             static_cast<std::int64_t>(number % kContactsOfARound) * 60'000;
  const bool has_round = evening < kEveningsOfAYear;
  if (number % kContactsOfARound == 0) has_round ? begin_round(handheld, at_ms) : fleet_[handheld].log.new_seal_key(draw_);
  const auto client = draw_.one_in(20) ? std::nullopt : std::optional(clients_[draw_.below(kPageClients)]);
  model::Event contact = support::draw_contact(draw_, fleet_[handheld].user.id, client, at_ms, std::string(60, 'n'));
  if (has_round) contact.set_round_id(fleet_[handheld].round);
  save(handheld, contact);
  if (!has_round || number % kContactsOfARound + 1 != kContactsOfARound) return;
  model::Event ended = event_of(handheld, at_ms + 60'000);
  ended.set_round_id(fleet_[handheld].round);
  ended.mutable_round_ended();
  save(handheld, ended);
}

Result<Years> Programme::live() {
  LANTAARN_TRY(found_fleet());
  for (std::size_t i = 0; i < kPageClients; ++i) meet(i);
  for (std::size_t i = 0; i < kPageClients; ++i) write_about(i);
  for (std::size_t i = 0; i < kConflicts; ++i) disagree(i * (kPageClients / kConflicts));
  for (std::size_t i = 0; i < kPageContacts; ++i) log_contact(i);
  for (Handheld& hers : fleet_) {
    if (hers.log.waiting() != 0) inbox_.put(hers.log, hers.log.take_batch());
  }
  LANTAARN_ASSIGN(const auto report, context_.merger.merge(inbox_));
  if (report.entries != events_) return bug("bench: the merge left events behind");
  LANTAARN_TRY(context_.registry.quarantine([](const server::Quarantined& apart) -> Status { return bug("bench: an event was set apart: " + apart.reason); }));
  Years years{{}, std::move(clients_)};
  for (const Handheld& hers : fleet_) years.case_managers.push_back(hers.user.id);
  return years;
}

}  // namespace

Result<Years> live_through_years(server::admin::Context& context) { return Programme(context).live(); }

}  // namespace lantaarn::bench

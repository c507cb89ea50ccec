#include "tools/programme/player.hpp"

#include <chrono>
#include <future>

#include "tools/programme/calendar.hpp"

namespace lantaarn::programme {
namespace {

namespace json = boost::json;

constexpr int kAfternoon = 15 * 60;

std::string text_of(const json::value& document, const char* member) { return std::string(document.at(member).as_string()); }

std::string month_of(const Fact& fact) { return to_string(date_in_amsterdam(fact.at_ms)).substr(0, 7); }

}  // namespace

Player::Player(const Scenario& scenario, Ground ground, Tell tell)
    : scenario_(scenario), ground_(std::move(ground)), tell_(std::move(tell)), office_(ground_.server_data, ground_.clock_file) {}

std::optional<ClientId> Player::client(const std::string& alias) const {
  const auto found = clients_.find(alias);
  return found == clients_.end() ? std::nullopt : std::optional(found->second);
}

model::FieldValues Player::with_ids(model::FieldValues fields) const {
  for (auto& [field, value] : fields) {
    const auto found = value.starts_with('@') ? events_.find(value.substr(1)) : events_.end();
    if (found != events_.end()) value = found->second.hex();
  }
  return fields;
}

Status Player::add_staff_and_women() {
  for (const std::string& name : scenario_.staff) {
    LANTAARN_TRY(office_.ask("user add", {{"name", {name}}, {"role", {scenario_.roles.at(name)}}}));
  }
  for (const Woman& woman : scenario_.women) {
    Office::Values values{{"alias", {woman.alias}}, {"primary", {woman.primary}}, {"as", {scenario_.person("coordinator")}}, {"reason", {"caseload"}}};
    if (!woman.intensity.empty()) values["intensity"] = {woman.intensity};
    if (!woman.second.empty()) values["second"] = {woman.second};
    LANTAARN_ASSIGN(const auto document, office_.ask("client add", values));
    clients_[woman.alias] = ClientId::parse_hex(text_of(document, "client_id")).value_or(ClientId{});
  }
  return {};
}

Result<std::string> Player::ticket(const Handheld& handheld, const std::string& user, bool is_first) {
  const std::scoped_lock one_at_a_time(ticket_mutex_);
  Office::Values values{{"name", {handheld.name}}, {"server", {ground_.server_address}}, {"ticket", {"ticket"}}};
  values[is_first ? "users" : "user"] = is_first ? handheld.users : std::vector{user};
  return office_.ask_for_ticket(is_first ? "device add" : "device add-user", values);
}

Status Player::enrol_one(const Handheld& handheld, Device& device) {
  for (const std::string& user : handheld.users) {
    LANTAARN_ASSIGN(const std::string text, ticket(handheld, user, user == handheld.users.front()));
    LANTAARN_TRY(device.enrol(text, user));
  }
  return {};
}

// Side by side: what takes the time is Argon2id.
Status Player::enrol_all() {
  std::vector<std::future<Status>> all;
  for (const Handheld& handheld : scenario_.handhelds) {
    LANTAARN_ASSIGN(devices_[handheld.key], Device::make(ground_.folder + "/" + handheld.key));
    Device& device = *devices_[handheld.key];
    const std::int64_t now = moment(scenario_.from - 1, kAfternoon);
    device.clock().stand_at(now);
    device.clock().start_at(now);
    all.push_back(std::async(std::launch::async, [this, &handheld, &device] { return enrol_one(handheld, device); }));
  }
  Status whole;
  for (auto& one : all) {
    Status done = one.get();
    if (!done.ok() && whole.ok()) whole = std::move(done);
  }
  return whole;
}

Status Player::prepare() {
  const std::int64_t now = moment(scenario_.from - 1, kAfternoon);
  LANTAARN_TRY(office_.set_clock(now));
  LANTAARN_TRY(add_staff_and_women());
  LANTAARN_TRY(enrol_all());
  tell_({{"prepared", true}, {"women", scenario_.women.size()}, {"staff", scenario_.staff.size()}});
  // The first sync brings the cards.
  LANTAARN_TRY(office_.set_clock(now));
  for (const Handheld& handheld : scenario_.handhelds) LANTAARN_TRY(sync(handheld.key, now));
  return {};
}

Status Player::play(const std::vector<Fact>& facts) {
  std::string month;
  for (const Fact& fact : facts) {
    if (month_of(fact) != month) tell_({{"month", month = month_of(fact)}});
    Status done = happen(fact);
    if (!done.ok()) return in_context(std::move(done).error(), to_amsterdam_text(fact.at_ms) + " " + fact.handheld + " " + fact.kind + " fact " + fact.label + fact.of);
  }
  for (const auto& [key, counts] : counts_) {
    tally_.saved += counts.saved;
    tally_.received += counts.received;
    tally_.merged += counts.merged;
  }
  return {};
}

Status Player::happen(const Fact& fact) {
  ++since_sync_[fact.handheld];
  if (fact.what == Do::kSync) return sync(fact.handheld, fact.at_ms);
  return fact.handheld.empty() ? happen_at_office(fact) : happen_outside(fact);
}

Status Player::sync(const std::string& handheld, std::int64_t at_ms) {
  Device& device = *devices_.at(handheld);
  LANTAARN_TRY(office_.set_clock(at_ms));
  device.clock().stand_at(at_ms);
  const auto begin = std::chrono::steady_clock::now();
  LANTAARN_ASSIGN(const auto counts, device.sync());
  tally_.sync_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  ++tally_.syncs;
  const std::uint64_t brought = counts.saved - counts_[handheld].saved;
  counts_[handheld] = counts;
  tell_({{"sync", handheld}, {"at", to_amsterdam_text(at_ms)}, {"facts", std::exchange(since_sync_[handheld], 0)}, {"brought", brought}, {"saved", counts.saved}, {"received", counts.received}, {"merged", counts.merged}});
  return {};
}

Status Player::happen_at_office(const Fact& fact) {
  LANTAARN_TRY(office_.set_clock(fact.at_ms));
  ++tally_.at_office;
  Office::Values values{{"as", {fact.by}}, {"reason", {fact.reason.empty() ? "administratie" : fact.reason}}};
  const auto of_record = [&] { return events_.at(fact.of).hex(); };
  if (fact.what == Do::kClientSet) {
    values["client"] = {clients_.at(fact.woman).hex()};
    for (const auto& [flag, value] : fact.fields) values[flag] = {value};
    const auto set = office_.ask("client set", values);
    return set.ok() ? Status() : Status(set.error());
  }
  for (const auto& [field, value] : with_ids(fact.fields)) values["fields"].push_back(field + "=" + value);
  if (fact.what == Do::kRecord) {
    values["kind"] = {fact.kind};
    if (const auto woman = client(fact.woman)) values["client"] = {woman->hex()};
    LANTAARN_ASSIGN(const auto document, office_.ask("record add", values));
    events_[fact.label] = EventId::parse_hex(text_of(document, "record_id")).value_or(EventId{});
    return {};
  }
  values["record"] = {of_record()};
  const auto changed = office_.ask(fact.what == Do::kRecordChange ? "record change" : "record retract", values);
  return changed.ok() ? Status() : Status(changed.error());
}

}  // namespace lantaarn::programme

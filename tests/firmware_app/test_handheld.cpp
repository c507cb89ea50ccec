#include "tests/firmware_app/test_handheld.hpp"

#include <catch2/catch.hpp>

#include "common/crypto/random.hpp"
#include "common/model/card_box.hpp"

namespace lantaarn::support {

using namespace firmware;

Result<crypto::Key> MemorySecret::read() const {
  if (!secret) return corrupt("device_secret_missing");
  return secret->duplicate();
}

Result<crypto::Key> MemorySecret::read_or_make() {
  if (!secret) secret = crypto::random_secret<32>();
  return secret->duplicate();
}

Status MemorySecret::destroy() {
  secret.reset();
  return {};
}

TestClock::TestClock() {
  reading.wall_ms = 1'795'375'800'000;  // 22 November 2026, in the evening
  reading.monotonic_ms = 5'000'000;
  reading.boot_id.fill(1);
}

void TestClock::pass(std::int64_t ms) {
  reading.wall_ms += ms;
  reading.monotonic_ms += ms;
}

void TestClock::reboot() {
  ++reading.boot_id[0];
  reading.monotonic_ms = 0;
}

crypto::SecretBytes pin_of(std::string_view digits) { return crypto::SecretBytes(as_bytes(digits)); }

TestHandheld::TestHandheld()
    : server_key(crypto::random_secret<32>()),
      device(crypto::random_id<DeviceId>()),
      server(crypto::random_id<ServerId>()),
      noor(crypto::random_id<UserId>()),
      maaike(crypto::random_id<UserId>()) {}

sync::Ticket TestHandheld::ticket(std::uint8_t number) const {
  sync::Ticket ticket;
  ticket.id.bytes.fill(number);
  ticket.server = server;
  ticket.server_address = "server.example:4040";
  ticket.sealing_key = server_key.public_key();
  ticket.device = device;
  ticket.device_name = "h1";
  ticket.users = {{noor, "Noor"}, {maaike, "Maaike"}};
  return ticket;
}

EnrolmentReply TestHandheld::reply() const {
  EnrolmentReply reply;
  reply.lease = Lease{clock.reading.wall_ms + 7 * 86'400'000LL, 40, 0};
  reply.clock = ClockObservation{clock.reading.wall_ms, clock.reading.wall_ms, clock.reading.monotonic_ms, clock.reading.boot_id};
  return reply;
}

void TestHandheld::enrol_both() {
  auto vault = open_vault();
  REQUIRE(vault.ok());
  for (const auto& [name, pin, further] : {std::tuple{"Noor", "12345678", false}, {"Maaike", "87654321", true}}) {
    auto begun = vault->begin_enrolment(ticket(further ? 2 : 1), name, pin_of(pin), "", further);
    REQUIRE(begun.ok());
    REQUIRE(vault->finish_enrolment(*begun, reply()).ok());
  }
}

database::OpenOptions TestHandheld::options() const {
  database::OpenOptions options;
  options.vfs = vfs.name();
  options.busy_timeout_ms = 0;
  return options;
}

Result<Vault> TestHandheld::open_vault() {
  VaultOptions made;
  made.database = options();
  made.measure = [] { return Result<crypto::KdfParameters>(crypto::KdfParameters{1, 1}); };
  made.pin_kdf = [this](ByteView pin, ByteView salt, const crypto::KdfParameters& parameters) -> Result<crypto::Key> {
    ++kdf_runs;
    if (kdf_fails) return retry("memory_short");
    return cheap_pin_kdf()(pin, salt, parameters);
  };
  return Vault::open("vault.db", secret, std::move(made));
}

Result<journal::Journal> TestHandheld::open_journal() { return journal::Journal::open("journal.db", device, options()); }

Result<std::unique_ptr<OpenHandheld>> TestHandheld::open(const std::string& name, std::string_view pin) {
  LANTAARN_ASSIGN(auto vault, open_vault());
  LANTAARN_ASSIGN(auto facts, vault.server());
  LANTAARN_ASSIGN(auto journal, open_journal());
  LANTAARN_ASSIGN(auto caseload, Caseload::open("caseload.db", options()));
  LANTAARN_ASSIGN(const auto known, vault.find_user(name));
  LANTAARN_ASSIGN(auto user, vault.unlock(known, pin_of(pin), clock.now()));
  LANTAARN_ASSIGN(auto cards, load_cards(caseload, journal, user));
  return std::unique_ptr<OpenHandheld>(new OpenHandheld{std::move(vault), std::move(facts), std::move(journal), std::move(caseload),
                                                        std::move(user), std::move(cards), clock});
}

void give_cards(Caseload& caseload, const UnlockedUser& user, const std::vector<std::string>& names) {
  model::pb::CardBundle bundle;
  bundle.set_user_id(to_string(user.id.view()));
  bundle.set_edition(1);
  bundle.set_parts(1);
  char id = 'c';
  for (const std::string& name : names) {
    auto* card = bundle.add_cards();
    card->set_client_id(std::string(16, id++));
    card->add_aliases(name);
  }
  REQUIRE(caseload.store(user.id, {1, 1}, model::seal_cards(user.box.public_key(), as_bytes(bundle.SerializeAsString()))).ok());
}

ContactDraft a_contact(const std::string& note) {
  ContactDraft draft;
  draft.who = UnknownPerson{"with a red coat"};
  draft.channel = "in_person";
  draft.place = "zone";
  draft.outcome = "spoken";
  draft.topics = {"housing", "money"};
  draft.minutes = 5;
  draft.note = note;
  return draft;
}

}  // namespace lantaarn::support

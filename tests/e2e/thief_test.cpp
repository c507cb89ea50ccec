// Someone has the whole folder of a handheld: databases, device secret, everything but a PIN, or with one user's PIN.
// The program refuses him, so here he also writes with the libraries themselves.
#include <catch2/catch.hpp>
#include <filesystem>

#include "common/base/clock.hpp"
#include "common/crypto/random.hpp"
#include "common/journal/journal.hpp"
#include "common/model/event.hpp"
#include "firmware_app/caseload/companions.hpp"
#include "firmware_app/vault/vault.hpp"
#include "tests/e2e/town.hpp"

using namespace lantaarn;
using namespace lantaarn::e2e;
namespace fs = std::filesystem;

namespace {

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().to_log_line());
  return std::move(result).value();
}

firmware::Vault open_vault(const Handheld& handheld) {
  firmware::FileDeviceSecret secret(handheld.data() + "/device.secret");
  return must(firmware::Vault::open(handheld.data() + "/vault.db", secret, firmware::program_vault_options()));
}

firmware::UnlockedUser unlocked(const Handheld& handheld, const std::string& user) {
  auto vault = open_vault(handheld);
  const std::string pin = support::read_file(handheld.pin_file(user));
  const crypto::SecretBytes secret(as_bytes(pin).first(pin.size() - 1));
  return must(vault.unlock(must(vault.find_user(user)), secret, SystemClock().now()));
}

/// Writes a contact into the handheld's journal over `author`'s name, with a key of the thief's own.
void forge_contact(const Handheld& handheld, const UserId& author) {
  auto vault = open_vault(handheld);
  const auto server = must(vault.server());
  auto journal = must(journal::Journal::open(handheld.data() + "/journal.db", server.device));
  model::Event event = model::new_event(author, SystemClock().now());
  auto& contact = *event.mutable_contact_logged();
  contact.set_occurred_at_ms(SystemClock().now().wall_ms);
  contact.set_channel("phone");
  contact.set_place("office");
  contact.set_outcome("spoken");
  const Bytes bytes = model::encode_event(event);
  const crypto::SignKey own(crypto::random_secret<32>());
  const journal::SealKey key{crypto::random_id<KeyId>(), crypto::random_secret<32>()};
  (void)must(journal.save({bytes}, {author, own}, {key, server.sealing_key, server.sealing_key_number, server.epoch}));
}

/// Whatever in the folder's files, at any offset, opens with this key as one of the handheld's small sealed records.
std::vector<std::string> records_opened_by(const crypto::BoxKey& key, const std::string& folder) {
  std::vector<std::string> opened;
  const std::size_t record_bytes = firmware::kCompanionPadBytes + crypto::kSealedBoxOverhead;
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    const std::string content = support::read_file(file.path().string());
    for (std::size_t at = 0; at + record_bytes <= content.size(); ++at) {
      // A box begins with a public key; free space does not look like one.
      if (std::count(content.begin() + at, content.begin() + at + 32, '\0') > 8) continue;
      if (const auto plain = key.open(as_bytes(content).subspan(at, record_bytes))) opened.push_back(to_string(plain->view()));
    }
  }
  return opened;
}

/// How many entries of the journal open with some 32 bytes of these records.
std::size_t entries_opened_with(const std::vector<std::string>& records, const Handheld& handheld) {
  const auto device = must(open_vault(handheld).server()).device;
  auto journal = must(journal::Journal::open(handheld.data() + "/journal.db", device));
  std::size_t count = 0;
  for (const auto& log : must(journal.logs())) {
    const auto visited = journal.scan(log.genesis.log, 1, [&](const journal::EntryView& entry, ByteView) -> Status {
      Bytes event;
      for (const auto& record : records) {
        for (std::size_t at = 0; at + 32 <= record.size(); ++at) {
          const auto key = crypto::Key::from(as_bytes(record).subspan(at, 32));
          if (journal::open_entry(entry, *key, event).ok()) {
            ++count;
            return {};
          }
        }
      }
      return {};
    });
    if (!visited) throw std::runtime_error(visited.error().to_log_line());
  }
  return count;
}

}  // namespace

TEST_CASE("a thief with the whole folder but no PIN writes nothing that the server admits", "[e2e][thief]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  const std::string real = handheld.log("Noor", "Roos");
  const auto noor = must(open_vault(handheld).find_user("Noor")).id;
  const std::string copy = town.folder().file("copy");
  fs::copy(handheld.data(), copy, fs::copy_options::recursive);

  SECTION("over a user's name") { forge_contact(handheld, noor); }
  SECTION("over an invented name") { forge_contact(handheld, crypto::random_id<UserId>()); }
  (void)handheld.try_sync();  // brings at most what was real; what the server says to the rest is its own tests' matter
  const auto admitted = town.contacts();
  CHECK(admitted.size() <= 1);
  for (const auto& contact : admitted) CHECK(text_of(contact, "event_id") == real);

  // The handheld itself, back with its user, is not locked out by what he did.
  fs::remove_all(handheld.data());
  fs::copy(copy, handheld.data(), fs::copy_options::recursive);
  const std::string later = handheld.log("Noor", "Roos");
  (void)handheld.try_sync();
  (void)handheld.try_sync();
  std::vector<std::string> shown;
  for (const auto& contact : town.contacts()) shown.push_back(text_of(contact, "event_id"));
  CHECK(std::count(shown.begin(), shown.end(), real) == 1);
}

TEST_CASE("with one user's PIN nothing of another opens", "[e2e][thief]") {
  Town town;
  town.add_woman("Roos", "Noor");
  town.add_woman("Ilona", "Maaike");
  Handheld& handheld = town.add_handheld("h1", {"Noor", "Maaike"});
  (void)handheld.ask({"round", "start", "--place", "zone"}, "Noor");
  handheld.log("Noor", "Roos");

  const Words as_noor = {"contacts", "--user", "Noor", "--pin-file", handheld.pin_file("Maaike")};
  CHECK(not_refused(handheld.run(as_noor), "wrong_pin") == "");
  CHECK(handheld.ask({"contacts"}, "Maaike").as_array().empty());
  CHECK(json::serialize(handheld.ask({"clients"}, "Maaike")).find("Roos") == std::string::npos);
  CHECK(json::serialize(handheld.ask({"clients"}, "Noor")).find("Ilona") == std::string::npos);

  const auto noors = unlocked(handheld, "Noor");
  const auto maaikes = unlocked(handheld, "Maaike");
  CHECK(entries_opened_with(records_opened_by(noors.box, handheld.data()), handheld) >= 2);
  CHECK(entries_opened_with(records_opened_by(maaikes.box, handheld.data()), handheld) == 0);
}

TEST_CASE("after the round's end the folder and the PIN together open no contact of it", "[e2e][thief]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  (void)handheld.ask({"round", "start", "--place", "zone"}, "Noor");
  handheld.log("Noor", "Roos");
  const auto noor = unlocked(handheld, "Noor");
  REQUIRE(entries_opened_with(records_opened_by(noor.box, handheld.data()), handheld) >= 2);

  (void)handheld.ask({"round", "end"}, "Noor");
  CHECK(handheld.ask({"contacts"}, "Noor").as_array().empty());
  CHECK(entries_opened_with(records_opened_by(noor.box, handheld.data()), handheld) == 0);
  handheld.sync();
  CHECK(town.contacts().size() == 1);
}

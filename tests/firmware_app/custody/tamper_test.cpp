// A handheld's folder with one bit flipped, for many bits or (tools/test --tamper) every one: it is reported or does no harm,
// never is anything read that was not saved, and what is good stays readable. Whoever alters it with thought is met by
// thief_test.cpp; an older copy of the whole folder is met by the server (fork_test.cpp).
#include <catch2/catch.hpp>

#include "firmware_app/capture/capture.hpp"
#include "tests/firmware_app/test_handheld.hpp"
#include "tests/support/flips.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;

namespace {

constexpr int kContacts = 200;
constexpr const char* kNewNote = "after the flip";

/// The program's own word for it: damaged, or of no program that is known here.
bool tells(const Error& error) { return error.kind == ErrorKind::kCorrupt || error.code == "newer_store" || error.code == "not_enrolled"; }

/// Who reads, as of before the flip.
struct Reader {
  UnlockedUser user;
  ServerFacts facts;
  std::vector<CaseCard> cards;
};

std::string as_line(const ContactView& view) {
  std::string line = to_string(view.event.view()) + (view.amended ? " amended" : "") + (view.retracted ? " retracted" : "");
  for (const auto& [field, value] : view.fields) line += "|" + field + "=" + value;
  return line + "|" + std::to_string(view.recorded_ms);
}

std::string as_line(const CaseCard& card) { return card.card.SerializeAsString() + (card.provisional ? "p" : ""); }

std::string as_line(const ServerFacts& facts) {
  std::string line = facts.address + "|" + facts.device_name + "|" + std::to_string(facts.sealing_key_number) + "|" + std::to_string(facts.epoch) + "|" +
                     std::to_string(facts.keys_generation);
  for (const ByteView part : {ByteView(facts.server.view()), ByteView(facts.channel_key), ByteView(facts.authority_key), ByteView(facts.sealing_key),
                              ByteView(facts.device.view()), facts.recovery_key ? ByteView(*facts.recovery_key) : ByteView()}) {
    line += "|" + to_string(part);
  }
  return line;
}

template <typename Each>
std::set<std::string> lines_of(const std::vector<Each>& each) {
  std::set<std::string> lines;
  for (const Each& one : each) lines.insert(as_line(one));
  return lines;
}

bool within(const std::set<std::string>& read, const std::set<std::string>& saved) {
  return std::includes(saved.begin(), saved.end(), read.begin(), read.end());
}

/// Two users, a card from the server, a woman added here, two hundred contacts of an open round.
struct Folder : support::TestHandheld {
  support::FaultDisk::Snapshot whole;
  std::optional<Reader> reader;
  std::map<Hash, std::uint64_t> saved;
  std::set<std::string> contacts, cards;
  std::string facts;
  UserId author;

  Folder() {
    enrol_both();
    fill();
    whole = vfs.disk().snapshot();
    auto open = this->open();
    REQUIRE(open.ok());
    contacts = lines_of((*open)->capture().readable()->contacts);
    cards = lines_of((*open)->cards);
    facts = as_line((*open)->server);
    const auto logs = (*open)->journal.logs();
    REQUIRE(logs->size() == 1);
    REQUIRE(logs->front().head.seq >= 200);
    for (const auto& [hash, seq] : entries_of((*open)->journal, logs->front().genesis.log).first) saved.emplace(hash, seq);
    author = (*open)->user.id;
    reader.emplace(Reader{std::move((*open)->user), std::move((*open)->server), std::move((*open)->cards)});
  }

  void fill() {
    auto open = this->open();
    REQUIRE(open.ok());
    auto& at = **open;
    std::vector<std::string> names;
    for (int i = 0; i < 8; ++i) names.push_back("Roos " + std::to_string(i));
    support::give_cards(at.caseload, at.user, names);
    REQUIRE(at.capture().start_round({{"zone"}, {"Maaike"}}).ok());
    for (int i = 0; i < kContacts; ++i) {
      ContactDraft draft = support::a_contact("note " + std::to_string(i));
      if (i == 20) draft.who = NewClient{"Iris"};
      REQUIRE(at.capture().log_contact(draft).ok());
      clock.pass(30'000);
    }
  }

  using Entries = std::pair<std::map<Hash, std::uint64_t>, std::optional<Error>>;
  [[nodiscard]] static Entries entries_of(journal::Journal& journal, const LogId& log) {
    Entries found;
    const Status scanned = journal.scan(log, 1, [&](const journal::EntryView& entry, ByteView) -> Status {
      found.first.emplace(journal::entry_hash(entry.bytes), entry.header.seq);
      return {};
    });
    if (!scanned.ok()) found.second = scanned.error();
    return found;
  }

  void flip(const std::string& file, std::uint64_t bit) {
    vfs.disk().restore(whole);
    vfs.disk().flip_bit(file, bit / 8, static_cast<unsigned>(bit % 8));
  }

  // "" or what is wrong with what a program makes of it now.
  [[nodiscard]] std::string journal_trouble() {
    auto journal = open_journal();
    if (!journal.ok()) return tells(journal.error()) ? "" : "opening: " + journal.error().to_log_line();
    bool reported = !journal->damage().empty();
    const auto logs = journal->logs();
    if (!logs.ok()) return tells(logs.error()) ? "" : "logs: " + logs.error().to_log_line();
    std::set<Hash> read;
    for (const auto& log : *logs) {
      const Entries found = entries_of(*journal, log.genesis.log);
      for (const auto& [hash, seq] : found.first) {
        if (!saved.contains(hash) || saved.at(hash) != seq) return "an entry that was never saved";
        read.insert(hash);
      }
      if (!found.second) continue;
      if (!tells(*found.second)) return "scan: " + found.second->to_log_line();
      reported = true;
      const std::string sent = what_leaves(*journal, log);
      if (!sent.empty()) return sent;
    }
    if (!reported && read.size() != saved.size()) return "an entry is gone and nobody says so";
    return capture_trouble(*journal, reported);
  }

  /// A batch goes out only with a signature that covers it.
  [[nodiscard]] std::string what_leaves(journal::Journal& journal, const journal::LogState& log) {
    for (std::uint64_t from = 1; from <= log.head.seq;) {
      const auto batch = journal.read_batch(log.genesis.log, from);
      if (!batch.ok()) return tells(batch.error()) ? "" : "batch: " + batch.error().to_log_line();
      if (batch->empty()) return "";
      const auto keys = [&](const UserId& user) { return user == author ? std::optional(reader->user.sign.verify_key()) : std::nullopt; };
      const auto verified = journal::verify_batch(*batch, device, log.genesis.log, keys);
      if (!verified.ok()) return "a batch that nobody would take: " + verified.error().to_log_line();
      from = verified->last.seq + 1;
    }
    return "";
  }

  [[nodiscard]] std::string capture_trouble(journal::Journal& journal, bool reported) {
    Capture capture{journal, reader->user, reader->facts, clock, reader->cards};
    const auto readable = capture.readable();
    if (!readable.ok()) {
      if (!tells(readable.error())) return "reading: " + readable.error().to_log_line();
    } else {
      const auto lines = lines_of(readable->contacts);
      if (!within(lines, contacts)) return "a contact that was never saved";
      if (readable->damage && !tells(*readable->damage)) return "damage: " + readable->damage->to_log_line();
      if (lines.size() != contacts.size() && !readable->damage && !reported) return "a contact is gone and nobody says so";
    }
    const auto logged = capture.log_contact(support::a_contact(kNewNote));
    if (!logged.ok()) return tells(logged.error()) ? "" : "saving: " + logged.error().to_log_line();
    const auto again = journal.hash_at(logged->place.log, logged->place.seq);
    return again.ok() ? "" : "what was saved after it is not there";
  }

  [[nodiscard]] std::string vault_trouble() {
    auto vault = open_vault();
    if (!vault.ok()) return tells(vault.error()) ? "" : "opening: " + vault.error().to_log_line();
    const auto said = vault->server();
    if (!said.ok()) return tells(said.error()) ? "" : "server: " + said.error().to_log_line();
    if (as_line(*said) != facts) return "another server";
    const auto keys = vault->channel_keys();
    if (!keys.ok() && !tells(keys.error())) return "channel keys: " + keys.error().to_log_line();
    const auto known = vault->find_user("Noor");
    if (!known.ok()) return tells(known.error()) || known.error().code == "user_unknown" ? "" : "user: " + known.error().to_log_line();
    auto user = vault->unlock(*known, support::pin_of("12345678"), clock.now());
    if (!user.ok()) {
      const std::string& code = user.error().code;
      return tells(user.error()) || code == "user_unknown" || code == "wrong_pin" || code == "wait_before_pin" || code == "pin_destroyed" ? "" : "unlocking: " + code;
    }
    if (user->access.lease_ended) return "";
    const bool same = user->sign.verify_key() == reader->user.sign.verify_key() && user->box.public_key() == reader->user.box.public_key() && user->id == author;
    return same ? "" : "somebody else's keys";
  }

  [[nodiscard]] std::string caseload_trouble() {
    auto caseload = Caseload::open("caseload.db", options());
    if (!caseload.ok()) return tells(caseload.error()) ? "" : "opening: " + caseload.error().to_log_line();
    auto journal = open_journal();
    const auto loaded = load_cards(*caseload, *journal, reader->user);
    if (!loaded.ok()) return tells(loaded.error()) ? "" : "cards: " + loaded.error().to_log_line();
    return lines_of(*loaded) == cards ? "" : "a card is another one, or gone, and nobody says so";
  }

  void flip_many(const std::string& file, std::uint64_t sampled, const std::function<std::string()>& look) {
    support::Random random(support::flips_seed());
  INFO("LANTAARN_SEED=" << random.seed());
    support::Flips flips(8 * whole.at(file).size(), sampled, random);
    for (std::uint64_t i = 0; i < flips.count(); ++i) {
      const std::uint64_t bit = flips.bit(i);
      flip(file, bit);
      const std::string trouble = look();
      if (trouble.empty()) continue;
      CAPTURE(file, bit);
      FAIL_CHECK(trouble);
    }
    std::printf("%s: %llu of %zu bits flipped\n", file.c_str(), static_cast<unsigned long long>(flips.count()), 8 * whole.at(file).size());
  }
};

}  // namespace

TEST_CASE_METHOD(Folder, "a folder that nobody touched is read whole", "[tamper]") {
  vfs.disk().restore(whole);
  CHECK(journal_trouble().empty());
  vfs.disk().restore(whole);
  CHECK(vault_trouble().empty());
  vfs.disk().restore(whole);
  CHECK(caseload_trouble().empty());
}

TEST_CASE_METHOD(Folder, "a bit flipped in a journal of two hundred entries is reported or does no harm", "[tamper]") {
  flip_many("journal.db", 2500, [&] { return journal_trouble(); });
}

TEST_CASE_METHOD(Folder, "a bit flipped in the vault never makes another server, another user or another key", "[tamper]") {
  flip_many("vault.db", 800, [&] { return vault_trouble(); });
}

TEST_CASE_METHOD(Folder, "a bit flipped in the caseload never makes another card", "[tamper]") {
  flip_many("caseload.db", 700, [&] { return caseload_trouble(); });
}

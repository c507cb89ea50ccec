#pragma once
// A handheld's journal with one author and one round, in a temporary folder or on a failing disk.

#include <catch2/catch.hpp>

#include "common/crypto/random.hpp"
#include "common/journal/journal.hpp"
#include "tests/support/temp_folder.hpp"

namespace lantaarn::journal {

struct Fixture {
  DeviceId device = crypto::random_id<DeviceId>();
  UserId author_id = crypto::random_id<UserId>();
  crypto::SignKey sign_key{crypto::random_secret<32>()};
  crypto::BoxKey server{crypto::random_secret<32>()};
  SealKey round{crypto::random_id<KeyId>(), crypto::random_secret<32>()};

  [[nodiscard]] Author author() const { return {author_id, sign_key}; }
  [[nodiscard]] Sealing sealing() const { return {round, server.public_key(), 1, 7}; }
  [[nodiscard]] AuthorKeys keys() const {
    return [this](const UserId& id) { return id == author_id ? std::optional(sign_key.verify_key()) : std::nullopt; };
  }
  void next_round() { round = SealKey{crypto::random_id<KeyId>(), crypto::random_secret<32>()}; }

  [[nodiscard]] Result<std::vector<Saved>> save(Journal& journal, const std::vector<std::string>& texts,
                                                const std::vector<Companion>& companions = {}) const {
    std::vector<ByteView> events;
    for (const auto& text : texts) events.push_back(as_bytes(text));
    return journal.save(events, author(), sealing(), companions);
  }
  /// Every event of the log that still takes entries, opened with the round's key.
  [[nodiscard]] std::vector<std::string> read(Journal& journal) const {
    std::vector<std::string> texts;
    for (const auto& log : journal.logs().value()) {
      const auto scanned = journal.scan(log.genesis.log, 1, [&](const EntryView& entry, ByteView) -> Status {
        Bytes event;
        LANTAARN_TRY(open_entry(entry, round.key, event));
        texts.push_back(to_string(event));
        return {};
      });
      if (!scanned.ok() && log.head.seq > 0) texts.push_back("! " + scanned.error().code);
    }
    return texts;
  }
};

}  // namespace lantaarn::journal

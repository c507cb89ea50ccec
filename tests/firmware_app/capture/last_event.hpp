#pragma once
// What was saved last, as its own user can read it.

#include <catch2/catch.hpp>

#include "tests/firmware_app/test_handheld.hpp"

namespace lantaarn::support {

[[nodiscard]] inline model::Event last_event(OpenHandheld& handheld) {
  const auto keys = firmware::open_round_keys(handheld.journal, handheld.user.box);
  const auto log = handheld.journal.logs()->back();
  model::Event found;
  const auto read = handheld.journal.scan(log.genesis.log, log.head.seq, [&](const journal::EntryView& entry, ByteView) -> Status {
    Bytes bytes;
    for (const auto& key : *keys) {
      if (key.seal.id == entry.header.seal_key) LANTAARN_TRY(journal::open_entry(entry, key.seal.key, bytes));
    }
    LANTAARN_ASSIGN(found, model::decode_event(bytes));
    return {};
  });
  REQUIRE(read.ok());
  return found;
}

/// The heads that a field's change names.
template <typename Changes>
[[nodiscard]] std::vector<std::string> heads_in(const Changes& changes, const std::string& field) {
  for (const auto& change : changes) {
    if (change.field() == field) return {change.heads().begin(), change.heads().end()};
  }
  return {};
}

}  // namespace lantaarn::support

#include "sync_server/log/journal_entry.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn::server::log;

TEST_CASE("an entry of the journal says what happened in fields of its own", "[log]") {
  CHECK(journal_entry("gateway", Kind::kSessionEnded, "session of 0a ended", {{"DEVICE", "0a"}, {"BATCHES", "3"}}) ==
        "MESSAGE=session of 0a ended\nMESSAGE_ID=7a7ce2f1f0b94a0c8d0a4a1be1a3c501\nPRIORITY=6\nSYSLOG_IDENTIFIER=lantaarn-server\n"
        "LANTAARN_PROCESS=gateway\nLANTAARN_DEVICE=0a\nLANTAARN_BATCHES=3\n");
}

TEST_CASE("nothing in a value forges another field", "[log]") {
  const std::string entry = journal_entry("registry", Kind::kAlarm, "one\ntwo=3", {{"CODE", "a\nPRIORITY=7"}});
  CHECK(entry.find("\nPRIORITY=7") == std::string::npos);
  CHECK(entry.find("\ntwo=3") == std::string::npos);
  CHECK(entry.find("\nPRIORITY=2\n") != std::string::npos);
}

TEST_CASE("the journal is written to only when standard error is the journal's", "[log]") {
  CHECK(is_journal_stream("8:1234", 8, 1234));
  CHECK_FALSE(is_journal_stream("8:1234", 8, 1235));
  CHECK_FALSE(is_journal_stream("", 8, 1234));
  CHECK_FALSE(is_journal_stream(nullptr, 8, 1234));
}

TEST_CASE("every kind has an id of its own, 32 hex digits, which LOG.md names", "[log]") {
  const std::string document = lantaarn::support::read_file(lantaarn::support::source_path("sync_server/log/LOG.md"));
  std::set<std::string_view> ids;
  for (int kind = static_cast<int>(Kind::kNote); kind <= static_cast<int>(Kind::kConfined); ++kind) {
    const auto id = message_id(static_cast<Kind>(kind));
    CHECK(id.size() == 32);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string_view::npos);
    CHECK(document.find(id) != std::string::npos);
    ids.insert(id);
  }
  CHECK(ids.size() == static_cast<std::size_t>(Kind::kConfined) + 1);
}

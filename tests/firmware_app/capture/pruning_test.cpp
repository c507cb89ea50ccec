#include "firmware_app/capture/pruning.hpp"

#include <catch2/catch.hpp>

#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::a_contact;

namespace {

struct World : support::TestHandheld {
  World() { enrol_both(); }
  std::unique_ptr<support::OpenHandheld> as(const char* name) {
    auto opened = open(name, std::string_view(name) == "Noor" ? "12345678" : "87654321");
    REQUIRE(opened.ok());
    return std::move(*opened);
  }
};

journal::LogState log_of(journal::Journal& journal) { return journal.logs()->back(); }

// The authority's word, about everything there is.
void secure_all(journal::Journal& journal) {
  const auto log = log_of(journal);
  REQUIRE(journal.record_secured(log.genesis.log, log.head, as_bytes("said")).ok());
}

}  // namespace

TEST_CASE("an open round keeps what it reads, however secured, what was before it goes", "[capture][prune]") {
  World world;
  {
    auto noor = world.as("Noor");
    REQUIRE(noor->capture().start_round({{"zone"}, {}}).ok());
    REQUIRE(noor->capture().log_contact(a_contact("of an earlier round")).ok());
    REQUIRE(noor->capture().end_round().ok());
  }
  std::uint64_t before = 0;
  {
    auto maaike = world.as("Maaike");
    before = log_of(maaike->journal).head.seq;
    REQUIRE(maaike->capture().start_round({{"loods"}, {}}).ok());
    REQUIRE(maaike->capture().log_contact(a_contact("tonight")).ok());
    secure_all(maaike->journal);
    CHECK(prune_secured(maaike->journal).value() == before);
    CHECK(log_of(maaike->journal).pruned.seq == before);
    const auto read = maaike->capture().readable();
    CHECK_FALSE(read->damage.has_value());
    REQUIRE(read->contacts.size() == 1);
    CHECK(read->contacts.front().fields.at("note") == "tonight");
    REQUIRE(maaike->capture().end_round().ok());
    secure_all(maaike->journal);
    CHECK(prune_secured(maaike->journal).value() == log_of(maaike->journal).head.seq - before);
  }
  auto noor = world.as("Noor");
  REQUIRE(noor->capture().log_contact(a_contact("at the desk")).ok());
  CHECK(noor->capture().readable()->contacts.size() == 1);
}

TEST_CASE("what was logged at the desk stays until the desk is cleared", "[capture][prune]") {
  World world;
  auto noor = world.as("Noor");
  REQUIRE(noor->capture().log_contact(a_contact("by telephone")).ok());
  secure_all(noor->journal);
  CHECK(prune_secured(noor->journal).value() == 0);
  REQUIRE(end_all_desks(noor->journal).ok());
  CHECK(prune_secured(noor->journal).value() == 1);
}

TEST_CASE("a later log is kept whole while a round of an earlier one is open", "[capture][prune]") {
  World world;
  auto noor = world.as("Noor");
  REQUIRE(noor->capture().start_round({{"zone"}, {}}).ok());
  REQUIRE(noor->journal.start_new_log().ok());
  REQUIRE(noor->capture().log_contact(a_contact("after the new start")).ok());
  secure_all(noor->journal);
  CHECK(prune_secured(noor->journal).value() == 0);
  CHECK(noor->capture().readable()->contacts.size() == 1);
}

TEST_CASE("a round of an older program, which does not say from where it reads, keeps everything", "[capture][prune]") {
  World world;
  auto noor = world.as("Noor");
  REQUIRE(noor->capture().start_round({{"zone"}, {}}).ok());
  REQUIRE(noor->capture().end_round().ok());
  REQUIRE(noor->capture().start_round({{"zone"}, {}}).ok());
  const auto kept = noor->journal.companions(kKeptFromCompanion).value();
  REQUIRE(kept.size() == 1);
  REQUIRE(noor->journal.save_companions({removed_companion(kKeptFromCompanion, kept.front().key)}).ok());
  secure_all(noor->journal);
  CHECK(prune_secured(noor->journal).value() == 0);
}

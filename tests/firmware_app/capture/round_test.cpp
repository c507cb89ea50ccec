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
  std::size_t readable_to(const char* name) {
    auto opened = as(name);
    const auto read = opened->capture().readable();
    REQUIRE(read.ok());
    CHECK_FALSE(read->damage.has_value());
    return read->contacts.size();
  }
};

template <typename T>
std::string code(const Result<T>& result) {
  return result.ok() ? "" : result.error().code;
}

}  // namespace

TEST_CASE("a contact can be read while the round is open, and by nothing here after it ended", "[capture]") {
  World world;
  {
    auto open = world.as("Noor");
    REQUIRE(open->capture().start_round({{"zone"}, {"Fatma"}}).ok());
    REQUIRE(open->capture().log_contact(a_contact("first")).ok());
  }
  {
    auto open = world.as("Noor");
    REQUIRE(open->capture().log_contact(a_contact("second")).ok());
    const auto read = open->capture().readable();
    REQUIRE(read->contacts.size() == 2);
    CHECK(read->contacts[0].fields.at("note") == "first");
    CHECK(read->contacts[1].fields.at("topics") == "money,housing");
    CHECK(read->contacts[1].round == *open->capture().open_round());
    CHECK(read->contacts[1].author == world.noor);
    const auto ended = open->capture().end_round();
    REQUIRE(ended.ok());
    CHECK(ended->closed);
  }
  CHECK(world.readable_to("Noor") == 0);
}

TEST_CASE("rounds are one at a time for one user, and each user has her own", "[capture]") {
  World world;
  auto open = world.as("Noor");
  CHECK(code(open->capture().end_round()) == "round_not_open");
  CHECK(code(open->capture().count(3)) == "round_not_open");
  REQUIRE(open->capture().start_round({{"zone"}, {}}).ok());
  CHECK(code(open->capture().start_round({{"zone"}, {}})) == "round_open");
  REQUIRE(open->capture().log_contact(a_contact()).ok());
  open.reset();
  open = world.as("Maaike");
  CHECK(code(open->capture().end_round()) == "round_not_open");
  CHECK(open->capture().readable()->contacts.empty());
  REQUIRE(open->capture().start_round({{"loods"}, {}}).ok());
  REQUIRE(open->capture().log_contact(a_contact()).ok());
  REQUIRE(open->capture().end_round().ok());
  open.reset();
  CHECK(world.readable_to("Noor") == 1);
  CHECK(world.readable_to("Maaike") == 0);
}

TEST_CASE("people are counted within the round, and counts can be taken back", "[capture]") {
  World world;
  auto open = world.as("Noor");
  REQUIRE(open->capture().start_round({{"zone"}, {}}).ok());
  REQUIRE(open->capture().count(7).ok());
  REQUIRE(open->capture().count(-2).ok());
  CHECK(open->capture().readable()->head_count == 5);
  CHECK(code(open->capture().count(0)) == "count_invalid");
  CHECK(code(open->capture().count(201)) == "count_invalid");
}

TEST_CASE("contacts outside a round stay readable until a round starts", "[capture]") {
  World world;
  auto open = world.as("Noor");
  REQUIRE(open->capture().log_contact(a_contact("desk")).ok());
  REQUIRE(open->capture().log_contact(a_contact("desk")).ok());
  CHECK(open->capture().readable()->contacts.size() == 2);
  CHECK_FALSE(open->capture().readable()->contacts[0].round.has_value());
  REQUIRE(open->capture().start_round({{"zone"}, {}}).ok());
  CHECK(open->capture().readable()->contacts.empty());
}

TEST_CASE("after a sync that brought everything every user's desk is over, an open round is not", "[capture]") {
  World world;
  {
    auto open = world.as("Maaike");
    REQUIRE(open->capture().log_contact(a_contact()).ok());
  }
  {
    auto open = world.as("Noor");
    REQUIRE(open->capture().start_round({{"zone"}, {}}).ok());
    REQUIRE(open->capture().log_contact(a_contact()).ok());
  }
  {
    auto journal = world.open_journal();
    REQUIRE(end_all_desks(*journal).ok());
    CHECK_FALSE(*closing_is_due(*journal));
  }
  CHECK(world.readable_to("Maaike") == 0);
  CHECK(world.readable_to("Noor") == 1);
}

TEST_CASE("while the file may still hold the readable copy the round is not closed, and the next start closes it", "[capture]") {
  int not_closed = 0;
  for (std::uint64_t operation = 1; operation <= 12; ++operation) {
    INFO("the disk fails in operation " << operation << " of the round's end");
    World world;
    {
      auto open = world.as("Noor");
      REQUIRE(open->capture().start_round({{"zone"}, {}}).ok());
      REQUIRE(open->capture().log_contact(a_contact()).ok());
      world.vfs.disk().heal();
      world.vfs.disk().fail_at(operation, support::Fault::kIoError, false);
      const auto ended = open->capture().end_round();
      world.vfs.disk().heal();
      if (!ended.ok() || ended->closed) continue;
      ++not_closed;
      CHECK(*closing_is_due(open->journal));
    }
    auto journal = world.open_journal();
    REQUIRE(finish_closing(*journal).ok());
    CHECK_FALSE(*closing_is_due(*journal));
  }
  CHECK(not_closed > 0);
}

TEST_CASE("a log that had to start anew during a round keeps the round readable", "[capture]") {
  World world;
  auto open = world.as("Noor");
  REQUIRE(open->capture().start_round({{"zone"}, {}}).ok());
  REQUIRE(open->capture().log_contact(a_contact("before")).ok());
  REQUIRE(open->journal.start_new_log().ok());
  REQUIRE(open->capture().log_contact(a_contact("after")).ok());
  const auto read = open->capture().readable();
  REQUIRE(read->contacts.size() == 2);
  CHECK(read->contacts[1].fields.at("note") == "after");
  CHECK(read->contacts[1].place.seq == 1);
}

TEST_CASE("a round's key that rotted, or went, is missed, and contacts can still be logged", "[capture]") {
  World world;
  {
    auto open = world.as("Noor");
    REQUIRE(open->capture().start_round({{"zone"}, {"Fatma"}}).ok());
    REQUIRE(open->capture().log_contact(a_contact("first")).ok());
    CHECK_FALSE(open->capture().readable()->damage.has_value());
    auto kept = open->journal.companions(kRoundKeyCompanion)->front();
    if (GENERATE(false, true)) kept.value.clear();
    else kept.value.back() ^= 1;
    REQUIRE(open->journal.save_companions({kept}).ok());
  }
  auto open = world.as("Noor");
  const auto read = open->capture().readable();
  REQUIRE(read.ok());
  CHECK(read->contacts.empty());
  REQUIRE(read->damage.has_value());
  CHECK(read->damage->code == "database_damaged");
  CHECK(open->capture().log_contact(a_contact("second")).ok());
}

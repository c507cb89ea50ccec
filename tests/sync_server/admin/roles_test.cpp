#include "sync_server/admin/roles.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "common/model/codes.hpp"

using namespace lantaarn;
using namespace lantaarn::server::admin;

namespace {

// What a role may do: '-' nothing, 'n' without opening records, 'o' her own caseload's, 'a' everyone's.
std::string rights(std::string_view command) {
  std::string all;
  for (const auto role : model::codes_of("role")) {
    const auto opens = authorise(command, role);
    if (!opens.ok()) {
      CHECK(opens.error().code == "role_not_allowed");
      all += '-';
    } else {
      all += *opens == Opens::kNothing ? 'n' : *opens == Opens::kOwnRecords ? 'o' : 'a';
    }
  }
  return all;
}

}  // namespace

TEST_CASE("every role may do what the domain's table says, and nothing else", "[roles]") {
  // In order: case manager, expert by experience, coordinator, administrator, data protection officer, project lead.
  CHECK(rights("clients") == "ooa---");
  CHECK(rights("contacts") == "o-a---");
  CHECK(rights("review") == "o-a---");
  CHECK(rights("client add") == "o-a---");
  CHECK(rights("client set") == "o-a---");
  CHECK(rights("quarantine admit") == "--n---");
  CHECK(rights("quarantine") == "--nnn-");
  CHECK(rights("user add") == "---n--");
  CHECK(rights("page summary") == "ooa---");
  CHECK(rights("page export") == "o-a---");
  CHECK(rights("page caseload") == "o-a---");
  CHECK(rights("page assignment") == "--a---");
  CHECK(rights("page history") == "--a---");
  CHECK(rights("page programme") == "nnn--n");
  CHECK(rights("page health") == "--nnn-");
  CHECK(rights("review choose") == "o-a---");
  CHECK(rights("review undo") == "--a---");
  CHECK(rights("follow-up add") == "o-a---");
  for (const char* command : {"device lock", "device unlock", "device wipe", "device revoke-user", "device renew-keys", "device terms",
                              "codes add", "codes withdraw"}) {
    CHECK(rights(command) == "--nn--");
  }
  CHECK(rights("device add") == "--nn--");
  CHECK(rights("device add-user") == "--nn--");
  CHECK(rights("device revoke") == "--nn--");
  CHECK(rights("device list") == "--nnn-");
  CHECK(rights("import") == "--a---");
  CHECK(rights("export migration") == "--a---");
  CHECK(rights("import migration") == "---n--");
  CHECK(rights("migration key") == "---n--");
  CHECK(rights("export csv") == "--n--n");
  CHECK(rights("device lost") == "--nn--");
  CHECK(rights("device breach-sheet") == "--a---");
  CHECK(rights("device breach-sheet counted") == "---nn-");
  CHECK(rights("recovery create") == "---n--");
  CHECK(rights("recovery show") == "--nnn-");
  CHECK(rights("overview") == "nnnnnn");
  CHECK(rights("digest") == "nnnnnn");
}

TEST_CASE("a command or a role that nobody wrote down is refused", "[roles]") {
  CHECK(rights("export everything") == "------");
  CHECK(authorise("export everything", "").error().code == "role_not_allowed");
  CHECK(authorise("overview", "mayor").error().code == "role_not_allowed");
  CHECK(names_a_person("export everything"));
  // A person, but the first recovery key needs no reason.
  CHECK(authorise("recovery create", "").error().code == "as_needed");
  CHECK_FALSE(names_a_person("recovery create"));
}

TEST_CASE("a woman's record opens to a named person only", "[roles]") {
  for (const char* command : {"clients", "contacts", "review", "client add", "client set", "quarantine admit"}) {
    INFO(command);
    CHECK(names_a_person(command));
    CHECK(authorise(command, "").error().code == "as_needed");
  }
  for (const char* command : {"overview", "device list", "digest", "merge", "user add"}) {
    INFO(command);
    CHECK_FALSE(names_a_person(command));
    REQUIRE(authorise(command, "").ok());
    CHECK(*authorise(command, "") == Opens::kNothing);
  }
}

#include "sync_server/access/dossier_gate.hpp"

#include <catch2/catch.hpp>

#include "common/crypto/random.hpp"
#include "sync_server/access/limits.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using namespace lantaarn::server::access;

namespace {

const UserId kUser{{1}}, kOther{{2}};
const ClientId kWoman{{9}};
constexpr std::int64_t kNow = 1'700'000'000'000, kDayEnd = kNow + 3'600'000 * 5;

struct Gate {
  support::TempFolder folder;
  crypto::Key key = crypto::random_secret<32>();
  std::optional<Accounts> accounts;
  std::optional<DossierGate> gate;
  Gate() {
    REQUIRE(crypto::initialise().ok());
    reopen();
  }
  void reopen() {
    gate.reset();
    accounts.reset();
    auto opened = Accounts::open(folder.file("accounts.db"), key);
    REQUIRE(opened.ok());
    accounts.emplace(std::move(*opened));
    gate.emplace(*accounts);
  }
  std::string refusal(bool is_own, Sees sees, std::int64_t now = kNow, const UserId& user = kUser) {
    const auto judged = gate->judge(user, kWoman, is_own, sees, now);
    return judged.ok() ? "" : judged.error().code;
  }
};

}  // namespace

TEST_CASE("her own caseload opens without a word, another's with a reason, until midnight", "[access][gate]") {
  Gate gate;
  CHECK(gate.refusal(true, Sees::kOwnCaseload).empty());
  CHECK(gate.refusal(false, Sees::kEverybody) == "reason_needed");
  CHECK(gate.gate->open(kUser, kWoman, Sees::kEverybody, "", false, kNow, kDayEnd).error().code == "reason_needed");
  REQUIRE(gate.gate->open(kUser, kWoman, Sees::kEverybody, "handover", false, kNow, kDayEnd).value() == kDayEnd);
  CHECK(gate.refusal(false, Sees::kEverybody).empty());
  CHECK(gate.refusal(false, Sees::kEverybody, kNow, kOther) == "reason_needed");
  gate.reopen();
  CHECK(gate.refusal(false, Sees::kEverybody, kDayEnd - 1).empty());
  CHECK(gate.refusal(false, Sees::kEverybody, kDayEnd) == "reason_needed");
}

TEST_CASE("a woman outside her caseload does not exist for a case manager, but in an emergency, for three hours", "[access][gate]") {
  Gate gate;
  CHECK(gate.refusal(false, Sees::kOwnCaseload) == "client_not_found");
  CHECK(gate.gate->open(kUser, kWoman, Sees::kOwnCaseload, "curious", false, kNow, kDayEnd).error().code == "client_not_found");
  REQUIRE(gate.gate->open(kUser, kWoman, Sees::kOwnCaseload, "acute danger", true, kNow, kDayEnd).value() == kNow + kEmergencyMs);
  const auto let_in = gate.gate->judge(kUser, kWoman, false, Sees::kOwnCaseload, kNow);
  REQUIRE(let_in.ok());
  CHECK(let_in->emergency);
  CHECK(let_in->reason == "acute danger");
  CHECK(gate.refusal(false, Sees::kOwnCaseload, kNow + kEmergencyMs) == "client_not_found");
}

TEST_CASE("a declared relation closes her dossier to that person, whatever her role or caseload", "[access][gate]") {
  Gate gate;
  REQUIRE(gate.gate->open(kUser, kWoman, Sees::kEverybody, "before", false, kNow, kDayEnd).ok());
  const auto declared = gate.gate->declare(kUser, kWoman, kOther, "family", kNow);
  REQUIRE(declared.ok());
  CHECK(gate.refusal(true, Sees::kEverybody) == "relation_blocked");
  CHECK(gate.refusal(false, Sees::kEverybody) == "relation_blocked");
  CHECK(gate.gate->open(kUser, kWoman, Sees::kEverybody, "again", true, kNow, kDayEnd).error().code == "relation_blocked");
  CHECK(gate.refusal(true, Sees::kEverybody, kNow, kOther).empty());
  gate.reopen();
  CHECK(gate.refusal(true, Sees::kEverybody) == "relation_blocked");
  CHECK(gate.gate->blocked(kUser)->size() == 1);
  REQUIRE(gate.gate->withdraw(*declared).ok());
  CHECK(gate.refusal(true, Sees::kEverybody).empty());
  CHECK(gate.gate->withdraw(*declared).error().code == "relation_not_found");
}

TEST_CASE("a clock that goes back does not make an opening of tomorrow stand today", "[access][gate]") {
  Gate gate;
  REQUIRE(gate.gate->open(kUser, kWoman, Sees::kEverybody, "handover", false, kNow + 86'400'000, kDayEnd + 86'400'000).ok());
  CHECK(gate.refusal(false, Sees::kEverybody) == "reason_needed");
}

#include <catch2/catch.hpp>

#include "sync_server/admin/link_words.hpp"
#include "sync_server/linkage/propose.hpp"
#include "tests/sync_server/linkage/women.hpp"

using namespace lantaarn;
using namespace lantaarn::server::linkage;
using namespace lantaarn::support;
using server::admin::evidence_text;
using words::Language;

namespace {

Proposal proposal_for(const LinkRecord& a, const LinkRecord& b, const ProposeOptions& options = {}) {
  auto records = small_register();
  records.push_back(a);
  records.push_back(b);
  for (const Proposal& proposal : propose(numbered(records), {}, options)) {
    if (proposal.a == 25 && proposal.b == 26) return proposal;
  }
  FAIL("not proposed");
  return {};
}

}  // namespace

TEST_CASE("a proposal says in words why, in Dutch and in English", "[linkage]") {
  auto roxy = called({"Roxy"}), roxi = called({"Roxi"});
  roxy.birth_year = roxi.birth_year = 1990;
  const auto evidence = proposal_for(roxy, roxi).evidence;
  CHECK(evidence_text(Language::kEnglish, evidence) == "Roxy ~ Roxi (sounds the same); same birth year");
  CHECK(evidence_text(Language::kDutch, evidence) == "Roxy ~ Roxi (klinkt hetzelfde); zelfde geboortejaar");
}

TEST_CASE("names are shown as they were typed, whole", "[linkage]") {
  const auto evidence = proposal_for(woman("Анна-Мария", "van der Wal", 1990, 4, 11), woman("Anna-Maria", "Van der Wal", 1990, 4, 11)).evidence;
  const std::string text = evidence_text(Language::kEnglish, evidence);
  CHECK(text.find("same name: van der Wal") != std::string::npos);
  CHECK(text.find("Анна-Мария") != std::string::npos);
  CHECK(text.find("same birth date") != std::string::npos);
  CHECK(text.find("same birth year") == std::string::npos);
}

TEST_CASE("what speaks against a pair is said too and comes last", "[linkage]") {
  const auto evidence = proposal_for(woman("Gergana", "Petrova", 1990, 4, 11), woman("Gergana", "Ilieva", 1990, 4, 11)).evidence;
  REQUIRE(evidence.size() == 3);
  CHECK(evidence.back().code == EvidenceCode::kOtherFamilyName);
  CHECK(evidence.back().bits < 0);
  CHECK(evidence_text(Language::kEnglish, {&evidence.back(), 1}) == "another family name");
}

TEST_CASE("overlapping conversations are counted without place or hour", "[linkage]") {
  ProposeOptions options;
  options.overlapping_conversations = [](std::uint32_t, std::uint32_t) { return 2U; };
  const auto evidence = proposal_for(woman("Gergana", "Petrova", 1990, 4, 11), woman("Gergana", "Petrova", 1990, 4, 11), options).evidence;
  CHECK(evidence.back().code == EvidenceCode::kOverlappingConversations);
  CHECK(evidence_text(Language::kEnglish, {&evidence.back(), 1}) == "conversations at the same time: 2");
  CHECK(evidence_text(Language::kDutch, {&evidence.back(), 1}) == "gesprekken die tegelijk waren: 2");
}

TEST_CASE("every kind of evidence has words in both languages", "[linkage]") {
  for (int code = 0; code <= static_cast<int>(EvidenceCode::kThroughThird); ++code) {
    const char* key = words_key(static_cast<EvidenceCode>(code));
    INFO(key);
    CHECK(words::has_text(Language::kDutch, key));
    CHECK(words::has_text(Language::kEnglish, key));
  }
}

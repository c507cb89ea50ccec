#include "firmware_app/caseload/find_client.hpp"

#include <algorithm>

#include "common/model/fold_name.hpp"

namespace lantaarn::firmware {
namespace {

using Found = std::vector<const CaseCard*>;

template <typename Test>
Found cards_where(const std::vector<CaseCard>& cards, Test&& alias_fits) {
  Found found;
  for (const CaseCard& card : cards) {
    const auto& aliases = card.card.aliases();
    if (std::any_of(aliases.begin(), aliases.end(), alias_fits)) found.push_back(&card);
  }
  return found;
}

std::string list_of(const Found& found) {
  std::string text;
  for (std::size_t i = 0; i < std::min(found.size(), kCandidatesMax); ++i) {
    if (i > 0) text += ", ";
    text += candidate_text(*found[i]);
  }
  if (found.size() > kCandidatesMax) text += ", …";
  return text.empty() ? "–" : text;
}

// Levenshtein over bytes, given up above `most`.
std::size_t distance(const std::string& a, const std::string& b, std::size_t most) {
  if (a.size() > b.size() + most || b.size() > a.size() + most) return most + 1;
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

bool is_near(const std::string& alias, const std::string& wanted) {
  const std::size_t allowed = wanted.size() < 4 ? 1 : 2;
  return alias.find(wanted) != std::string::npos || wanted.find(alias) != std::string::npos ||
         distance(alias, wanted, allowed) <= allowed;
}

Result<ClientId> only_one(const Found& found) {
  if (found.size() == 1) return found.front()->id();
  return refused("client_ambiguous", {list_of(found)});
}

}  // namespace

std::string candidate_text(const CaseCard& card) { return card.name() + " (" + card.id().hex().substr(0, kShortIdDigits) + ")"; }

Result<ClientId> find_client(const std::vector<CaseCard>& cards, std::string_view name) {
  const std::string wanted = model::fold_name(name);
  if (wanted.empty()) return refused("alias_empty");
  if (const Found exact = cards_where(cards, [&](const std::string& alias) { return alias == name; }); !exact.empty()) return only_one(exact);
  if (const Found same = cards_where(cards, [&](const std::string& alias) { return model::fold_name(alias) == wanted; }); !same.empty()) {
    return only_one(same);
  }
  return refused("client_unknown", {list_of(cards_where(cards, [&](const std::string& alias) { return is_near(model::fold_name(alias), wanted); }))});
}

Result<ClientId> find_client_by_id(const std::vector<CaseCard>& cards, std::string_view hex) {
  if (const auto whole = ClientId::parse_hex(hex)) return *whole;
  std::string prefix(hex);
  std::transform(prefix.begin(), prefix.end(), prefix.begin(), [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  if (prefix.size() < kIdPrefixDigitsMin || prefix.find_first_not_of("0123456789abcdef") != std::string::npos) return refused("id_invalid");
  Found found;
  for (const CaseCard& card : cards) {
    if (card.id().hex().starts_with(prefix)) found.push_back(&card);
  }
  if (found.empty()) return refused("client_unknown", {"–"});
  return only_one(found);
}

std::vector<CaseCard> search_cards(const std::vector<CaseCard>& cards, std::string_view query) {
  const std::string wanted = model::fold_name(query);
  std::vector<CaseCard> found;
  for (const CaseCard* card : cards_where(cards, [&](const std::string& alias) { return model::fold_name(alias).find(wanted) != std::string::npos; })) {
    found.push_back(*card);
  }
  return found;
}

}  // namespace lantaarn::firmware

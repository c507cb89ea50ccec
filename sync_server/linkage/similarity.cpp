#include "sync_server/linkage/similarity.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <cstdlib>
#include <utility>

namespace lantaarn::server::linkage {
namespace {

constexpr std::size_t kLettersMax = 64;
using Row = std::array<std::uint8_t, kLettersMax + 1>;

// Positions in `b` of the letters that `a` shares with it, in a's order.
std::size_t shared_letters(std::string_view a, std::string_view b, std::bitset<kLettersMax>& in_a, std::bitset<kLettersMax>& in_b) {
  const std::size_t longest = std::max(a.size(), b.size());
  const std::size_t reach = longest / 2 > 0 ? longest / 2 - 1 : 0;
  std::size_t shared = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::size_t last = std::min(b.size(), i + reach + 1);
    for (std::size_t j = i > reach ? i - reach : 0; j < last; ++j) {
      if (in_b[j] || a[i] != b[j]) continue;
      in_a[i] = in_b[j] = true;
      ++shared;
      break;
    }
  }
  return shared;
}

}  // namespace

std::size_t edits_between(std::string_view a, std::string_view b, std::size_t most) {
  a = a.substr(0, kLettersMax);
  b = b.substr(0, kLettersMax);
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > most) return most + 1;
  Row before_last{}, last{}, now{};
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<std::uint8_t>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = static_cast<std::uint8_t>(i);
    std::size_t least = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      int edits = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) edits = std::min(edits, before_last[j - 2] + 1);
      now[j] = static_cast<std::uint8_t>(edits);
      least = std::min<std::size_t>(least, now[j]);
    }
    if (least > most) return most + 1;
    before_last = last;
    last = now;
  }
  return std::min<std::size_t>(last[b.size()], most + 1);
}

double jaro_winkler(std::string_view a, std::string_view b) {
  a = a.substr(0, kLettersMax);
  b = b.substr(0, kLettersMax);
  std::bitset<kLettersMax> in_a, in_b;
  const std::size_t shared = shared_letters(a, b, in_a, in_b);
  if (shared == 0) return a.size() == b.size() && a.empty() ? 1 : 0;
  std::size_t out_of_order = 0;
  for (std::size_t i = 0, j = 0; i < a.size(); ++i) {
    if (!in_a[i]) continue;
    while (!in_b[j]) ++j;
    out_of_order += a[i] != b[j++] ? 1 : 0;
  }
  const auto m = static_cast<double>(shared);
  const double transpositions = static_cast<double>(out_of_order) / 2;
  const double jaro = (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) + (m - transpositions) / m) / 3;
  std::size_t prefix = 0;
  while (prefix < std::min({a.size(), b.size(), std::size_t{4}}) && a[prefix] == b[prefix]) ++prefix;
  return jaro + static_cast<double>(prefix) * 0.1 * (1 - jaro);
}

bool near_numbers(int a, int b, int digits) {
  if (std::abs(a - b) == 1) return true;
  int differing = 0;
  std::array<std::pair<int, int>, 8> at{};
  for (int i = 0; i < digits; ++i, a /= 10, b /= 10) {
    if (a % 10 == b % 10) {
      at[static_cast<std::size_t>(i)] = {-1, -1};
    } else {
      ++differing;
      at[static_cast<std::size_t>(i)] = {a % 10, b % 10};
    }
  }
  if (a != b || differing > 2) return false;
  if (differing == 1) return true;
  for (std::size_t i = 0; i + 1 < static_cast<std::size_t>(digits); ++i) {
    if (at[i].first >= 0 && at[i].first == at[i + 1].second && at[i].second == at[i + 1].first) return true;
  }
  return false;
}

}  // namespace lantaarn::server::linkage

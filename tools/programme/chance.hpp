#pragma once
// What the seed decides about a programme. Every theme has a stream of its own, named: a change to one section of a
// scenario leaves what the others play as it was.

#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/sim/chance.hpp"

namespace lantaarn::programme {

/// Values with their weights; never empty once read.
using Choice = std::vector<std::pair<std::string, double>>;

class Chance : public sim::Chance {
 public:
  Chance(std::uint64_t seed, std::string_view theme) : sim::Chance(mixed(seed, theme)) {}
  /// 0 … 1, without 1.
  [[nodiscard]] double share() { return static_cast<double>(below(1ULL << 53U)) / static_cast<double>(1ULL << 53U); }
  [[nodiscard]] bool with(double probability) { return share() < probability; }
  /// Both ends count.
  [[nodiscard]] int between(int first, int last) { return first + static_cast<int>(below(static_cast<std::uint64_t>(last - first + 1))); }
  /// How often something happens that happens `mean` times on average (Poisson).
  [[nodiscard]] int times(double mean) {
    const double limit = std::exp(-mean);
    int count = 0;
    for (double left = share(); left > limit; left *= share()) ++count;
    return count;
  }
  [[nodiscard]] const std::string& of(const Choice& choice) { return choice[at(choice, [](const auto& item) { return item.second; })].first; }
  /// An index, by weight; 0 when every weight is nil.
  template <typename Items, typename Weight>
  [[nodiscard]] std::size_t at(const Items& items, const Weight& weight) {
    double sum = 0;
    for (const auto& item : items) sum += weight(item);
    double left = share() * sum;
    std::size_t index = 0;
    for (const auto& item : items) {
      left -= weight(item);
      if (left < 0) return index;
      ++index;
    }
    return 0;
  }

 private:
  // FNV-1a over the theme, begun with the seed.
  static std::uint64_t mixed(std::uint64_t seed, std::string_view theme) {
    std::uint64_t hash = 0xcbf29ce484222325ULL ^ (seed * 0x9e3779b97f4a7c15ULL);
    for (const char c : theme) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return hash;
  }
};

}  // namespace lantaarn::programme

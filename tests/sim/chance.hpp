#pragma once
// What a seed decides. Only the seed: not the machine, not the time, not the order of addresses.

#include <cstdint>
#include <random>
#include <vector>

namespace lantaarn::sim {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  /// 0 … below - 1.
  [[nodiscard]] std::uint64_t below(std::uint64_t below) { return engine_() % below; }
  [[nodiscard]] bool one_in(std::uint64_t count) { return below(count) == 0; }
  template <typename Container>
  [[nodiscard]] auto& pick(Container& from) {
    return from[below(from.size())];
  }

  template <typename T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace lantaarn::sim

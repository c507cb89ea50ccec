#include "sync_server/linkage/thirds.hpp"

#include <algorithm>
#include <tuple>

namespace lantaarn::server::linkage {
namespace {

constexpr double kLinkFrom = 0.5;
constexpr double kOwnFrom = 0.05;
// Of somebody with more records than this the most probable count.
constexpr std::size_t kNeighboursMax = 12;

struct Neighbour {
  std::uint32_t of = 0;
  std::uint32_t who = 0;
  double probability = 0;
};

std::vector<Neighbour> neighbours_in(const std::vector<ScoredPair>& direct) {
  std::vector<Neighbour> all;
  for (const ScoredPair& pair : direct) {
    if (pair.probability < kLinkFrom) continue;
    all.push_back({first_of(pair.pair), second_of(pair.pair), pair.probability});
    all.push_back({second_of(pair.pair), first_of(pair.pair), pair.probability});
  }
  std::sort(all.begin(), all.end(), [](const Neighbour& a, const Neighbour& b) {
    return std::tie(a.of, b.probability, a.who) < std::tie(b.of, a.probability, b.who);
  });
  return all;
}

void put_implied(std::span<const Neighbour> around_one, std::vector<ScoredPair>& implied) {
  around_one = around_one.first(std::min(around_one.size(), kNeighboursMax));
  for (std::size_t i = 0; i < around_one.size(); ++i) {
    for (std::size_t j = i + 1; j < around_one.size(); ++j) {
      const double probability = around_one[i].probability * around_one[j].probability;
      implied.push_back({pair_of(around_one[i].who, around_one[j].who), 0, probability, true});
    }
  }
}

// The best third of each pair.
std::vector<ScoredPair> implied_by(const std::vector<ScoredPair>& direct) {
  const auto neighbours = neighbours_in(direct);
  std::vector<ScoredPair> implied;
  for (std::size_t first = 0; first < neighbours.size();) {
    std::size_t end = first;
    while (end < neighbours.size() && neighbours[end].of == neighbours[first].of) ++end;
    put_implied(std::span(neighbours).subspan(first, end - first), implied);
    first = end;
  }
  std::sort(implied.begin(), implied.end(), [](const ScoredPair& a, const ScoredPair& b) {
    return std::tie(a.pair, b.probability) < std::tie(b.pair, a.probability);
  });
  const auto same_pair = [](const ScoredPair& a, const ScoredPair& b) { return a.pair == b.pair; };
  implied.erase(std::unique(implied.begin(), implied.end(), same_pair), implied.end());
  return implied;
}

}  // namespace

std::vector<ScoredPair> with_thirds(const People& people, const Weights& weights, std::vector<ScoredPair> direct) {
  std::vector<ScoredPair> found;
  for (ScoredPair& pair : implied_by(direct)) {
    const Comparison own = compare(people, people.persons[first_of(pair.pair)], people.persons[second_of(pair.pair)]);
    pair.packed = own.packed();
    if (weights.probability(own) > kOwnFrom) found.push_back(pair);
  }
  found.insert(found.end(), direct.begin(), direct.end());
  // Of a pair that stands there twice, the more probable comes first and stays.
  std::sort(found.begin(), found.end(), [](const ScoredPair& a, const ScoredPair& b) {
    return std::tie(a.pair, b.probability, a.through_third) < std::tie(b.pair, a.probability, b.through_third);
  });
  found.erase(std::unique(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.pair == b.pair; }), found.end());
  return found;
}

}  // namespace lantaarn::server::linkage

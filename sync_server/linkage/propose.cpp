#include "sync_server/linkage/propose.hpp"

#include <algorithm>
#include <unordered_map>

#include "sync_server/linkage/blocking.hpp"
#include "sync_server/linkage/weights.hpp"

namespace lantaarn::server::linkage {
namespace {

// Enough to see a level of one in ten thousand forty times.
constexpr std::size_t kPairsDrawn = 400'000;

Histogram histogram_of(const std::vector<std::uint64_t>& packed) {
  std::unordered_map<std::uint64_t, std::uint64_t> counts;
  for (const std::uint64_t one : packed) ++counts[one];
  return {counts.begin(), counts.end()};
}

std::vector<std::uint64_t> compare_all(const People& people, const std::vector<Pair>& pairs) {
  std::vector<std::uint64_t> packed;
  packed.reserve(pairs.size());
  for (const Pair pair : pairs) {
    packed.push_back(compare(people, people.persons[first_of(pair)], people.persons[second_of(pair)]).packed());
  }
  return packed;
}

std::uint64_t pairs_of_same_names(const People& people) {
  std::unordered_map<std::uint64_t, std::uint64_t> records;
  for (const Person& person : people.persons) {
    if (!person.called.empty() && !person.family.empty()) ++records[std::uint64_t{person.called.words[0]} << 32 | person.family.words[0]];
  }
  std::uint64_t pairs = 0;
  for (const auto& [names, count] : records) pairs += count * (count - 1) / 2;
  return pairs;
}

class Proposing {
 public:
  Proposing(const std::vector<LinkRecord>& records, const std::set<RecordPair>& kept_apart, const ProposeOptions& options)
      : records_(records), kept_apart_(kept_apart), options_(options), people_(make_ready(records)), weights_(records.size()) {}

  std::vector<Proposal> run() {
    const auto pairs = candidate_pairs(people_);
    const auto packed = compare_all(people_, pairs);
    weights_ = Weights::learn(records_.size(), histogram_of(packed),
                              histogram_of(compare_all(people_, drawn_pairs(records_.size(), kPairsDrawn))), pairs_of_same_names(people_));
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (weights_.probability(Comparison::unpack(packed[i])) >= options_.from) consider(pairs[i], packed[i]);
    }
    // Candidates come by id; a stable sort leaves equals so.
    std::stable_sort(proposals_.begin(), proposals_.end(),
                     [](const Proposal& a, const Proposal& b) { return a.probability > b.probability; });
    return std::move(proposals_);
  }

 private:
  void consider(Pair pair, std::uint64_t packed) {
    const Person& one = people_.persons[first_of(pair)];
    const Person& other = people_.persons[second_of(pair)];
    Proposal proposal{std::min(one.input, other.input), std::max(one.input, other.input), 0, {}};
    if (kept_apart_.contains({proposal.a, proposal.b})) return;
    const unsigned overlaps = options_.overlapping_conversations ? options_.overlapping_conversations(proposal.a, proposal.b) : 0;
    proposal.probability = weights_.probability(Comparison::unpack(packed), overlaps);
    if (proposal.probability < options_.from) return;
    if (options_.explained) {
      const bool in_order = one.input == proposal.a;
      const Comparison shown = compare(people_, in_order ? one : other, in_order ? other : one);
      proposal.evidence = explain(shown, records_[proposal.a], records_[proposal.b], people_.lexicon, weights_, overlaps);
    }
    proposals_.push_back(std::move(proposal));
  }

  const std::vector<LinkRecord>& records_;
  const std::set<RecordPair>& kept_apart_;
  const ProposeOptions& options_;
  const People people_;
  Weights weights_;
  std::vector<Proposal> proposals_;
};

}  // namespace

std::vector<Proposal> propose(const std::vector<LinkRecord>& records, const std::set<RecordPair>& kept_apart,
                              const ProposeOptions& options) {
  if (records.size() < 2) return {};
  return Proposing(records, kept_apart, options).run();
}

}  // namespace lantaarn::server::linkage

#include "sync_server/linkage/propose.hpp"

#include <algorithm>
#include <unordered_map>

#include "sync_server/linkage/blocking.hpp"
#include "sync_server/linkage/thirds.hpp"

namespace lantaarn::server::linkage {
namespace {

// Enough to see a level of one in ten thousand forty times.
constexpr std::size_t kPairsDrawn = 400'000;

Histogram histogram_of(const std::vector<std::uint64_t>& packed) {
  std::unordered_map<std::uint64_t, std::uint64_t> counts;
  for (const std::uint64_t one : packed) ++counts[one];
  Histogram histogram(counts.begin(), counts.end());
  std::sort(histogram.begin(), histogram.end());
  return histogram;
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
    std::vector<ScoredPair> scored;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const double probability = weights_.probability(Comparison::unpack(packed[i]));
      if (probability >= options_.from && !is_kept_apart(pairs[i])) scored.push_back({pairs[i], packed[i], probability});
    }
    for (const ScoredPair& pair : with_thirds(people_, weights_, std::move(scored))) consider(pair);
    // Candidates come by id; a stable sort leaves equals so.
    std::stable_sort(proposals_.begin(), proposals_.end(),
                     [](const Proposal& a, const Proposal& b) { return a.probability > b.probability; });
    return std::move(proposals_);
  }

 private:
  [[nodiscard]] RecordPair records_of(Pair pair) const {
    return std::minmax({people_.persons[first_of(pair)].input, people_.persons[second_of(pair)].input});
  }
  [[nodiscard]] bool is_kept_apart(Pair pair) const { return !kept_apart_.empty() && kept_apart_.contains(records_of(pair)); }

  void consider(const ScoredPair& pair) {
    if (pair.probability < options_.from || is_kept_apart(pair.pair)) return;
    const auto [a, b] = records_of(pair.pair);
    const unsigned overlaps = options_.overlapping_conversations ? options_.overlapping_conversations(a, b) : 0;
    // Somebody who was elsewhere was so whatever a third record says: then only their own count.
    Proposal proposal{a, b, overlaps == 0 ? pair.probability : weights_.probability(Comparison::unpack(pair.packed), overlaps), {}};
    if (proposal.probability < options_.from) return;
    if (options_.explained) proposal.evidence = evidence_for(pair, proposal, overlaps);
    proposals_.push_back(std::move(proposal));
  }

  [[nodiscard]] std::vector<Evidence> evidence_for(const ScoredPair& pair, const Proposal& proposal, unsigned overlaps) const {
    const Person& one = people_.persons[first_of(pair.pair)];
    const Person& other = people_.persons[second_of(pair.pair)];
    const bool in_order = one.input == proposal.a;
    const Comparison shown = compare(people_, in_order ? one : other, in_order ? other : one);
    auto evidence = explain(shown, records_[proposal.a], records_[proposal.b], people_.lexicon, weights_, overlaps);
    if (pair.through_third && overlaps == 0) evidence.insert(evidence.begin(), {EvidenceCode::kThroughThird, {}, 0});
    return evidence;
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

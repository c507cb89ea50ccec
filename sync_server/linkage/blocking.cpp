#include "sync_server/linkage/blocking.hpp"

#include <algorithm>
#include <utility>

#include "sync_server/linkage/block_keys.hpp"

namespace lantaarn::server::linkage {
namespace {

// What a register may cost: beyond so many pairs a record, blocks that are too large are walked with a window only.
constexpr std::size_t kPairsPerRecordMax = 80;
// A block that is too large is split by three things side by side: one of them may be what was mistyped.
constexpr std::size_t kSplitsSideBySide = 3;

using Members = std::vector<std::uint32_t>;
using Block = std::span<std::uint32_t>;

class Blocks {
 public:
  explicit Blocks(const People& people) : people_(people), parts_(key_parts(people)), place_(in_reading_order()) {}

  std::vector<Pair> all() {
    for (const Pass& pass : passes()) {
      const auto known = static_cast<std::ptrdiff_t>(pairs_.size());
      run(pass);
      std::sort(pairs_.begin() + known, pairs_.end());
      std::inplace_merge(pairs_.begin(), pairs_.begin() + known, pairs_.end());
      pairs_.erase(std::unique(pairs_.begin(), pairs_.end()), pairs_.end());
    }
    return std::move(pairs_);
  }

 private:
  // Where a record stands when all are read by family name, then first name: neighbours in a window are alike.
  [[nodiscard]] std::vector<std::uint32_t> in_reading_order() const {
    std::vector<std::uint32_t> order(people_.persons.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    const auto text = [&](const NameWords& names) {
      return names.empty() ? std::string_view() : std::string_view(people_.lexicon.word(names.words[0]).text);
    };
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const Person &one = people_.persons[a], &other = people_.persons[b];
      const int by_family = text(one.family).compare(text(other.family));
      return by_family != 0 ? by_family < 0 : text(one.called) < text(other.called);
    });
    std::vector<std::uint32_t> place(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) place[order[i]] = i;
    return place;
  }

  void run(const Pass& pass) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> keyed;
    std::vector<std::uint64_t> keys;
    for (std::uint32_t i = 0; i < parts_.size(); ++i) {
      keys.clear();
      pass.put_keys(parts_[i], keys);
      for (const std::uint64_t key : keys) keyed.emplace_back(key, i);
    }
    std::sort(keyed.begin(), keyed.end());
    Members block;
    for (std::size_t i = 0; i < keyed.size(); ++i) {
      block.push_back(keyed[i].second);
      if (i + 1 < keyed.size() && keyed[i + 1].first == keyed[i].first) continue;
      look_at(block, pass, 0, kSplitsSideBySide);
      block.clear();
    }
  }

  void look_at(Block block, const Pass& pass, std::size_t split, std::size_t side_by_side) {
    if (block.size() <= kBlockMax) {
      put_every(block, pass);
      return;
    }
    if (pairs_.size() > kPairsPerRecordMax * parts_.size()) side_by_side = 0;
    for (; side_by_side > 0 && split < kSplits; ++split) {
      Members members(block.begin(), block.end());
      if (!split_up(members, pass, split)) continue;
      --side_by_side;
    }
    put_window(block, pass);
  }

  // False when all have the same there.
  bool split_up(Members& members, const Pass& pass, std::size_t split) {
    const auto value = [&](std::uint32_t member) { return split_value(parts_[member], split); };
    std::stable_sort(members.begin(), members.end(), [&](std::uint32_t a, std::uint32_t b) { return value(a) < value(b); });
    if (value(members.front()) == value(members.back())) return false;
    for (std::size_t first = 0; first < members.size();) {
      std::size_t end = first;
      while (end < members.size() && value(members[end]) == value(members[first])) ++end;
      look_at(Block(members).subspan(first, end - first), pass, split + 1, 1);
      first = end;
    }
    return true;
  }

  void put_every(Block block, const Pass& pass) {
    for (std::size_t i = 0; i < block.size(); ++i) {
      for (std::size_t j = i + 1; j < block.size(); ++j) put(block[i], block[j], pass);
    }
  }

  void put_window(Block block, const Pass& pass) {
    Members members(block.begin(), block.end());
    std::sort(members.begin(), members.end(), [&](std::uint32_t a, std::uint32_t b) { return place_[a] < place_[b]; });
    for (std::size_t i = 0; i < members.size(); ++i) {
      for (std::size_t j = i + 1; j < std::min(members.size(), i + kWindow); ++j) put(members[i], members[j], pass);
    }
  }

  void put(std::uint32_t a, std::uint32_t b, const Pass& pass) {
    if (pass.one_without_birth && parts_[a].birth_is_whole() && parts_[b].birth_is_whole()) return;
    pairs_.push_back(pair_of(a, b));
  }

  const People& people_;
  std::vector<KeyParts> parts_;
  std::vector<std::uint32_t> place_;
  std::vector<Pair> pairs_;
};

std::vector<Pair> every_pair(std::size_t records) {
  std::vector<Pair> pairs;
  pairs.reserve(records * (records - std::min<std::size_t>(records, 1)) / 2);
  for (std::uint32_t a = 0; a < records; ++a) {
    for (std::uint32_t b = a + 1; b < records; ++b) pairs.push_back(pair_of(a, b));
  }
  return pairs;
}

// SplitMix64: a fixed walk over numbers that look drawn.
std::uint64_t next_number(std::uint64_t& state) {
  std::uint64_t z = state += 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace

std::vector<Pair> candidate_pairs(const People& people) {
  if (people.persons.size() <= kEveryPairRecordsMax) return every_pair(people.persons.size());
  return Blocks(people).all();
}

std::vector<Pair> drawn_pairs(std::size_t records, std::size_t count) {
  if (records < 2 || records * (records - 1) / 2 <= count) return every_pair(records);
  std::vector<Pair> pairs;
  std::uint64_t state = records;
  while (pairs.size() < count) {
    const auto a = static_cast<std::uint32_t>(next_number(state) % records);
    const auto b = static_cast<std::uint32_t>(next_number(state) % records);
    if (a != b) pairs.push_back(pair_of(a, b));
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

}  // namespace lantaarn::server::linkage

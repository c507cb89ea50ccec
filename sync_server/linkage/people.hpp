#pragma once
// The records made ready for many comparisons, in an order of their own.

#include <array>
#include <span>

#include "sync_server/linkage/lexicon.hpp"
#include "sync_server/linkage/record.hpp"

namespace lantaarn::server::linkage {

/// Words beyond these are left out: nobody's names are told apart by their seventh word.
inline constexpr std::size_t kWordsMax = 6;

struct NameWords {
  std::array<WordId, kWordsMax> words{};
  std::uint8_t single = 0;  ///< so many stand for themselves
  std::uint8_t all = 0;     ///< behind those: words that were written apart joined together ("annemarie")

  [[nodiscard]] std::span<const WordId> view() const { return {words.data(), all}; }
  [[nodiscard]] std::span<const WordId> singles() const { return {words.data(), single}; }
  [[nodiscard]] bool empty() const { return all == 0; }
};

inline constexpr std::int16_t kUnknown = -1;

struct Person {
  NameWords called;  ///< given names, then preferred ones
  NameWords family;
  std::uint8_t given = 0;  ///< so many of `called` are given names
  std::int16_t year = kUnknown;
  std::int16_t month = kUnknown;
  std::int16_t day = kUnknown;
  std::uint32_t input = 0;  ///< its place among the records it was made from
};

/// Persons stand in the order of their ids, so that nothing that follows depends on the order of the input.
struct People {
  std::vector<Person> persons;
  Lexicon lexicon;
};

[[nodiscard]] People make_ready(const std::vector<LinkRecord>& records);

}  // namespace lantaarn::server::linkage

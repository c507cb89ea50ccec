#pragma once
// People who never existed, and the records that several hurried writers would leave of them: FEBRL-like sets in names of
// the languages that occur here. Everything follows from the seed.

#include <cstdint>
#include <string>
#include <vector>

#include "sync_server/linkage/record.hpp"

namespace lantaarn::support {

struct PeopleSettings {
  std::uint64_t seed = 1;
  std::size_t records = 10'000;
  double duplicates = 0.2;        ///< share of the records that are another record of somebody
  unsigned duplicates_max = 3;    ///< of one person
  unsigned changes_max = 3;       ///< in one duplicate: typing, hearing and reading errors, short names, swaps, gaps
};

struct GeneratedPeople {
  std::vector<server::linkage::LinkRecord> records;  ///< shuffled
  std::vector<std::string> truth;
};

[[nodiscard]] GeneratedPeople generate_people(const PeopleSettings& settings);

/// As link-eval reads it.
[[nodiscard]] std::string csv_of(const GeneratedPeople& people);

}  // namespace lantaarn::support

#include "sync_server/linkage/compare.hpp"

#include <catch2/catch.hpp>

#include "tests/sync_server/linkage/women.hpp"

using namespace lantaarn::server::linkage;
using namespace lantaarn::support;

namespace {

Comparison of(const LinkRecord& a, const LinkRecord& b) {
  const People people = make_ready({a, b});
  return compare(people, people.persons[0], people.persons[1]);
}

constexpr auto level(auto value) { return static_cast<std::uint8_t>(value); }

}  // namespace

TEST_CASE("what is missing is neither the same nor different", "[linkage]") {
  const Comparison nothing = of(woman("", ""), woman("Roxana", "Popescu", 1990, 4, 1));
  for (const std::uint8_t one : nothing.level) CHECK(one == kMissing);
  const Comparison year_only = of(woman("Roxana", "", 1990), woman("Roxana", "Popescu", 1990, 4, 1));
  CHECK(year_only.of(Part::kYear) == level(NumberLevel::kSame));
  CHECK(year_only.of(Part::kDay) == kMissing);
  CHECK(year_only.of(Part::kFamily) == kMissing);
}

TEST_CASE("first and family name in each other's place are found", "[linkage]") {
  const Comparison swapped = of(woman("Gergana", "Petrova"), woman("Petrova", "Gergana"));
  CHECK(swapped.of(Part::kOrder) == level(OrderLevel::kSwapped));
  CHECK(swapped.of(Part::kCalled) == level(Likeness::kSame));
  CHECK(swapped.of(Part::kFamily) == level(Likeness::kSame));
  const Comparison with_error = of(woman("Gergana", "Petrova"), woman("Petrovva", "Gergana"));
  CHECK(with_error.of(Part::kOrder) == level(OrderLevel::kSwapped));
  const Comparison alone = of(woman("Gergana", "Petrova"), woman("", "Gergana"));
  CHECK(alone.of(Part::kOrder) == level(OrderLevel::kSwapped));
  CHECK(alone.of(Part::kFamily) == kMissing);
  CHECK(of(woman("Gergana", "Petrova"), woman("Petrova", "Ilieva")).of(Part::kOrder) == level(OrderLevel::kStraight));
}

TEST_CASE("day and month in each other's place are found", "[linkage]") {
  const Comparison swapped = of(woman("A", "B", 1990, 4, 11), woman("A", "B", 1990, 11, 4));
  CHECK(swapped.of(Part::kDay) == level(NumberLevel::kSwapped));
  CHECK(swapped.of(Part::kMonth) == kMissing);
  CHECK(of(woman("A", "B", 1990, 4, 4), woman("A", "B", 1990, 4, 4)).of(Part::kDay) == level(NumberLevel::kSame));
}

TEST_CASE("a second name counts only where both have one", "[linkage]") {
  CHECK(of(woman("Anna Maria", "Wal"), woman("Anna Maria", "Wal")).of(Part::kFurther) == level(FurtherLevel::kSame));
  CHECK(of(woman("Anna Maria", "Wal"), woman("Anna Judith", "Wal")).of(Part::kFurther) == level(FurtherLevel::kDifferent));
  CHECK(of(woman("Anna Maria", "Wal"), woman("Anna", "Wal")).of(Part::kFurther) == kMissing);
}

TEST_CASE("another alias says nothing against her", "[linkage]") {
  const Comparison aliases = of(called({"Roxy", "Bella"}), called({"Roxi", "Mo"}));
  CHECK(aliases.of(Part::kCalled) == level(Likeness::kSounds));
  CHECK(aliases.of(Part::kFurther) == kMissing);
}

TEST_CASE("a name written as one word is found in two", "[linkage]") {
  CHECK(of(woman("Anne-Marie", "Wal"), woman("Annemarie", "Wal")).of(Part::kCalled) == level(Likeness::kSame));
  CHECK(of(woman("Mirjam", "Bos Kuil"), woman("Mirjam", "Boskuil")).of(Part::kFamily) == level(Likeness::kSame));
}

TEST_CASE("a comparison survives being packed", "[linkage]") {
  const Comparison one = of(woman("Gergana", "Petrova", 1990, 4, 11), woman("Gerganna", "Petrova", 1991, 11, 4));
  const Comparison back = Comparison::unpack(one.packed());
  CHECK(back.level == one.level);
  CHECK(back.rarity == one.rarity);
}

TEST_CASE("whoever is looked at first, the comparison weighs the same", "[linkage]") {
  const LinkRecord a = woman("Gergana", "Petrova", 1990, 4, 11), b = woman("Geri", "Petrovna", 1909, 5, 11);
  const People people = make_ready({a, b});
  CHECK(compare(people, people.persons[0], people.persons[1]).packed() == compare(people, people.persons[1], people.persons[0]).packed());
}

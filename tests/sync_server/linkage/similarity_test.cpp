#include "sync_server/linkage/similarity.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace lantaarn::server::linkage;

TEST_CASE("a slip of the finger is one edit", "[linkage]") {
  CHECK(edits_between("roxana", "roxana", 3) == 0);
  CHECK(edits_between("roxana", "roxna", 3) == 1);
  CHECK(edits_between("roxana", "roxaana", 3) == 1);
  CHECK(edits_between("roxana", "rosana", 3) == 1);
  CHECK(edits_between("roxana", "roaxna", 3) == 1);
  CHECK(edits_between("roxana", "oraxna", 3) == 2);
  CHECK(edits_between("", "ab", 3) == 2);
}

TEST_CASE("edits are counted no further than asked", "[linkage]") {
  CHECK(edits_between("kitten", "sitting", 3) == 3);
  CHECK(edits_between("kitten", "sitting", 2) == 3);
  CHECK(edits_between("kitten", "sitting", 1) == 2);
  CHECK(edits_between("a", "abcdef", 2) == 3);
  CHECK(edits_between(std::string(500, 'a'), std::string(500, 'b'), 2) == 3);
}

TEST_CASE("Jaro-Winkler gives the published values", "[linkage]") {
  CHECK(jaro_winkler("martha", "marhta") == Approx(0.9611).margin(0.0001));
  CHECK(jaro_winkler("dixon", "dicksonx") == Approx(0.8133).margin(0.0001));
  CHECK(jaro_winkler("dwayne", "duane") == Approx(0.84).margin(0.0001));
  CHECK(jaro_winkler("abc", "xyz") == 0);
  CHECK(jaro_winkler("", "") == 1);
  CHECK(jaro_winkler("", "a") == 0);
}

TEST_CASE("numbers are near when a finger slipped", "[linkage]") {
  CHECK(near_numbers(1987, 1978, 4));
  CHECK(near_numbers(1987, 1937, 4));
  CHECK(near_numbers(1989, 1990, 4));
  CHECK(near_numbers(9, 10, 2));
  CHECK(near_numbers(21, 12, 2));
  CHECK_FALSE(near_numbers(1987, 1965, 4));
  CHECK_FALSE(near_numbers(12, 30, 2));
}

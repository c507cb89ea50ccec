#include <catch2/catch.hpp>
#include <set>

#include "common/model/codes.hpp"

using namespace lantaarn;

TEST_CASE("every code list has its codes once", "[model]") {
  for (const auto& list : model::code_lists()) {
    INFO(list.kind);
    CHECK_FALSE(list.codes.empty());
    CHECK(std::set<std::string_view>(list.codes.begin(), list.codes.end()).size() == list.codes.size());
  }
}

TEST_CASE("an unknown code is refused with the valid ones named", "[model]") {
  const auto checked = model::check_code("place", "park");
  REQUIRE_FALSE(checked.ok());
  CHECK(checked.error().code == "unknown_code");
  REQUIRE(checked.error().args.size() == 3);
  CHECK(checked.error().args[0] == "place");
  CHECK(checked.error().args[1] == "park");
  CHECK(checked.error().args[2] == "zone, loods, huiskamer, elsewhere, home, institution, office");
  CHECK(model::check_code("place", "huiskamer").ok());
  CHECK_FALSE(model::check_code("no_such_kind", "huiskamer").ok());
}

TEST_CASE("no code labels a person or her work", "[model]") {
  for (const auto& list : model::code_lists()) {
    for (const auto code : list.codes) {
      INFO(code);
      CHECK(code.find("prostitu") == std::string_view::npos);
      CHECK(code.find("gps") == std::string_view::npos);
    }
  }
}

#include "common/base/result.hpp"

#include <catch2/catch.hpp>
#include <memory>

using namespace lantaarn;

namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return refused("odd", {std::to_string(number)});
  return number / 2;
}

Result<int> quarter(int number) {
  LANTAARN_ASSIGN(const int once, half(number));
  LANTAARN_ASSIGN(const int twice, half(once));
  return twice;
}

Status both_halve(int one, int other) {
  LANTAARN_TRY(half(one));
  LANTAARN_TRY(half(other));
  return {};
}

}  // namespace

TEST_CASE("the first error leaves, and a value passes", "[base]") {
  CHECK(*quarter(8) == 2);
  CHECK(quarter(6).error().args == std::vector<std::string>{"3"});
  CHECK(both_halve(2, 4).ok());
  CHECK(both_halve(2, 5).error().args == std::vector<std::string>{"5"});
}

TEST_CASE("an error gathers context on its way up, outermost first", "[base]") {
  const Error error = in_context(in_context(half(7).error(), "send batch"), "uplink");
  CHECK(error.to_log_line() == "uplink: send batch: odd [7]");
  CHECK(error.kind == ErrorKind::kRefused);
  CHECK(error.code == "odd");
}

TEST_CASE("kinds tell apart what the caller can do", "[base]") {
  CHECK(retry("x").kind == ErrorKind::kRetry);
  CHECK(reject_peer("x").kind == ErrorKind::kRejectPeer);
  CHECK(corrupt("x").kind == ErrorKind::kCorrupt);
  CHECK(storage_error("x").kind == ErrorKind::kStorage);
  CHECK(bug("x").kind == ErrorKind::kBug);
  CHECK(bug("x").to_log_line() == "x: internal");
}

TEST_CASE("a result carries what can only be moved", "[base]") {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  REQUIRE(result.ok());
  const std::unique_ptr<int> taken = std::move(result).value();
  CHECK(*taken == 7);
}

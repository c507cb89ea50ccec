#pragma once
// Where the fuzzers begin: one well-formed input of each shape. Checked in as files under seeds/<target>/; made by
//   tests_of_fuzz "[.seeds]"
// after a format changed. An input that a fuzzer broke something with is added there by hand, under its own name.

#include <map>
#include <string>

#include "common/base/bytes.hpp"

namespace lantaarn::fuzz {

struct Target {
  std::string name;
  void (*run)(ByteView);
};
[[nodiscard]] const std::vector<Target>& targets();

/// By target, then by file name.
[[nodiscard]] std::map<std::string, std::map<std::string, Bytes>> make_seeds();

}  // namespace lantaarn::fuzz

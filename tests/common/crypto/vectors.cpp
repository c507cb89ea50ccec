#include "tests/common/crypto/vectors.hpp"

#include <sstream>
#include <stdexcept>

#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

namespace lantaarn::crypto {

std::map<std::string, Bytes> published(const std::string& section) {
  std::istringstream file(support::read_file(support::source_path("tests/vectors/crypto/published.txt")));
  std::map<std::string, Bytes> values;
  std::string name;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == '[') {
      inside = line == "[" + section + "]";
      continue;
    }
    if (!inside) continue;
    const bool goes_on = line.front() == ' ';
    if (!goes_on) name = line.substr(0, line.find(' '));
    const auto bytes = from_hex(line.substr(goes_on ? 2 : name.size() + 1));
    if (!bytes) throw std::runtime_error("not hex: " + line);
    append(values[name], *bytes);
  }
  if (values.empty()) throw std::runtime_error("no vectors: " + section);
  return values;
}

}  // namespace lantaarn::crypto

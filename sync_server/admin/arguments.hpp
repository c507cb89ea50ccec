#pragma once
// What was asked, free of the shell it came from: the same whether it was typed here or arrived over the control socket.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/id.hpp"

namespace lantaarn::server::admin {

/// `command` is the words of the command ("device add"). Values are named as on the command line, without dashes:
/// flags ("users"), positional ones ("name"), and "as" and "reason". A flag without a value ("verify") is {"1"}.
struct Arguments {
  /// Set by the page only, and never over the control socket: who was let in there, and its access log has it already.
  struct FromPage {
    std::optional<ClientId> let_in;
    std::vector<ClientId> hidden;
  };
  std::string command;
  std::map<std::string, std::vector<std::string>, std::less<>> values;
  std::optional<FromPage> page = {};

  [[nodiscard]] bool has(std::string_view name) const { return values.find(name) != values.end(); }
  /// The first value; empty when it was not given.
  [[nodiscard]] std::string one(std::string_view name) const {
    const auto found = values.find(name);
    return found == values.end() || found->second.empty() ? std::string() : found->second.front();
  }
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const {
    const auto found = values.find(name);
    return found == values.end() ? std::vector<std::string>() : found->second;
  }
};

}  // namespace lantaarn::server::admin

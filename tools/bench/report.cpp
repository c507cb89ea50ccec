#include "tools/bench/report.hpp"

#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

namespace lantaarn::bench {
namespace {

std::string number(double value) {
  char text[32];
  const char* format = value >= 1000 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string goal_text(const Row& row) {
  const std::string side = row.goal.side == Goal::Side::kAtLeast ? ">= " : "<= ";
  return side + number(row.goal.limit) + (row.goal.of == Goal::Of::kRatio ? " x" : " " + row.unit);
}

std::string met_text(const Row& row) {
  const auto met = row.met();
  return !met ? "-" : *met ? "yes" : "NO";
}

template <typename T>
boost::json::value or_null(const std::optional<T>& value) {
  return value ? boost::json::value(*value) : boost::json::value(nullptr);
}

}  // namespace

std::optional<double> Row::ratio() const {
  if (!peer_value || *peer_value == 0) return std::nullopt;
  return value / *peer_value;
}

std::optional<bool> Row::met() const {
  const std::optional<double> measured = goal.of == Goal::Of::kRatio ? ratio() : std::optional<double>(value);
  if (!measured) return std::nullopt;
  return goal.side == Goal::Side::kAtLeast ? *measured >= goal.limit : *measured <= goal.limit;
}

void print_table(const std::vector<Row>& rows) {
  std::printf("%-24s %10s %-12s %10s %7s  %-18s %-4s %s\n", "what", "value", "unit", "peer", "ratio", "goal", "met", "peer is");
  for (const Row& row : rows) {
    std::printf("%-24s %10s %-12s %10s %7s  %-18s %-4s %s\n", row.name.c_str(), number(row.value).c_str(), row.unit.c_str(),
                row.peer_value ? number(*row.peer_value).c_str() : "-", row.ratio() ? number(*row.ratio()).c_str() : "-",
                goal_text(row).c_str(), met_text(row).c_str(), row.peer.c_str());
  }
}

void print_json(const std::vector<Row>& rows) {
  boost::json::array all;
  for (const Row& row : rows) {
    all.push_back({{"name", row.name},
                   {"value", row.value},
                   {"unit", row.unit},
                   {"peer", row.peer.empty() ? boost::json::value(nullptr) : boost::json::value(row.peer)},
                   {"peer_value", or_null(row.peer_value)},
                   {"ratio", or_null(row.ratio())},
                   {"goal", goal_text(row)},
                   {"met", or_null(row.met())}});
  }
  std::cout << boost::json::serialize(all) << '\n';
}

}  // namespace lantaarn::bench

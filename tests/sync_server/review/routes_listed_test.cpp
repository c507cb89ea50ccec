// For check_openapi.py: which routes there are.
#include <cstdlib>
#include <fstream>

#include "tests/sync_server/review/routes_page.hpp"

using namespace lantaarn::server::review;

TEST_CASE("the routes are written down for whoever compares them", "[routes]") {
  const char* folder = std::getenv("LANTAARN_ANSWERS");
  CHECK(all_routes().size() > 80);
  if (folder == nullptr) return;
  std::ofstream file(std::string(folder) + "/routes");
  for (const Route* route : all_routes()) file << name_of(route->method) << " " << route->path << "\n";
}

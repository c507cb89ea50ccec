#include "sync_server/review/route.hpp"

#include "sync_server/admin/roles.hpp"

namespace lantaarn::server::review {

std::string_view name_of(Method method) {
  switch (method) {
    case Method::kGet: return "GET";
    case Method::kPost: return "POST";
    case Method::kPatch: return "PATCH";
    case Method::kPut: return "PUT";
    case Method::kDelete: return "DELETE";
  }
  return "";
}

std::vector<const Route*> all_routes() {
  std::vector<const Route*> all;
  for (const auto rows : {access_routes(), access_log_routes(), overview_routes(), review_routes(), client_routes(), record_routes(), programme_routes(),
                          administration_routes()}) {
    for (const Route& route : rows) all.push_back(&route);
  }
  return all;
}

std::vector<std::string> allowed_to(std::string_view role) {
  std::vector<std::string> allowed;
  for (const Route* route : all_routes()) {
    if (route->rule == kAnybody) continue;
    if (!route->rule.empty() && !admin::authorise(route->rule, role).ok()) continue;
    allowed.push_back(std::string(name_of(route->method)) + " " + std::string(route->path));
  }
  return allowed;
}

}  // namespace lantaarn::server::review

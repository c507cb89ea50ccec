#pragma once
// The page's routes, asked in this process as the router would: by role, one woman let in, declared relations hidden.

#include "sync_server/review/desk.hpp"
#include "sync_server/review/route.hpp"
#include "tests/sync_server/admin/office.hpp"

namespace lantaarn::server::review {

using admin::text;
using admin::Values;
using Query = std::map<std::string, std::string, std::less<>>;

class RoutesPage {
 public:
  RoutesPage();

  /// "GET", "clients/{client}/records" filled in: "clients/0a1b…/records". In the name of a user.
  [[nodiscard]] admin::Answer ask(const std::string& user, std::string_view method, const std::string& path, boost::json::value body = nullptr,
                                  Query query = {});
  /// The document; fails the test when it was refused.
  [[nodiscard]] boost::json::value get(const std::string& user, const std::string& path, Query query = {});
  boost::json::value send(const std::string& user, std::string_view method, const std::string& path, boost::json::value body = boost::json::object());
  /// The error code; fails the test when it was not refused.
  [[nodiscard]] std::string refusal(const std::string& user, std::string_view method, const std::string& path, boost::json::value body = nullptr,
                                    Query query = {});
  [[nodiscard]] Desk& desk();
  /// As the coordinator; her id.
  std::string add_woman(const std::string& alias, boost::json::object more = {});
  /// Whose records `user` never sees.
  std::map<std::string, std::vector<ClientId>> hidden;
  std::vector<ClientId> opened;   ///< by the last GET
  std::string detail;             ///< of the last GET
  Reply reply;
  admin::Office office;
  /// Of another registry than the office's own, for figures.
  std::function<admin::Context()> context;

 private:
  std::unique_ptr<Desk> desk_;
};

/// The route and what {…} stood for; null: there is none.
[[nodiscard]] const Route* route_at(std::string_view method, const std::string& path, std::map<std::string, std::string, std::less<>>& found);

}  // namespace lantaarn::server::review

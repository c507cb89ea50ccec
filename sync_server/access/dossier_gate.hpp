#pragma once
// Whether a person may open a woman's record now (domain.md, roles; NEN 7513): her own caseload; else with a reason, once
// a day per dossier; or, where her role never sees it, as emergency access of three hours that the FG is told of. A declared
// relation closes a dossier to her whatever her role. The rules are here; who is whose is the caller's.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sync_server/access/accounts.hpp"

namespace lantaarn::server::access {

enum class Sees { kEverybody, kOwnCaseload };

struct LetIn {
  bool own = false;          ///< in her own caseload
  bool emergency = false;
  std::string reason;        ///< as given for the opening that stands
};

class DossierGate {
 public:
  explicit DossierGate(Accounts& accounts) : accounts_(accounts) {}

  /// `is_own`: the woman is in her caseload. kRefused "relation_blocked", "reason_needed", "client_not_found" (for a role
  /// that sees her own only: that she exists is not said).
  [[nodiscard]] Result<LetIn> judge(const UserId& user, const ClientId& client, bool is_own, Sees sees, std::int64_t now_ms);
  /// Until when. `day_end_ms`: the end of today where the server is. kRefused "reason_needed" (empty), "relation_blocked",
  /// "client_not_found": a role that sees her own only opens another's as an emergency, or not at all.
  [[nodiscard]] Result<std::int64_t> open(const UserId& user, const ClientId& client, Sees sees, const std::string& reason,
                                          bool emergency, std::int64_t now_ms, std::int64_t day_end_ms);
  /// Women this person never sees.
  [[nodiscard]] Result<std::vector<ClientId>> blocked(const UserId& user);

  struct Declared {
    Bytes id;
    UserId user;
    ClientId client;
    std::int64_t at_ms = 0;
    std::string reason;
  };
  [[nodiscard]] Result<Bytes> declare(const UserId& user, const ClientId& client, const UserId& by, const std::string& reason, std::int64_t now_ms);
  [[nodiscard]] Status withdraw(ByteView id);
  [[nodiscard]] Result<std::vector<Declared>> declared();

 private:
  [[nodiscard]] Result<const std::set<ClientId>*> blocked_of(const UserId& user);
  [[nodiscard]] Result<const pb::Opening*> opening_of(const UserId& user, const ClientId& client);
  Accounts& accounts_;
  // What was read once: this object is the only one that changes them.
  std::map<UserId, std::set<ClientId>> blocked_;
  std::map<std::pair<UserId, ClientId>, std::optional<pb::Opening>> openings_;
};

}  // namespace lantaarn::server::access

#pragma once
// Everything the page keeps for itself: who may come in, who is in, and what is written down about it. Made once per
// server; its two files lie in the server's folder. One thread.

#include <memory>

#include "sync_server/access/access_log.hpp"
#include "sync_server/access/dossier_gate.hpp"
#include "sync_server/access/invitations.hpp"
#include "sync_server/access/sessions.hpp"
#include "sync_server/registry/registry.hpp"

namespace lantaarn::server::review {

class Desk {
 public:
  /// Opens accounts.db and access_log.db in `folder`; their keys are the registry's, made the first time.
  /// Errors: those of both stores and of the registry.
  [[nodiscard]] static Result<std::unique_ptr<Desk>> open(Registry& registry, const std::string& folder, access::Site site,
                                                          crypto::PinKdf kdf = crypto::argon2id);
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  access::Accounts accounts;
  access::AccessLog log;
  access::Sessions sessions;
  access::Ceremonies ceremonies;
  access::SignIn sign_in;
  access::Invitations invitations;
  access::DossierGate gate;

  /// Tells the registry how far the log has come, so that one that is cut off at its end is seen. Not more often than
  /// each second; `at_once` at the end of the server.
  [[nodiscard]] Status anchor(Registry& registry, std::int64_t monotonic_ms, bool at_once);
  /// kCorrupt as AccessLog::verify.
  [[nodiscard]] Result<std::uint64_t> verify_log(Registry& registry);
  /// An invitation, as the page's address.
  [[nodiscard]] std::string link_of(std::string_view token) const { return sign_in.site().origin + "/#/uitnodiging/" + std::string(token); }

 private:
  Desk(access::Accounts opened, access::AccessLog opened_log, access::Site site, crypto::PinKdf kdf)
      : accounts(std::move(opened)), log(std::move(opened_log)), sign_in(accounts, ceremonies, std::move(site), std::move(kdf)),
        invitations(accounts, ceremonies, sign_in), gate(accounts) {}
  access::LogHead anchored_;
  std::int64_t anchored_at_ = 0;
};

}  // namespace lantaarn::server::review

#pragma once
// The server's public keys, and how a handheld follows their changes (PROTOCOL.md, "Server keys"). Pure.
//
//   generation 1 ──signed by──► 2 ──► 3 …     each SERVER_KEYS statement is signed by the authority key of the
//   (the ticket's)                            generation before it, so whoever knows one of them can walk to the newest
//
// No link for a generation that is known already is looked at: what was replaced can never come back.

#include "common/crypto/dh.hpp"
#include "common/crypto/seal.hpp"
#include "common/sync/statement.hpp"

namespace lantaarn::sync {

struct ServerKeySet {
  std::uint32_t generation = 1;
  crypto::VerifyKey authority{};
  crypto::DhPublicKey channel{};
  crypto::BoxPublicKey sealing{};
  std::uint32_t sealing_number = 1;
  std::optional<crypto::VerifyKey> recovery = {};  ///< nothing: the server had none yet
  bool operator==(const ServerKeySet&) const = default;
};

/// The body of a SERVER_KEYS statement, and back. Nothing when it is none of `server`'s.
[[nodiscard]] std::string key_set_body(const ServerId& server, const ServerKeySet& keys);
[[nodiscard]] std::optional<ServerKeySet> read_key_set(const ServerId& server, const pb::Statement& statement);

/// Where a handheld stands.
struct KnownServerKeys {
  ServerId server;
  std::uint32_t generation = 1;
  crypto::VerifyKey authority{};
  std::uint32_t sealing_number = 1;
  StatementMark mark;           ///< of the last SERVER_KEYS adopted; zero when the keys are a ticket's
};
struct NewServerKeys {
  ServerKeySet keys;
  pb::Statement statement;      ///< that made them known
};

using KeyLinks = google::protobuf::RepeatedPtrField<pb::SignedStatement>;
/// Walks from what is known to the newest; nothing when there is nothing newer. `epoch`: the server's, as it says.
/// Errors: kRejectPeer "statement_not_authentic" (a signature that does not fit, a gap, another server's, a sealing key
/// number that falls, a link out of order), "statement_old" (a mark that does not grow), "protocol_error" (more than
/// kKeyLinksMax). After an error nothing may be adopted.
[[nodiscard]] Result<std::optional<NewServerKeys>> follow_key_links(const KnownServerKeys& known, const KeyLinks& links,
                                                                    std::uint32_t epoch);

}  // namespace lantaarn::sync

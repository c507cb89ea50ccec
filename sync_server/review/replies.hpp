#pragma once
// Answers and errors as replies.

#include "sync_server/admin/output.hpp"
#include "sync_server/review/request.hpp"

namespace lantaarn::server::review {

/// A status (API in openapi.yaml) and {"error", "code", "args"}: the sentence in the server's language; the page has its
/// own by the code.
[[nodiscard]] Reply reply_to(const Error& error);
/// The document; a file that a command would have written goes with it: {"files": [{"name", "content"}]}, base64url.
[[nodiscard]] Reply reply_with(const admin::Output& output);

}  // namespace lantaarn::server::review

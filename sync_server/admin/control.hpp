#pragma once
// How commands reach a running server: one request and one answer over control.sock (mode 0600) in its data folder.
// A message is u32 LE length ‖ JSON. Request: {"command", "values": {name: [text]}}. Answer: {"document", "files":
// [{"path", "content"}]} or {"error": {"kind", "code", "args"}}. Both ends are the same program.

#include <optional>
#include <string>

#include "common/base/bytes.hpp"
#include "sync_server/admin/arguments.hpp"
#include "sync_server/admin/output.hpp"

namespace lantaarn::server::admin {

inline constexpr std::size_t kControlRequestBytesMax = 1024 * 1024;
inline constexpr std::size_t kControlAnswerBytesMax = 1024 * 1024 * 1024;
inline constexpr std::size_t kControlLengthBytes = 4;

[[nodiscard]] std::string encode_request(const Arguments& arguments);
/// kRejectPeer "protocol_error" when it is not a request.
[[nodiscard]] Result<Arguments> decode_request(std::string_view text);

[[nodiscard]] std::string encode_answer(const Answer& answer);
/// The answer as it was given; kRejectPeer "protocol_error" when it is none.
[[nodiscard]] Answer decode_answer(std::string_view text);

/// Length and message.
[[nodiscard]] Bytes frame_message(std::string_view message);

/// Whether a server listens there now.
[[nodiscard]] bool is_server_running(const std::string& socket_path);

/// Asks the server that listens on `socket_path`; nothing when none does (no socket, or a stale one).
/// Waits for the answer as long as it takes. Errors of the connection: kRetry "connection_lost".
[[nodiscard]] std::optional<Answer> ask_running_server(const std::string& socket_path, const Arguments& arguments);

}  // namespace lantaarn::server::admin

#pragma once
// What the server's log speaks of. In systemd's journal each kind has its MESSAGE_ID, by which `journalctl MESSAGE_ID=…`
// finds it (the table is in LOG.md). Ids are never reused.

#include <string_view>

namespace lantaarn::server::log {

enum class Kind {
  kNote,              ///< anything else
  kSessionEnded,
  kSessionRefused,    ///< with a reason, in the middle
  kDeviceRefused,     ///< before it could say anything
  kHandshakes,        ///< what strangers did, counted
  kNotStored,         ///< the inbox could not be written
  kAlarm,             ///< a ticket or a key was used by another
  kEnrolmentRefused,
  kNotAnswered,       ///< the registry could not answer the gateway
  kNotMerged,
  kConfined,          ///< how far the process is closed in
};

[[nodiscard]] constexpr std::string_view message_id(Kind kind) {
  switch (kind) {
    case Kind::kSessionEnded: return "7a7ce2f1f0b94a0c8d0a4a1be1a3c501";
    case Kind::kSessionRefused: return "0f1f0b7fd4d24c3bb0c55d55a30a6d02";
    case Kind::kDeviceRefused: return "b6f3a9d25f0e4cf28a2b0f6f1ef7a903";
    case Kind::kHandshakes: return "5d0e24c1a9b84d5e9f3c6a7be84cd104";
    case Kind::kNotStored: return "e2c99a41f3d7434a8dd5b8d9a6f0bb05";
    case Kind::kAlarm: return "c4f6b0f8a27e4e0bb7f6d3dd0c1e9906";
    case Kind::kEnrolmentRefused: return "91b52b3c6d1f4fd0a3e8c2f7d5a44e07";
    case Kind::kNotAnswered: return "3ce8b7a06fd94b31b2f0e19c8d7a5f08";
    case Kind::kNotMerged: return "d86a1c5e0b7249f7a4c3e2f9b1d06a09";
    case Kind::kConfined: return "68d2f3a9c5b14e7aa0d9b8c7e6f5a40a";
    case Kind::kNote: break;
  }
  return "25a8d0e4c9f34b6db1e7f8a2c3d4e50b";
}

/// syslog's levels: 6 information, 4 warning, 3 error, 2 critical.
[[nodiscard]] constexpr int priority(Kind kind) {
  switch (kind) {
    case Kind::kAlarm: return 2;
    case Kind::kNotStored:
    case Kind::kNotMerged: return 3;
    case Kind::kSessionRefused:
    case Kind::kDeviceRefused:
    case Kind::kEnrolmentRefused:
    case Kind::kNotAnswered: return 4;
    default: return 6;
  }
}

}  // namespace lantaarn::server::log

#pragma once
// What people read: a command's document as lines of text, in the language of whoever typed the command.

#include <boost/json/value.hpp>
#include <string>

namespace lantaarn::server::admin {

/// Ends in a line feed. Codes become words; instants become Amsterdam time.
[[nodiscard]] std::string screen(const std::string& command, const boost::json::value& document);

/// The overview alone: the coordinator's evening at a glance, 80 columns.
[[nodiscard]] std::string overview_screen(const boost::json::object& overview);

/// `check` as monitoring plugins say it: "LANTAARN WARNING - backup, handhelds" and a line feed. English, as those are.
[[nodiscard]] std::string nagios_line(const boost::json::object& health);

/// One woman's record (`client show`).
[[nodiscard]] std::string dossier_screen(const boost::json::object& dossier);
/// A lost handheld (`device breach-sheet`).
[[nodiscard]] std::string breach_screen(const boost::json::object& breach);
/// The overview's "programme".
[[nodiscard]] std::string programme_screen(const boost::json::object& programme);

}  // namespace lantaarn::server::admin

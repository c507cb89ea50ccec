#pragma once
// Where a handheld without a keyboard finds a ticket: on a stick.

#include <string>
#include <vector>

namespace lantaarn::firmware {

struct TicketFile {
  std::string path;
  std::string name;   ///< of the file
  std::string stick;  ///< of the folder it is mounted at
};

/// Where is looked: $LANTAARN_TICKETS when set, else what is mounted under /media and /run/media.
[[nodiscard]] std::vector<std::string> ticket_places();
/// The files there that are tickets, by name. Looks three folders deep, at kTicketFilesLookedAtMax files at most: what is
/// beyond that, or cannot be read, is not found, and that is no error.
[[nodiscard]] std::vector<TicketFile> find_tickets(const std::vector<std::string>& places = ticket_places());

inline constexpr int kTicketFilesLookedAtMax = 500;

}  // namespace lantaarn::firmware

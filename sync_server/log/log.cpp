#include "sync_server/log/log.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "sync_server/log/journal_entry.hpp"

namespace lantaarn::server::log {
namespace {

std::string process_name;
int journal = -1;

// Connected here: once confined, the process makes no sockets.
int connect_to_journal() {
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, kJournalSocket, sizeof address.sun_path - 1);
  if (descriptor >= 0 && ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return descriptor;
  if (descriptor >= 0) ::close(descriptor);
  return -1;
}

}  // namespace

void open(std::string_view process) {
  process_name = process;
  struct stat stream {};
  if (::fstat(STDERR_FILENO, &stream) != 0) return;
  if (is_journal_stream(std::getenv("JOURNAL_STREAM"), stream.st_dev, stream.st_ino)) journal = connect_to_journal();
}

void write(Kind kind, const std::string& text, const std::vector<Field>& fields) {
  if (journal >= 0) {
    const std::string entry = journal_entry(process_name, kind, text, fields);
    if (::send(journal, entry.data(), entry.size(), MSG_NOSIGNAL) >= 0) return;
  }
  const std::string line = process_name + ": " + text + "\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace lantaarn::server::log

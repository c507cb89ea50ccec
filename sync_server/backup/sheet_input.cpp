#include "sync_server/backup/sheet_input.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "common/words/words.hpp"

namespace lantaarn::server::backup {
namespace {

constexpr std::size_t kSheetTextBytesMax = 4096;
constexpr std::size_t kTypedLineBytesMax = 256;

class Descriptor {
 public:
  explicit Descriptor(int opened) : value_(opened) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

class EchoOff {
 public:
  explicit EchoOff(int terminal) : terminal_(terminal) {
    if (tcgetattr(terminal_, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
    changed_ = tcsetattr(terminal_, TCSAFLUSH, &silent) == 0;
  }
  ~EchoOff() {
    if (changed_) tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;
  [[nodiscard]] bool works() const { return changed_; }

 private:
  int terminal_;
  termios before_{};
  bool changed_ = false;
};

Result<Sheet> sheet_from(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return refused("file_unreadable", {path});
  crypto::SecretBytes text(kSheetTextBytesMax);
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refused("file_unreadable", {path});
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  return read_sheet(text.view().first(size), path);
}

class Terminal {
 public:
  Terminal() : tty_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)), silence_(tty_.get()) {}
  [[nodiscard]] bool works() const { return tty_.get() >= 0 && silence_.works(); }
  void say(const std::string& text) { [[maybe_unused]] const ssize_t written = ::write(tty_.get(), text.data(), text.size()); }

  /// Nothing when the terminal has ended. A line that is too long is as good as a wrong one.
  [[nodiscard]] std::optional<crypto::SecretBytes> line() {
    crypto::SecretBytes typed(kTypedLineBytesMax);
    std::size_t size = 0;
    for (;;) {
      std::uint8_t byte = 0;
      const ssize_t got = ::read(tty_.get(), &byte, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return std::nullopt;
      if (byte == '\n') break;
      if (size < typed.size()) typed.data()[size++] = byte;
    }
    say("\n");
    typed.truncate(size);
    return typed;
  }

 private:
  Descriptor tty_;
  EchoOff silence_;
};

Result<Sheet> ask_for_sheet(Terminal& terminal, int which) {
  const std::string what = words::text("sheet:typed", {std::to_string(which)});
  SheetReader reader(what);
  terminal.say(words::text("sheet:type_it", {std::to_string(which)}) + "\n");
  while (!reader.full()) {
    terminal.say(words::text("sheet:line", {std::to_string(reader.lines() + 1), std::to_string(kSheetLines)}) + " ");
    const auto typed = terminal.line();
    if (!typed) break;
    if (const Status taken = reader.take(typed->view()); !taken.ok()) terminal.say(words::sentence(taken.error()) + "\n");
  }
  return reader.sheet();
}

}  // namespace

Result<RecoveryKey> read_sheets(const std::vector<std::string>& files) {
  if (files.size() > kSharesNeeded) return refused("sheets_too_many");
  std::vector<Sheet> sheets;
  for (const std::string& path : files) {
    LANTAARN_ASSIGN(Sheet sheet, sheet_from(path));
    sheets.push_back(std::move(sheet));
  }
  if (sheets.size() < kSharesNeeded) {
    Terminal terminal;
    if (!terminal.works()) return refused("no_terminal");
    while (sheets.size() < kSharesNeeded) {
      LANTAARN_ASSIGN(Sheet sheet, ask_for_sheet(terminal, static_cast<int>(sheets.size()) + 1));
      sheets.push_back(std::move(sheet));
    }
  }
  return join_sheets(sheets[0], sheets[1]);
}

}  // namespace lantaarn::server::backup

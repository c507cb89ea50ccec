#include "firmware_app/platform/pin_input.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

namespace lantaarn::firmware {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int opened, bool owned = true) : value_(opened), owned_(owned) {}
  ~Descriptor() {
    if (owned_ && value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
  bool owned_;
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

// Byte by byte: nothing beyond the line is taken from a pipe, and no buffer outside locked memory sees it.
Result<crypto::SecretBytes> read_line(int from, const std::string& name) {
  crypto::SecretBytes line(kPinBytesMax);
  std::size_t size = 0;
  while (true) {
    std::uint8_t byte = 0;
    const auto got = ::read(from, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refused("file_unreadable", {name});
    if (got == 0 || byte == '\n') break;
    if (size == kPinBytesMax) return refused("pin_not_digits");
    line.data()[size++] = byte;
  }
  if (size > 0 && line.view()[size - 1] == '\r') --size;
  line.truncate(size);
  return line;
}

}  // namespace

Result<crypto::SecretBytes> read_pin_file(const std::string& path) {
  const Descriptor file(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC), path != "-");
  if (file.get() < 0) return refused("file_unreadable", {path});
  return read_line(file.get(), path);
}

Result<crypto::SecretBytes> ask_pin(const std::string& prompt) {
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (terminal.get() < 0) return refused("no_terminal");
  const EchoOff silence(terminal.get());
  if (!silence.works()) return refused("no_terminal");
  const std::string shown = prompt + ": ";
  if (::write(terminal.get(), shown.data(), shown.size()) < 0) return refused("no_terminal");
  auto pin = read_line(terminal.get(), "/dev/tty");
  if (::write(terminal.get(), "\n", 1) < 0) return refused("no_terminal");
  return pin;
}

}  // namespace lantaarn::firmware

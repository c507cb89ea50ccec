#include "sync_server/admin/data_key.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "common/crypto/random.hpp"
#include "sync_server/admin/new_file.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr const char* kCredential = "lantaarn-registry-key";
constexpr std::size_t kHexDigits = 2 * crypto::Key::kBytes;

struct Place {
  std::string path;
  bool may_be_made = true;
};

Place place_of(const Folder& folder, const std::string& key_file) {
  if (!key_file.empty()) return {key_file};
  if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY"); credentials != nullptr) {
    const std::string path = std::string(credentials) + "/" + kCredential;
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return {path, false};
  }
  return {folder.data_key()};
}

int value_of(std::uint8_t digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}

// Digit by digit into locked memory: no copy of the key stays behind in an ordinary buffer.
std::optional<crypto::Key> key_from_hex(ByteView digits) {
  crypto::Key key;
  for (std::size_t i = 0; i < crypto::Key::kBytes; ++i) {
    const int high = value_of(digits[2 * i]);
    const int low = value_of(digits[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    key.data()[i] = static_cast<std::uint8_t>(16 * high + low);
  }
  return key;
}

Result<crypto::Key> read_key(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return refused("data_key_missing", {path});
  crypto::SecretBytes text(kHexDigits + 2);
  std::size_t size = 0;
  for (ssize_t got = 1; got > 0 && size < text.size(); size += static_cast<std::size_t>(std::max<ssize_t>(got, 0))) {
    got = ::read(descriptor, text.data() + size, text.size() - size);
  }
  ::close(descriptor);
  const bool whole = size == kHexDigits || (size == kHexDigits + 1 && text.view()[kHexDigits] == '\n');
  auto key = whole ? key_from_hex(text.view().first(kHexDigits)) : std::nullopt;
  if (!key) return refused("data_key_unreadable", {path});
  return std::move(*key);
}

}  // namespace

std::string data_key_path(const Folder& folder, const std::string& key_file) { return place_of(folder, key_file).path; }

Result<crypto::Key> read_data_key(const Folder& folder, const std::string& key_file) {
  return read_key(place_of(folder, key_file).path);
}

Result<crypto::Key> make_data_key(const Folder& folder, const std::string& key_file) {
  const Place place = place_of(folder, key_file);
  std::error_code ignored;
  if (!place.may_be_made || std::filesystem::exists(place.path, ignored)) return read_key(place.path);
  LANTAARN_ASSIGN(NewFile file, NewFile::claim(place.path));
  auto key = crypto::random_secret<crypto::Key::kBytes>();
  crypto::SecretBytes text(kHexDigits + 1);
  static constexpr char kDigits[] = "0123456789abcdef";
  for (std::size_t i = 0; i < crypto::Key::kBytes; ++i) {
    text.data()[2 * i] = static_cast<std::uint8_t>(kDigits[key.data()[i] >> 4]);
    text.data()[2 * i + 1] = static_cast<std::uint8_t>(kDigits[key.data()[i] & 15]);
  }
  text.data()[kHexDigits] = '\n';
  LANTAARN_TRY(file.fill(text.view()));
  return key;
}

}  // namespace lantaarn::server::admin

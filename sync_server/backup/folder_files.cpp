#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sync_server/backup/target_files.hpp"

namespace lantaarn::server::backup {
namespace {

/// One at a time is written; what a crash leaves of it is written over.
constexpr const char* kUnfinished = "unfinished";

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

bool write_all(int descriptor, ByteView content, std::uint64_t at) {
  while (!content.empty()) {
    const ssize_t written = ::pwrite(descriptor, content.data(), content.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    at += static_cast<std::uint64_t>(written);
    content = content.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

// What is read next comes from the medium, as far as the kernel lets go of its copy.
bool make_durable(int descriptor) {
  if (::fsync(descriptor) != 0) return false;
  static_cast<void>(::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED));
  return true;
}

class FolderFiles final : public TargetFiles {
 public:
  explicit FolderFiles(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] Result<std::optional<Bytes>> read(const std::string& name) override {
    const Descriptor file(::open(in(name).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.is_open()) return errno == ENOENT && is_there() ? Result<std::optional<Bytes>>(std::nullopt) : unreachable();
    LANTAARN_ASSIGN(Bytes content, rest_of(file.get(), 0));
    return std::optional(std::move(content));
  }

  [[nodiscard]] Result<Bytes> read_from(const std::string& name, std::uint64_t at) override {
    const Descriptor file(::open(in(name).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.is_open()) return unreachable();
    return rest_of(file.get(), at);
  }

  [[nodiscard]] Status put(const std::string& name, ByteView content, bool scrub) override {
    LANTAARN_TRY(make_folder_of(name));
    const std::string part = in(kUnfinished);
    {
      const Descriptor file(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
      if (!file.is_open() || !write_all(file.get(), content, 0) || !make_durable(file.get())) return unreachable();
    }
    const Descriptor before(scrub ? ::open(in(name).c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW) : -1);
    if (::rename(part.c_str(), in(name).c_str()) != 0 || !sync_folder_of(name)) return unreachable();
    if (before.is_open() && !overwrite(before.get())) return unreachable();
    return {};
  }

  [[nodiscard]] Status append(const std::string& name, std::uint64_t at, ByteView content) override {
    LANTAARN_TRY(make_folder_of(name));
    const Descriptor file(::open(in(name).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.is_open() || ::ftruncate(file.get(), static_cast<off_t>(at)) != 0) return unreachable();
    if (!write_all(file.get(), content, at) || !make_durable(file.get())) return unreachable();
    return at == 0 && !sync_folder_of(name) ? Status(unreachable()) : Status();
  }

  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) override {
    std::vector<std::string> names;
    DIR* open = ::opendir(in(folder).c_str());
    if (open == nullptr) return errno == ENOENT && is_there() ? Result(names) : unreachable();
    while (const dirent* one = ::readdir(open)) {
      const std::string name = one->d_name;
      if (name != "." && name != "..") names.push_back(name);
    }
    ::closedir(open);
    std::sort(names.begin(), names.end());
    return names;
  }

  [[nodiscard]] Status remove(const std::string& name) override {
    if (::unlink(in(name).c_str()) != 0 && errno != ENOENT) return unreachable();
    return sync_folder_of(name) ? Status() : Status(unreachable());
  }

  [[nodiscard]] const std::string& where() const override { return path_; }

 private:
  [[nodiscard]] std::string in(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] Error unreachable() const { return in_context(storage_error("target_unreachable", {path_}), std::strerror(errno)); }
  [[nodiscard]] bool is_there() const {
    struct stat status {};
    return ::stat(path_.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
  }

  [[nodiscard]] Result<Bytes> rest_of(int descriptor, std::uint64_t at) const {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) return unreachable();
    const auto size = static_cast<std::uint64_t>(status.st_size);
    Bytes content(size > at ? size - at : 0);
    std::size_t got = 0;
    while (got < content.size()) {
      const ssize_t count = ::pread(descriptor, content.data() + got, content.size() - got, static_cast<off_t>(at + got));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return unreachable();
      if (count == 0) break;
      got += static_cast<std::size_t>(count);
    }
    content.resize(got);
    return content;
  }

  // Of the target itself nothing is made: it is there, or it is not mounted.
  Status make_folder_of(const std::string& name) const {
    if (!is_there()) return unreachable();
    for (std::size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
      const std::string folder = name.substr(0, slash);
      if (::mkdir(in(folder).c_str(), 0700) == 0) {
        if (!sync_folder_of(folder)) return unreachable();
      } else if (errno != EEXIST) {
        return unreachable();
      }
    }
    return {};
  }

  // A name is durable only once its folder is.
  [[nodiscard]] bool sync_folder_of(const std::string& name) const {
    const std::string path = in(name);
    const Descriptor folder(::open(path.substr(0, path.rfind('/')).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return folder.is_open() && ::fsync(folder.get()) == 0;
  }

  static bool overwrite(int descriptor) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) return false;
    const Bytes zeros(static_cast<std::size_t>(status.st_size));
    return write_all(descriptor, zeros, 0) && ::fsync(descriptor) == 0;
  }

  std::string path_;
};

}  // namespace

std::unique_ptr<TargetFiles> folder_files(const std::string& path) { return std::make_unique<FolderFiles>(path); }

}  // namespace lantaarn::server::backup

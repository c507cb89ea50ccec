#pragma once
// A target on a disk in memory that fails where it is told to. A rename with its folder's sync is one step: before it the old
// file stands, behind it the new one.

#include "sync_server/backup/target_files.hpp"
#include "tests/support/fault_vfs.hpp"

namespace lantaarn::server::backup {

class FaultTarget final : public TargetFiles {
 public:
  explicit FaultTarget(support::FaultDisk& disk) : disk_(disk) {}

  [[nodiscard]] Result<std::optional<Bytes>> read(const std::string& name) override {
    if (!disk_.powered()) return away();
    const auto file = disk_.find(in(name));
    if (!file) return std::optional<Bytes>();
    return std::optional(content(*file));
  }
  [[nodiscard]] Result<Bytes> read_from(const std::string& name, std::uint64_t at) override {
    LANTAARN_ASSIGN(auto whole, read(name));
    if (!whole) return away();
    if (whole->size() < at) return Bytes();
    return Bytes(whole->begin() + static_cast<std::ptrdiff_t>(at), whole->end());
  }
  [[nodiscard]] Status put(const std::string& name, ByteView bytes, bool) override {
    const auto file = found(in("unfinished"));
    if (!file || failed(disk_.truncate(*file, 0)) || failed(disk_.write(*file, 0, bytes)) || failed(disk_.sync(file))) return away();
    disk_.put(in(name), bytes);
    return failed(disk_.remove(in("unfinished"), true)) ? Status(away()) : Status();
  }
  [[nodiscard]] Status append(const std::string& name, std::uint64_t at, ByteView bytes) override {
    const auto file = found(in(name));
    if (!file || failed(disk_.truncate(*file, at)) || failed(disk_.write(*file, at, bytes)) || failed(disk_.sync(file))) return away();
    return {};
  }
  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) override {
    if (!disk_.powered()) return away();
    std::vector<std::string> names;
    const std::string prefix = in(folder) + "/";
    for (const std::string& path : disk_.files()) {
      if (!path.starts_with(prefix)) continue;
      const std::string name = path.substr(prefix.size(), path.find('/', prefix.size()) - prefix.size());
      if (names.empty() || names.back() != name) names.push_back(name);
    }
    return names;
  }
  [[nodiscard]] Status remove(const std::string& name) override { return failed(disk_.remove(in(name), true)) ? Status(away()) : Status(); }
  [[nodiscard]] const std::string& where() const override { return where_; }

 private:
  static bool failed(support::Fault fault) { return fault != support::Fault::kNone; }
  [[nodiscard]] std::string in(const std::string& name) const { return where_ + "/" + name; }
  [[nodiscard]] Error away() const { return storage_error("target_unreachable", {where_}); }
  [[nodiscard]] support::FaultDisk::File found(const std::string& path) {
    if (!disk_.powered()) return nullptr;
    auto file = disk_.find(path);
    return file ? file : disk_.create(path);
  }
  [[nodiscard]] Bytes content(const support::DiskFile& file) const {
    Bytes bytes(disk_.size(file));
    static_cast<void>(disk_.read(file, 0, bytes));
    return bytes;
  }
  support::FaultDisk& disk_;
  std::string where_ = "/target";
};

}  // namespace lantaarn::server::backup

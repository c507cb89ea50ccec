#include "tests/support/fault_disk.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace lantaarn::support {
namespace {

constexpr const char* kOperationNames[] = {"write", "sync", "truncate", "delete"};

void take_back(DiskFile& file, const Undo& undo) {
  file.content.resize(undo.old_size);
  if (undo.old_bytes.empty()) return;
  std::copy(undo.old_bytes.begin(), undo.old_bytes.end(), file.content.begin() + static_cast<std::ptrdiff_t>(undo.offset));
}

void take_back_second_half(DiskFile& file, const Undo& undo) {
  const std::size_t kept = undo.new_bytes / 2;
  const std::size_t torn_at = undo.offset + kept;
  for (std::size_t i = kept; i < undo.old_bytes.size(); ++i) file.content[undo.offset + i] = undo.old_bytes[i];
  if (undo.offset + undo.new_bytes > undo.old_size) file.content.resize(std::max(undo.old_size, torn_at));
}

Undo undo_for(const DiskFile& file, std::uint64_t order, bool is_write, std::size_t offset, std::size_t new_bytes,
              std::size_t old_bytes) {
  Undo undo{order, is_write, offset, new_bytes, {}, file.content.size()};
  const std::size_t from = std::min(offset, file.content.size());
  const std::size_t to = std::min(offset + old_bytes, file.content.size());
  undo.old_bytes.assign(file.content.begin() + static_cast<std::ptrdiff_t>(from),
                        file.content.begin() + static_cast<std::ptrdiff_t>(to));
  return undo;
}

DiskFile& existing(const FaultDisk::File& file, const std::string& path) {
  if (!file) throw std::logic_error("no such file on the disk: " + path);
  return *file;
}

}  // namespace

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAllKept: return "all kept";
    case Outcome::kUnsyncedDropped: return "unsynced dropped";
    case Outcome::kLastWriteTorn: return "last write torn";
  }
  return "?";
}

Fault FaultDisk::count(Operation operation, const std::string& path, std::size_t offset, std::size_t bytes) {
  if (!powered_) return Fault::kPowerCut;
  ++operations_;
  trace_.push_back({operation, path, offset, bytes});
  const bool struck = fail_at_ != 0 && (operations_ == fail_at_ || (lasting_ && operations_ > fail_at_));
  if (!struck) return Fault::kNone;
  // A full disk refuses what grows; syncing and shrinking still work.
  if (fault_ == Fault::kDiskFull && operation != Operation::kWrite) return Fault::kNone;
  if (fault_ == Fault::kPowerCut) powered_ = false;
  return fault_;
}

Fault FaultDisk::write(DiskFile& file, std::size_t offset, ByteView bytes) {
  const std::lock_guard lock(mutex_);
  const bool was_powered = powered_;
  const Fault fault = count(Operation::kWrite, file.path, offset, bytes.size());
  if (!was_powered || (fault != Fault::kNone && fault != Fault::kPowerCut)) return fault;
  file.unsynced.push_back(undo_for(file, ++order_, true, offset, bytes.size(), bytes.size()));
  if (file.content.size() < offset + bytes.size()) file.content.resize(offset + bytes.size());
  std::copy(bytes.begin(), bytes.end(), file.content.begin() + static_cast<std::ptrdiff_t>(offset));
  return fault;
}

Fault FaultDisk::truncate(DiskFile& file, std::size_t size) {
  const std::lock_guard lock(mutex_);
  const bool was_powered = powered_;
  const Fault fault = count(Operation::kTruncate, file.path, size);
  if (!was_powered || (fault != Fault::kNone && fault != Fault::kPowerCut)) return fault;
  const std::size_t lost = file.content.size() > size ? file.content.size() - size : 0;
  file.unsynced.push_back(undo_for(file, ++order_, false, size, 0, lost));
  file.content.resize(size);
  return fault;
}

Fault FaultDisk::sync(const File& file) {
  const std::lock_guard lock(mutex_);
  const Fault fault = count(Operation::kSync, file->path);
  if (fault != Fault::kNone) return fault;
  file->unsynced.clear();
  const auto name = names_.find(file->path);
  if (name != names_.end() && name->second == file) durable_names_[file->path] = file;
  return Fault::kNone;
}

Fault FaultDisk::remove(const std::string& path, bool folder_synced) {
  const std::lock_guard lock(mutex_);
  const bool was_powered = powered_;
  const Fault fault = count(Operation::kDelete, path);
  if (!was_powered || (fault != Fault::kNone && fault != Fault::kPowerCut)) return fault;
  names_.erase(path);
  if (folder_synced && fault == Fault::kNone) durable_names_.erase(path);
  return fault;
}

bool FaultDisk::powered() const {
  const std::lock_guard lock(mutex_);
  return powered_;
}

FaultDisk::File FaultDisk::find(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto name = names_.find(path);
  return name == names_.end() ? nullptr : name->second;
}

FaultDisk::File FaultDisk::create(const std::string& path) {
  const std::lock_guard lock(mutex_);
  auto file = std::make_shared<DiskFile>();
  file->path = path;
  names_[path] = file;
  return file;
}

bool FaultDisk::read(const DiskFile& file, std::size_t offset, std::span<std::uint8_t> into) const {
  const std::lock_guard lock(mutex_);
  const std::size_t from = std::min(offset, file.content.size());
  const std::size_t count = std::min(into.size(), file.content.size() - from);
  std::copy_n(file.content.begin() + static_cast<std::ptrdiff_t>(from), count, into.begin());
  std::fill(into.begin() + static_cast<std::ptrdiff_t>(count), into.end(), std::uint8_t{0});
  return count == into.size();
}

std::size_t FaultDisk::size(const DiskFile& file) const {
  const std::lock_guard lock(mutex_);
  return file.content.size();
}

std::uint64_t FaultDisk::operations() const {
  const std::lock_guard lock(mutex_);
  return operations_;
}

std::vector<std::string> FaultDisk::trace() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> steps;
  for (const Step& step : trace_) {
    std::string& text = steps.emplace_back(std::string(kOperationNames[static_cast<std::size_t>(step.operation)]) + " " + step.path);
    const bool has_place = step.operation == Operation::kWrite || step.operation == Operation::kTruncate;
    if (has_place) text += " " + std::to_string(step.offset);
    if (step.operation == Operation::kWrite) text += "+" + std::to_string(step.bytes);
  }
  return steps;
}

void FaultDisk::reset_count() {
  const std::lock_guard lock(mutex_);
  operations_ = 0;
  trace_.clear();
}

void FaultDisk::cut_power_at(std::uint64_t operation) { fail_at(operation, Fault::kPowerCut, false); }

void FaultDisk::fail_at(std::uint64_t operation, Fault fault, bool lasting) {
  const std::lock_guard lock(mutex_);
  fail_at_ = operation;
  fault_ = fault;
  lasting_ = lasting;
}

void FaultDisk::heal() {
  fail_at(0, Fault::kNone, false);
  reset_count();
}

void FaultDisk::tear_last() {
  DiskFile* last = nullptr;
  for (auto& [path, file] : names_) {
    if (file->unsynced.empty()) continue;
    if (last == nullptr || file->unsynced.back().order > last->unsynced.back().order) last = file.get();
  }
  if (last == nullptr) return;
  const Undo& undo = last->unsynced.back();
  if (undo.is_write) {
    take_back_second_half(*last, undo);
  } else {
    take_back(*last, undo);
  }
}

void FaultDisk::power_cut(Outcome outcome) {
  {
    const std::lock_guard lock(mutex_);
    for (auto& [path, file] : names_) {
      if (file.use_count() > 1 + static_cast<long>(durable_names_.count(path) != 0 && durable_names_[path] == file)) {
        throw std::logic_error("a file is still open at the power cut: " + path);
      }
    }
    if (outcome == Outcome::kLastWriteTorn) tear_last();
    if (outcome == Outcome::kUnsyncedDropped) {
      names_ = durable_names_;
      for (auto& [path, file] : names_) {
        for (auto undo = file->unsynced.rbegin(); undo != file->unsynced.rend(); ++undo) take_back(*file, *undo);
      }
    }
    for (auto& [path, file] : names_) file->unsynced.clear();
    durable_names_ = names_;
    powered_ = true;
  }
  heal();
}

std::vector<std::string> FaultDisk::files() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> paths;
  for (const auto& [path, file] : names_) paths.push_back(path);
  return paths;
}

Bytes FaultDisk::content(const std::string& path) const { return existing(find(path), path).content; }

void FaultDisk::put(const std::string& path, ByteView content) {
  const File file = create(path);
  const std::lock_guard lock(mutex_);
  file->content = to_bytes(content);
  durable_names_[path] = file;
}

void FaultDisk::flip_bit(const std::string& path, std::size_t byte, unsigned bit) {
  const File file = find(path);
  const std::lock_guard lock(mutex_);
  existing(file, path).content.at(byte) ^= static_cast<std::uint8_t>(1U << bit);
}

void FaultDisk::cut_off(const std::string& path, std::size_t size) {
  const File file = find(path);
  const std::lock_guard lock(mutex_);
  existing(file, path).content.resize(size);
}

bool FaultDisk::contains(ByteView needle) const {
  const std::lock_guard lock(mutex_);
  const auto holds = [&](const Bytes& bytes) {
    return memmem(bytes.data(), bytes.size(), needle.data(), needle.size()) != nullptr;
  };
  for (const Names* names : {&names_, &durable_names_}) {
    for (const auto& [path, file] : *names) {
      if (holds(file->content)) return true;
      for (const Undo& undo : file->unsynced) {
        if (holds(undo.old_bytes)) return true;
      }
    }
  }
  return false;
}

FaultDisk::Snapshot FaultDisk::snapshot() const {
  const std::lock_guard lock(mutex_);
  Snapshot saved;
  for (const auto& [path, file] : names_) saved[path] = file->content;
  return saved;
}

void FaultDisk::restore(const Snapshot& saved) {
  {
    const std::lock_guard lock(mutex_);
    names_.clear();
    durable_names_.clear();
    powered_ = true;
  }
  for (const auto& [path, content] : saved) put(path, content);
  heal();
}

}  // namespace lantaarn::support

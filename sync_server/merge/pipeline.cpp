#include "sync_server/merge/pipeline.hpp"

namespace lantaarn::server {
namespace {
constexpr std::size_t kBatchesAhead = 6;   // up to 6 x 500 opened events in memory
constexpr std::size_t kBatchesPerRead = 4;
}  // namespace

Pipeline::Pipeline(InboxSource& source, Opener opener, std::int64_t after)
    : source_(source), opener_(std::move(opener)), after_(after), worker_([this] { work(); }) {}

Pipeline::~Pipeline() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  worker_.join();
}

bool Pipeline::put(PreparedBatch batch) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopping_ || ready_.size() < kBatchesAhead; });
  if (stopping_) return false;
  ready_.push_back(std::move(batch));
  changed_.notify_all();
  return true;
}

void Pipeline::work() {
  while (true) {
    auto batches = source_.read_after(after_, kBatchesPerRead);
    if (!batches.ok() || batches->empty()) {
      const std::lock_guard lock(mutex_);
      if (!batches.ok()) failed_ = batches.error();
      ended_ = true;
      changed_.notify_all();
      return;
    }
    for (const InboxBatch& batch : *batches) {
      after_ = batch.inbox_id;
      if (!put(opener_.prepare(batch))) return;
    }
  }
}

Result<std::optional<PreparedBatch>> Pipeline::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !ready_.empty() || ended_; });
  if (!ready_.empty()) {
    std::optional<PreparedBatch> batch(std::move(ready_.front()));
    ready_.pop_front();
    changed_.notify_all();
    return batch;
  }
  if (failed_) return *failed_;
  return std::optional<PreparedBatch>{};
}

}  // namespace lantaarn::server

#pragma once
// The merge's second thread: reads the inbox and opens batches ahead of the writer, a few at most.

#include <condition_variable>
#include <thread>

#include "sync_server/merge/opener.hpp"

namespace lantaarn::server {

class Pipeline {
 public:
  /// `source` and `opener` belong to the second thread until this object is gone.
  Pipeline(InboxSource& source, Opener opener, std::int64_t after);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// The next batch in order; nothing when the inbox is read through. Errors are the source's.
  [[nodiscard]] Result<std::optional<PreparedBatch>> next();

 private:
  void work();
  bool put(PreparedBatch batch);
  InboxSource& source_;
  Opener opener_;
  std::int64_t after_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<PreparedBatch> ready_;
  std::optional<Error> failed_;
  bool ended_ = false;
  bool stopping_ = false;
  std::thread worker_;
};

}  // namespace lantaarn::server

#include "sync_server/gateway/store_thread.hpp"

#include <map>

#include "common/base/clock.hpp"
#include "sync_server/gateway/log_line.hpp"
#include "sync_server/log/log.hpp"

namespace lantaarn::server::gateway {
namespace {

journal::Genesis genesis_of(const DeviceId& device, const sync::LogOrigin& log) {
  return {device, log.log, log.after_log, log.after.seq, log.after.hash};
}

std::optional<inbox::Incoming::Anchor> anchor_of(const sync::Store& store) {
  if (!store.anchor) return std::nullopt;
  const sync::Anchor& anchor = *store.anchor;
  return inbox::Incoming::Anchor{{anchor.at.seq, anchor.at.hash}, {anchor.secured.seq, anchor.secured.hash}};
}

constexpr std::size_t kPrunedAtOnce = 64;

sync::StoreResult result_of(std::uint64_t token, const Result<inbox::Landed>& landed) {
  if (!landed.ok()) return {token, sync::Stored::kFailed, {}, landed.error().code};
  const sync::Place through{landed->through.seq, landed->through.hash};
  switch (landed->landing) {
    case inbox::Landing::kMain: return {token, sync::Stored::kMain, through, {}, landed->added};
    case inbox::Landing::kFork: return {token, sync::Stored::kFork, through, {}, landed->added};
    case inbox::Landing::kGap: break;
  }
  return {token, sync::Stored::kGap, through, {}};
}

}  // namespace

StoreThread::StoreThread(inbox::Inbox inbox, const GatewayLimits& limits, Post post, std::function<void(std::int64_t)> on_grew)
    : inbox_(std::move(inbox)),
      starts_(inbox_.starts()),
      limits_(limits),
      post_(std::move(post)),
      on_grew_(std::move(on_grew)),
      thread_([this] { run(); }) {}

StoreThread::~StoreThread() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void StoreThread::store(StoreJob job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    ++given_;
  }
  wake_.notify_one();
}

void StoreThread::standings(const DeviceId& device, std::vector<LogId> logs, std::function<void(Standings)> done) {
  {
    const std::lock_guard lock(mutex_);
    questions_.push_back({device, std::move(logs), std::move(done), given_});
  }
  wake_.notify_one();
}

void StoreThread::prune(Prunable what) {
  {
    const std::lock_guard lock(mutex_);
    prunable_.push_back(what);
  }
  wake_.notify_one();
}

// A few at a time: a handheld that comes meanwhile does not wait. True when there is nothing more to do for now.
bool StoreThread::prune_some(const Prunable& what) {
  const auto pruned = inbox_.prune(what.device, what.log, what.through_seq, what.merged_inbox_id, kPrunedAtOnce);
  if (!pruned.ok()) log_line("inbox: " + pruned.error().to_log_line());
  if (pruned.ok() && *pruned == kPrunedAtOnce) return false;
  // A reader in the way is away again by the next time.
  if (const Status forgotten = inbox_.forget_removed(); !forgotten.ok()) log_line("inbox: " + forgotten.error().to_log_line());
  return true;
}

void StoreThread::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return ending_ || !jobs_.empty() || !questions_.empty() || !prunable_.empty(); });
    if (ending_ && jobs_.empty()) return;
    std::deque<StoreJob> jobs;
    while (!jobs_.empty() && jobs.size() < limits_.commit_batches_max) {
      jobs.push_back(std::move(jobs_.front()));
      jobs_.pop_front();
    }
    std::deque<Question> questions;
    const std::uint64_t done = given_ - jobs_.size();
    while (!questions_.empty() && questions_.front().after <= done) {
      questions.push_back(std::move(questions_.front()));
      questions_.pop_front();
    }
    std::optional<Prunable> pruned;
    if (jobs.empty() && questions.empty() && !prunable_.empty()) pruned = prunable_.front();
    lock.unlock();
    if (!jobs.empty()) commit(std::move(jobs));
    const bool is_pruned = pruned && prune_some(*pruned);
    for (Question& question : questions) {
      post_([done = std::move(question.done), answered = answer(question)] { done(answered); });
    }
    lock.lock();
    if (is_pruned) prunable_.pop_front();
  }
}

void StoreThread::commit(std::deque<StoreJob> jobs) {
  const std::int64_t now_ms = SystemClock().now().wall_ms;
  std::vector<journal::AuthorKeys> keys;
  std::vector<inbox::Incoming> batches;
  keys.reserve(jobs.size());
  for (const StoreJob& job : jobs) {
    keys.push_back(job.device->author_keys());
    batches.push_back({genesis_of(job.device->id, job.store.log), as_bytes(job.store.batch), now_ms, &keys.back(), anchor_of(job.store)});
  }
  const std::int64_t before = inbox_.last_inbox_id();
  const auto landed = inbox_.store(batches);
  if (!landed.ok()) {
    log::write(log::Kind::kNotStored, "inbox: " + landed.error().to_log_line(), {{"CODE", landed.error().code}});
  }

  struct Answer {
    std::vector<sync::StoreResult> results;
    std::size_t bytes = 0;
  };
  std::map<std::shared_ptr<StoreClient>, Answer> answers;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    Answer& answer = answers[jobs[i].client];
    answer.bytes += jobs[i].store.batch.size();
    // The reason is the server's own affair: the handheld's user cannot make room on this disk.
    answer.results.push_back(landed.ok() ? result_of(jobs[i].store.token, (*landed)[i])
                                         : sync::StoreResult{jobs[i].store.token, sync::Stored::kFailed, {}, "server_cannot_store"});
  }
  jobs.clear();
  if (inbox_.last_inbox_id() != before) post_([this, last = inbox_.last_inbox_id()] { on_grew_(last); });
  for (auto& [client, answer] : answers) {
    post_([client = client, answer = std::move(answer)] { client->on_stored(answer.results, answer.bytes); });
  }
}

StoreThread::Standings StoreThread::answer(const Question& question) {
  std::vector<journal::Position> places;
  for (const LogId& log : question.logs) {
    LANTAARN_ASSIGN(const journal::Position place, inbox_.received(question.device, log));
    places.push_back(place);
  }
  return places;
}

}  // namespace lantaarn::server::gateway

#include "sync_server/admin/second_copy.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>
#include <variant>

#include "sync_server/admin/keys.hpp"
#include "sync_server/registry/sqlite/open.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr std::chrono::seconds kEndPatience{10};
/// A target that could not be reached is tried again after this; doubles.
constexpr std::chrono::milliseconds kFirstPause{1000};
constexpr std::chrono::milliseconds kPauseMax{60'000};

}  // namespace

Status SecondCopyWork::with_stores(const Pass& pass) {
  LANTAARN_ASSIGN(const auto snapshot, open_sqlite_snapshot(folder_.registry_database(), data_key_.duplicate()));
  LANTAARN_ASSIGN(const Keys keys, load_keys(*snapshot));
  std::error_code ignored;
  if (!std::filesystem::exists(folder_.inbox(), ignored)) return pass(*snapshot, nullptr, keys.authority);
  LANTAARN_ASSIGN(auto inbox, inbox::InboxReader::open(folder_.inbox()));
  return pass(*snapshot, &inbox, keys.authority);
}

Result<backup::Shipped> SecondCopyWork::ship() {
  backup::Shipped shipped;
  LANTAARN_TRY(with_stores([&](Registry& registry, inbox::InboxReader* inbox, const crypto::SignKey& authority) -> Status {
    LANTAARN_ASSIGN(shipped, shipping_.pass(registry, inbox, authority));
    return {};
  }));
  return shipped;
}

Result<backup::Shipping::Backup> SecondCopyWork::create(std::int64_t now_ms) {
  std::optional<backup::Shipping::Backup> made;
  LANTAARN_TRY(with_stores([&](Registry& registry, inbox::InboxReader* inbox, const crypto::SignKey& authority) -> Status {
    LANTAARN_ASSIGN(made, shipping_.create(registry, inbox, authority, now_ms));
    return {};
  }));
  return std::move(*made);
}

Result<backup::Pruned> SecondCopyWork::prune(std::size_t keep) {
  LANTAARN_ASSIGN(const auto snapshot, open_sqlite_snapshot(folder_.registry_database(), data_key_.duplicate()));
  LANTAARN_ASSIGN(const Keys keys, load_keys(*snapshot));
  LANTAARN_ASSIGN(const auto signers, backup::authority_of(*snapshot, keys.authority.verify_key()));
  return backup::prune_target(shipping_.files(), signers, keep);
}

// All of it lives until both sides are done with it.
struct SecondCopy::Shared {
  struct CreateTask { OnBackup done; };
  struct PruneTask { std::size_t keep; OnPruned done; };
  using Task = std::variant<CreateTask, PruneTask>;

  Shared(const Folder& folder, crypto::Key data_key, const backup::TargetSetting& target, const Clock& with_clock)
      : work(folder, std::move(data_key), target), clock(with_clock), event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    state.where = target.path;
  }
  ~Shared() { ::close(event); }
  void tell() const {
    const std::uint64_t one = 1;
    if (::write(event, &one, sizeof one) < 0) return;  // full: it is readable already
  }

  SecondCopyWork work;  // the thread's own
  const Clock& clock;
  const int event;
  mutable std::mutex mutex;
  std::condition_variable changed;
  bool poked = true;
  bool ending = false;
  bool ended = false;
  bool left = false;
  std::deque<Task> tasks;
  SecondCopyState state;
  bool wants_backup = false;  // the thread's own
  News news;
  std::vector<std::function<void()>> answers;

  struct Tried {
    Status done;
    std::optional<backup::Shipped> shipped;
    std::optional<backup::pb::Manifest> made;
    std::function<void()> answer;
  };
  Tried try_once(std::optional<Task> task, std::int64_t now_ms);
  void note(Tried tried, std::int64_t now_ms);
};

SecondCopy::SecondCopy(const Folder& folder, crypto::Key data_key, const backup::TargetSetting& target, const Clock& clock)
    : shared_(std::make_shared<Shared>(folder, std::move(data_key), target, clock)) {
  std::thread([shared = shared_] { work(shared); }).detach();
}

SecondCopy::~SecondCopy() {
  std::unique_lock lock(shared_->mutex);
  shared_->ending = true;
  shared_->changed.notify_all();
  if (!shared_->left) shared_->changed.wait_for(lock, kEndPatience, [this] { return shared_->ended; });
}

void SecondCopy::leave() {
  const std::lock_guard lock(shared_->mutex);
  shared_->left = true;
}

int SecondCopy::descriptor() const { return shared_->event; }

void SecondCopy::poke() {
  const std::lock_guard lock(shared_->mutex);
  shared_->poked = true;
  shared_->changed.notify_all();
}

void SecondCopy::create(OnBackup done) {
  const std::lock_guard lock(shared_->mutex);
  shared_->tasks.emplace_back(Shared::CreateTask{std::move(done)});
  shared_->changed.notify_all();
}

void SecondCopy::prune(std::size_t keep, OnPruned done) {
  const std::lock_guard lock(shared_->mutex);
  shared_->tasks.emplace_back(Shared::PruneTask{keep, std::move(done)});
  shared_->changed.notify_all();
}

void SecondCopy::News::add(News later) {
  for (const auto& [log, at] : later.secured) secured.insert_or_assign(log, at);
  for (auto& manifest : later.made) made.push_back(std::move(manifest));
}

SecondCopy::News SecondCopy::attend() {
  std::uint64_t count = 0;
  if (::read(shared_->event, &count, sizeof count) < 0) count = 0;  // nothing new to hear, and nothing lost by looking
  std::vector<std::function<void()>> answers;
  News news;
  {
    const std::lock_guard lock(shared_->mutex);
    answers.swap(shared_->answers);
    std::swap(news, shared_->news);
  }
  for (const auto& answer : answers) answer();
  return news;
}

SecondCopyState SecondCopy::state() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->state;
}

SecondCopy::Shared::Tried SecondCopy::Shared::try_once(std::optional<Task> task, std::int64_t now_ms) {
  Tried tried;
  if (task && std::holds_alternative<PruneTask>(*task)) {
    auto& prune = std::get<PruneTask>(*task);
    const auto pruned = work.prune(prune.keep);
    if (!pruned.ok()) tried.done = pruned.error();
    tried.answer = [done = std::move(prune.done), pruned] { done(pruned); };
  } else if (task || wants_backup) {
    const auto made = work.create(now_ms);
    if (!made.ok()) tried.done = made.error();
    if (made.ok()) {
      tried.shipped = made->shipped;
      tried.made = made->made.manifest;
      wants_backup = false;
    }
    if (task) tried.answer = [done = std::move(std::get<CreateTask>(*task).done), made] { done(made); };
  } else {
    auto shipped = work.ship();
    if (!shipped.ok()) tried.done = shipped.error();
    if (shipped.ok()) tried.shipped = std::move(*shipped);
    wants_backup = wants_backup || (tried.shipped && tried.shipped->wants_backup);
  }
  return tried;
}

void SecondCopy::Shared::note(Tried tried, std::int64_t now_ms) {
  state.reachable = tried.done.ok();
  state.trouble = tried.done.ok() ? "" : tried.done.error().code;
  state.tried_at_ms = now_ms;
  if (tried.shipped) {
    state.own_seq = tried.shipped->own_seq;
    state.keys = tried.shipped->keys;
    news.add({tried.shipped->secured, {}});
  }
  if (tried.made) news.add({{}, {std::move(*tried.made)}});
  if (tried.answer) answers.push_back(std::move(tried.answer));
  poked = poked || wants_backup;
}

void SecondCopy::work(const std::shared_ptr<Shared>& shared) {
  auto pause = std::chrono::milliseconds(0);
  std::unique_lock lock(shared->mutex);
  while (true) {
    if (pause.count() != 0) {
      // A target that was away; what a person asks for is tried at once.
      shared->changed.wait_for(lock, pause, [&] { return !shared->tasks.empty() || shared->ending; });
    } else {
      shared->changed.wait(lock, [&] { return shared->poked || !shared->tasks.empty() || shared->ending; });
    }
    const bool last = shared->ending;
    // Nobody waited for this thread: what it was given to use (the clock) may be gone.
    if (last && shared->left) return;
    std::optional<Shared::Task> task;
    if (!shared->tasks.empty()) {
      task = std::move(shared->tasks.front());
      shared->tasks.pop_front();
    }
    shared->poked = false;
    const std::int64_t now_ms = shared->clock.now().wall_ms;
    lock.unlock();
    auto tried = shared->try_once(std::move(task), now_ms);
    const bool good = tried.done.ok();
    lock.lock();
    shared->note(std::move(tried), now_ms);
    shared->tell();
    pause = good ? std::chrono::milliseconds(0) : std::clamp(2 * pause, kFirstPause, kPauseMax);
    if (!last || (good && !shared->tasks.empty())) continue;
    shared->ended = true;
    shared->changed.notify_all();
    return;
  }
}

}  // namespace lantaarn::server::admin

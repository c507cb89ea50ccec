#include "firmware_app/ui/office.hpp"

#include <utility>

namespace lantaarn::firmware::ui {

Result<Session*> Hand::at_work() {
  if (!session) return refused("locked");
  return session.get();
}

Office::Office(std::string path, VaultOptions vault_options, std::shared_ptr<const Clock> clock) {
  hand_.path = std::move(path);
  hand_.clock = std::move(clock);
  hand_.vault_options = std::move(vault_options);
  thread_ = std::thread([this] { run(); });
}

Office::~Office() { stop(); }

void Office::post(Job job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void Office::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) break;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    busy_ = true;
    lock.unlock();
    job(hand_);
    job = nullptr;
    lock.lock();
    busy_ = false;
    idle_.notify_all();
  }
  // Keys go on the thread that held them.
  hand_.session.reset();
  hand_.folder.reset();
}

void Office::set_interruptible(bool is) {
  interruptible_ = is;
  idle_.notify_all();
}

void Office::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Office::settle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return jobs_.empty() && (!busy_ || interruptible_); });
}

}  // namespace lantaarn::firmware::ui

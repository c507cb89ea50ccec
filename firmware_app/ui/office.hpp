#pragma once
// The thread that does the work, so that no screen ever waits: it alone touches folder, vault and journal, one question
// after the other. Answers come back on the screens' thread.

#include <QObject>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <thread>

#include "firmware_app/handheld/session.hpp"

namespace lantaarn::firmware::ui {

/// What is open, on the office's thread only.
struct Hand {
  std::string path;
  VaultOptions vault_options;
  std::shared_ptr<const Clock> clock;
  std::shared_ptr<Folder> folder;
  std::unique_ptr<Session> session;
  /// kRefused "locked" before anybody's PIN was right.
  [[nodiscard]] Result<Session*> at_work();
};

class Office : public QObject {
  Q_OBJECT

 public:
  /// `path`: the handheld's folder.
  Office(std::string path, VaultOptions vault_options, std::shared_ptr<const Clock> clock);
  /// What was asked is done first.
  ~Office() override;

  /// `work(Hand&)` returns a Result; `then` gets it here, on the screens' thread. Memory that runs out is kRetry "memory_short".
  template <typename Work, typename Then>
  void ask(Work work, Then then) {
    using Answer = std::invoke_result_t<Work, Hand&>;
    post([this, work = std::move(work), then = std::move(then)](Hand& hand) mutable {
      auto answer = std::make_shared<Answer>(attempt(work, hand));
      QMetaObject::invokeMethod(this, [then = std::move(then), answer]() mutable { then(std::move(*answer)); }, Qt::QueuedConnection);
    });
  }
  /// The same for what changes something: then everybody who shows it is told.
  template <typename Work, typename Then>
  void change(Work work, Then then) {
    ask(std::move(work), [this, then = std::move(then)](auto answer) mutable {
      const bool done = answer.ok();
      then(std::move(answer));
      if (done) emit changed();
    });
  }
  /// No more work: what was asked is done, the thread has ended. Before those are gone who asked.
  void stop();
  /// Waits until all that was asked is done (a save under way is not cut), but not for a sync, which can be.
  void settle();
  /// While it lives, what the office is doing may be cut without loss: a long conversation. Made and gone within a job.
  class Interruptible {
   public:
    explicit Interruptible(Office& office) : office_(office) { office_.set_interruptible(true); }
    ~Interruptible() { office_.set_interruptible(false); }
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;

   private:
    Office& office_;
  };

 signals:
  void changed();

 private:
  using Job = std::function<void(Hand&)>;
  template <typename Work>
  static auto attempt(Work& work, Hand& hand) -> std::invoke_result_t<Work, Hand&> {
    try {
      return work(hand);
    } catch (const std::bad_alloc&) {
      return retry("memory_short");
    }
  }
  void post(Job job);
  void set_interruptible(bool is);
  void run();

  Hand hand_;
  std::mutex mutex_;
  std::condition_variable wake_, idle_;
  std::deque<Job> jobs_;
  bool busy_ = false;
  bool stopping_ = false;
  std::atomic<bool> interruptible_ = false;
  std::thread thread_;
};

}  // namespace lantaarn::firmware::ui

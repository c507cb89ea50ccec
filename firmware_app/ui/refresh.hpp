#pragma once
// What the screens show is read anew after every change: once for all of them, and once for several changes in a row.

#include <QObject>

#include "firmware_app/ui/office.hpp"

namespace lantaarn::firmware::ui {

/// What was read for everybody, on the office's thread.
struct Seen {
  Session& session;
  const ReadableEntries& entries;
  const std::vector<FollowUpView>& follow_ups;
};

class Refresh : public QObject {
  Q_OBJECT

 public:
  /// Runs on the screens' thread: what was read is shown.
  using Show = std::function<void()>;
  /// Runs on the office's thread.
  using Look = std::function<Show(const Seen&)>;

  explicit Refresh(Office& office);
  /// `prepare` is asked here for each reading, so that it can say what it wants to see.
  void add(std::function<Look()> prepare) { parts_.push_back(std::move(prepare)); }
  /// Soon. While one is under way the next one waits, however often it is asked for.
  void request();
  [[nodiscard]] int readings() const { return readings_; }

 signals:
  void failed(const lantaarn::Error& error);

 private:
  Office& office_;
  std::vector<std::function<Look()>> parts_;
  bool under_way_ = false;
  bool again_ = false;
  int readings_ = 0;
};

}  // namespace lantaarn::firmware::ui

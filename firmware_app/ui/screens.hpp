#pragma once
// Everything behind the screens, put together once: the program does it, and so do tests and pictures.

#include <QQmlApplicationEngine>
#include <memory>

#include "firmware_app/ui/contact_model.hpp"
#include "firmware_app/ui/enrol_model.hpp"
#include "firmware_app/ui/evening_model.hpp"
#include "firmware_app/ui/lock_model.hpp"
#include "firmware_app/ui/people_model.hpp"
#include "firmware_app/ui/record_model.hpp"
#include "firmware_app/ui/sync_model.hpp"
#include "firmware_app/ui/translator.hpp"
#include "firmware_app/ui/woman_model.hpp"

namespace lantaarn::firmware::ui {

class Screens {
 public:
  /// Before the application object: what Qt must know of how it draws.
  static void prepare();
  explicit Screens(const std::string& folder, VaultOptions vault_options = program_vault_options(),
                   std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>());

  /// The engine that was served is gone by then.
  ~Screens() { office_.stop(); }
  Screens(const Screens&) = delete;
  Screens& operator=(const Screens&) = delete;
  /// Models and words for an engine's screens.
  void serve(QQmlEngine& engine);
  [[nodiscard]] App& app() { return app_; }
  [[nodiscard]] Office& office() { return office_; }
  [[nodiscard]] LockModel& lock() { return lock_; }
  [[nodiscard]] EnrolModel& enrol() { return enrol_; }
  [[nodiscard]] EveningModel& evening() { return evening_; }
  [[nodiscard]] ContactModel& contact() { return contact_; }
  [[nodiscard]] SyncModel& sync() { return sync_; }
  [[nodiscard]] PeopleModel& people() { return people_; }
  [[nodiscard]] WomanModel& woman() { return woman_; }
  [[nodiscard]] RecordModel& record() { return record_; }
  [[nodiscard]] Refresh& refresh() { return refresh_; }

 private:
  Office office_;
  Translator translator_;
  App app_;
  Refresh refresh_;
  LockModel lock_;
  EnrolModel enrol_;
  EveningModel evening_;
  PeopleModel people_;
  ContactModel contact_;
  WomanModel woman_;
  RecordModel record_;
  SyncModel sync_;
};

}  // namespace lantaarn::firmware::ui

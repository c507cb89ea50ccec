#pragma once
// What a user can still read on her handheld.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/journal/journal.hpp"
#include "common/model/fields.hpp"

namespace lantaarn::firmware {

struct ContactView {
  EventId event;
  journal::Saved place;
  UserId author;
  std::optional<RoundId> round;
  model::FieldValues fields;      ///< with every readable correction applied
  std::int64_t recorded_ms = 0;
  ClockStatus clock = ClockStatus::kUnknown;
  bool amended = false;
  bool retracted = false;
};

/// An own contact, known by its heads: what it says may no longer be readable.
struct RecentContact {
  EventId contact;
  std::string client_id;          ///< 16 bytes; "" = an unknown person
  std::int64_t saved_ms = 0;      ///< by this handheld's clock; 0: not known here
  bool amended = false;
  bool retracted = false;
};
inline constexpr int kRecentDays = 14;  ///< as long as the server's cards list them

struct FollowUpView {
  EventId follow_up;
  std::string client_id;          ///< 16 bytes; "" = not about one woman
  std::string due_date;
  std::string text;
  std::string kind;               ///< code list follow_up_kind
};

struct RecordView {
  EventId record;
  std::string kind;
  std::string client_id;          ///< 16 bytes; "" = about nobody
  model::FieldValues fields;      ///< with every readable correction applied
  std::set<std::string> contested;  ///< fields two people changed without seeing one another's value
  bool on_card = false;
  bool amended = false;           ///< changed on this handheld
  bool stale = false;             ///< changed here in a way that can no longer be read: `fields` are from before
  bool retracted = false;
  /// "" when not stated.
  [[nodiscard]] const std::string& value(std::string_view field) const;
};

/// What readable events say of a record, whether or not it can be read itself.
struct RecordCorrections {
  model::FieldValues fields;
  std::set<EventId> changes;
  bool retracted = false;
};

struct RecordList {
  std::vector<RecordView> records;        ///< by kind, then day
  std::optional<Error> damage;            ///< what ended the reading early
};

struct ReadableEntries {
  std::vector<ContactView> contacts;      ///< in order of saving
  std::vector<FollowUpView> follow_ups;   ///< planned, done or not
  std::vector<RecordView> records;        ///< in order of saving
  std::map<EventId, RecordCorrections> record_corrections;
  std::vector<EventId> done;              ///< follow-ups reported as done
  int head_count = 0;                     ///< of the open round
  std::optional<Error> damage;            ///< what ended the reading early
};

}  // namespace lantaarn::firmware

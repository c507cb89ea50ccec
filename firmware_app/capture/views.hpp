#pragma once
// What a user can still read on her handheld.

#include <map>
#include <string>
#include <vector>

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

struct FollowUpView {
  EventId follow_up;
  std::string client_id;          ///< 16 bytes; "" = not about one woman
  std::string due_date;
  std::string text;
};

struct ReadableEntries {
  std::vector<ContactView> contacts;      ///< in order of saving
  std::vector<FollowUpView> follow_ups;   ///< planned, done or not
  std::vector<EventId> done;              ///< follow-ups reported as done
  int head_count = 0;                     ///< of the open round
  std::optional<Error> damage;            ///< what ended the reading early
};

}  // namespace lantaarn::firmware

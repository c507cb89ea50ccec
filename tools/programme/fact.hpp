#pragma once
// One dated thing that happens in a programme, and all of them in order: a function of the scenario alone. What it takes
// to record it is player.hpp's.

#include <array>
#include <string>
#include <vector>

#include "tools/programme/scenario.hpp"

namespace lantaarn::programme {

enum class Do {
  kSync, kClockWrong, kClockRight,
  kRoundStart, kRoundEnd, kHeads,
  kContact, kAmend, kRetract, kFollowUpDone,
  kClientAdd, kClientName, kClientSet,
  kRecord, kRecordChange, kRecordRetract,
};

struct Fact {
  std::int64_t at_ms = 0;      ///< the true time
  Do what = Do::kSync;
  std::string handheld;        ///< key; "" = at the office, on the server
  std::string by;              ///< staff; "" = nobody in particular
  std::string label;           ///< what later facts call it
  std::string of;              ///< label of the one it is about
  std::string woman;           ///< alias; "" = nobody
  std::string kind;            ///< of a record
  /// A contact's, a client's or a record's, by name; a contact may have "description", "follow_up_date" and
  /// "follow_up_text", a round "places" and "with", a head count "delta". "@label" is the record of that label.
  model::FieldValues fields;
  std::string reason;
  bool operator==(const Fact&) const = default;
};

/// In the order in which they happen.
[[nodiscard]] std::vector<Fact> generate(const Scenario& scenario);

}  // namespace lantaarn::programme

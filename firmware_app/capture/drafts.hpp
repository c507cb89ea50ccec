#pragma once
// What a person filled in, before it becomes an event.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/id.hpp"
#include "common/model/fields.hpp"

namespace lantaarn::firmware {

struct UnknownPerson {
  std::string description;
};
/// A woman who is added in the same commit.
struct NewClient {
  std::string alias;
};
using Who = std::variant<ClientId, UnknownPerson, NewClient>;

struct FollowUpDraft {
  std::string due_date;             ///< "2026-11-22"
  std::string text;
  std::string kind = {};            ///< code list follow_up_kind; "" = ordinary
};

struct ContactDraft {
  Who who = UnknownPerson{};
  std::optional<std::int64_t> occurred_at_ms;  ///< nothing: now
  std::string channel;
  std::string place;
  std::string outcome;
  std::vector<std::string> topics;
  std::vector<std::string> areas;
  std::optional<std::uint32_t> minutes;
  std::optional<std::uint32_t> indirect_minutes;
  std::string note;
  std::optional<FollowUpDraft> follow_up;
};

/// A correction: only what is set is changed. An empty text, or an empty list, takes the value away.
struct ContactChanges {
  std::optional<Who> who;
  std::optional<std::int64_t> occurred_at_ms;
  std::optional<std::string> channel;
  std::optional<std::string> place;
  std::optional<std::string> outcome;
  std::optional<std::vector<std::string>> topics;
  std::optional<std::vector<std::string>> areas;
  std::optional<std::string> minutes;           ///< decimal, "" = not stated
  std::optional<std::string> indirect_minutes;
  std::optional<std::string> note;
  std::optional<FollowUpDraft> follow_up;       ///< one more
};

struct RoundDraft {
  std::vector<std::string> places;
  std::vector<std::string> colleagues;
};

/// One of model::record_kinds(). What goes without saying may be left out (model::fill_defaults).
struct RecordDraft {
  std::string kind;
  std::optional<ClientId> client;   ///< nothing: about nobody
  model::FieldValues fields;
};

}  // namespace lantaarn::firmware

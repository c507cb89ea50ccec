#pragma once
// What generating writes into: the facts so far, the lives they are about. Inside this room only.

#include <functional>

#include "tools/programme/calendar.hpp"
#include "tools/programme/fact.hpp"
#include "tools/programme/lives.hpp"

namespace lantaarn::programme {

struct Script {
  const Scenario& scenario;
  std::vector<Life> lives;
  std::vector<Fact> facts;
  int labels = 0;

  /// Something `by` does on her own handheld, or at the office when she carries none.
  Fact& add(int day, int minute, Do what, const std::string& by);
  /// Something a person does on the server.
  Fact& add_at_office(int day, int minute, Do what, const std::string& by);
  [[nodiscard]] std::string new_label() { return std::to_string(++labels); }
  /// A new record of that kind, its plain fields chosen.
  Fact& add_record(int day, int minute, std::string_view kind, const std::string& by, bool at_office, Chance& chance);
  /// A later change to the record `of`; nothing when it lies beyond the period. `of` must not be an element of `facts`.
  void change_record(const Fact& of, int day, int minute, const std::string& reason, model::FieldValues fields);

  [[nodiscard]] bool has(int day) const { return day >= scenario.from && day <= scenario.through; }
  /// On or after that day, within the period.
  [[nodiscard]] int workday_from(int day) const;
  /// A woman in view for whom `weight` is not nil; nullptr when there is none.
  [[nodiscard]] const Life* woman(Chance& chance, int day, const std::function<double(const Life&)>& weight) const;
};

// The parts, each with streams of chance of its own.
void write_rounds(Script& script);
void write_daytime(Script& script);
void write_changes(Script& script);   ///< of women: added, named, changed, closed
void write_care(Script& script);      ///< records about a woman, on handhelds
void write_accounts(Script& script);  ///< records about the programme, and what the office writes about a woman
void write_syncs(Script& script);

/// A contact and what follows from it: a note, something to do, a correction, a retraction.
void write_contact(Script& script, Chance& chance, int day, int minute, const std::string& by, const Life* life, model::FieldValues fields);

}  // namespace lantaarn::programme

#include "common/words/words.hpp"
#include "firmware_app/cli/commands.hpp"
#include "firmware_app/cli/contact_input.hpp"
#include "firmware_app/cli/folder.hpp"
#include "firmware_app/cli/saved_answer.hpp"

namespace lantaarn::firmware::cli {
using words::text;

Result<Answer> log_contact(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, cards_for(arguments)));
  LANTAARN_ASSIGN(const auto draft, contact_draft(arguments, session->cards, session->user.access));
  LANTAARN_ASSIGN(const auto saved, session->capture().log_contact(draft));
  return saved_answer(*session->folder, saved, "label:saved");
}

Result<Answer> amend(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, cards_for(arguments)));
  Capture capture = session->capture();
  LANTAARN_ASSIGN(const EventId contact, capture.find_contact(arguments.one("event")));
  LANTAARN_ASSIGN(const auto changes, contact_changes(arguments, session->cards, session->user.access));
  LANTAARN_ASSIGN(const auto saved, capture.amend(contact, arguments.one("reason"), changes));
  return saved_answer(*session->folder, saved, "label:saved");
}

Result<Answer> retract(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNone));
  Capture capture = session->capture();
  LANTAARN_ASSIGN(const EventId contact, capture.find_contact(arguments.one("event")));
  LANTAARN_ASSIGN(const auto saved, capture.retract(contact, arguments.one("reason")));
  return saved_answer(*session->folder, saved, "label:saved");
}

Result<Answer> start_round(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNone));
  LANTAARN_ASSIGN(const auto saved, session->capture().start_round({arguments.all("place"), arguments.all("with")}));
  return saved_answer(*session->folder, saved, "label:round_started");
}

Result<Answer> end_round(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNone));
  LANTAARN_ASSIGN(const auto ended, session->capture().end_round());
  if (!ended.closed) return refused("round_not_closed");
  return saved_answer(*session->folder, ended.saved, "label:round_ended");
}

Result<Answer> count_heads(const Arguments& arguments) {
  const std::string given = arguments.one("number");
  std::size_t used = 0;
  int delta = 0;
  try {
    delta = std::stoi(given, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (given.empty() || used != given.size() || (given[0] != '+' && given[0] != '-')) return refused("usage", {"round count +N|-N"});
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNone));
  Capture capture = session->capture();
  LANTAARN_ASSIGN(const auto saved, capture.count(delta));
  Answer answer = saved_answer(*session->folder, saved, "label:saved");
  LANTAARN_ASSIGN(const auto read, capture.readable());
  // In strict mode nobody can add up here what was counted.
  answer.document.as_object()["count"] = nullptr;
  if (!session->user.access.keeps_readable()) return answer;
  answer.document.as_object()["count"] = read.head_count;
  answer.lines.front() = text("label:head_count", {std::to_string(read.head_count)});
  return answer;
}

}  // namespace lantaarn::firmware::cli

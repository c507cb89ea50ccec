#include "common/model/record_input.hpp"
#include "firmware_app/cli/commands.hpp"
#include "firmware_app/cli/contact_input.hpp"
#include "firmware_app/cli/folder.hpp"
#include "firmware_app/cli/saved_answer.hpp"

namespace lantaarn::firmware::cli {
namespace {

// A record that another names (a step its goal) may be typed by the beginning of its id.
Status complete_references(Capture& capture, const model::RecordKind& kind, model::FieldValues& values) {
  for (auto& [name, value] : values) {
    const model::RecordField* field = kind.field(name);
    if (field == nullptr || field->type != model::FieldType::kRecord || value.empty() || value.size() == 2 * kIdBytes) continue;
    LANTAARN_ASSIGN(const auto named, capture.find_record(value));
    value = named.id.hex();
  }
  return {};
}

Result<model::FieldValues> typed_values(Capture& capture, const model::RecordKind& kind, const Arguments& arguments) {
  LANTAARN_ASSIGN(auto values, model::typed_fields(kind, arguments.all("fields")));
  LANTAARN_TRY(complete_references(capture, kind, values));
  return values;
}

}  // namespace

Result<Answer> add_record(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, needs_cards(arguments) ? Cards::kNeeded : Cards::kNone));
  Capture capture = session->capture();
  LANTAARN_ASSIGN(const model::RecordKind* kind, model::named_kind(arguments.one("kind")));
  RecordDraft draft;
  draft.kind = kind->kind;
  LANTAARN_ASSIGN(draft.client, client_of(arguments, session->cards));
  LANTAARN_ASSIGN(draft.fields, typed_values(capture, *kind, arguments));
  LANTAARN_ASSIGN(const auto saved, capture.add_record(draft));
  return saved_record_answer(*session->folder, saved, saved.event, draft.kind);
}

Result<Answer> change_record(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNone));
  Capture capture = session->capture();
  LANTAARN_ASSIGN(const auto record, capture.find_record(arguments.one("record")));
  LANTAARN_ASSIGN(const model::RecordKind* kind, model::named_kind(record.kind));
  LANTAARN_ASSIGN(const auto values, typed_values(capture, *kind, arguments));
  LANTAARN_ASSIGN(const auto saved, capture.change_record(record.id, arguments.one("reason"), values));
  return saved_record_answer(*session->folder, saved, record.id, record.kind);
}

Result<Answer> retract_record(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNone));
  Capture capture = session->capture();
  LANTAARN_ASSIGN(const auto record, capture.find_record(arguments.one("record")));
  LANTAARN_ASSIGN(const auto saved, capture.retract_record(record.id, arguments.one("reason")));
  return saved_record_answer(*session->folder, saved, record.id, record.kind);
}

}  // namespace lantaarn::firmware::cli

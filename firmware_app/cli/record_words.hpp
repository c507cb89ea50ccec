#pragma once
// Records in the reader's words.

#include "firmware_app/capture/views.hpp"
#include "common/base/civil_time.hpp"
#include "common/model/record_kinds.hpp"
#include "common/model/rules.hpp"

namespace lantaarn::firmware::cli {

/// "text", "code", "codes", "date", "cents", "number", "minutes", "yes_no", "score", "record".
[[nodiscard]] const char* type_name(model::FieldType type);

/// The kind's word; the kind itself when a newer server sent one this program does not know.
[[nodiscard]] std::string kind_word(const std::string& kind);
/// Every stated field but the day, as "naar: soa-test; gegaan: ja".
[[nodiscard]] std::string summary_of(const RecordView& record);

/// A time-out stay that is, or becomes, too long (model::stay_state); nothing for any other record, and when it has ended
/// in time.
struct StayWarning {
  int days = 0;  ///< so far
  model::StayState state = model::StayState::kFine;
};
[[nodiscard]] std::optional<StayWarning> stay_warning(const RecordView& record, const CivilDate& today);
[[nodiscard]] std::string words_of(const StayWarning& warning);

}  // namespace lantaarn::firmware::cli

#pragma once
// From a draft to the fact it states. Pure.

#include "common/base/clock.hpp"
#include "common/model/event.hpp"
#include "common/model/fields.hpp"
#include "firmware_app/capture/drafts.hpp"

namespace lantaarn::firmware {

/// kRefused "unknown_code".
[[nodiscard]] Status fill_contact(const ContactDraft& draft, const std::optional<ClientId>& client, const ClockReading& now,
                                  model::pb::ContactLogged& contact);

/// The canonical values of what is changed; `client` is whom `changes.who` came to mean. kRefused "unknown_code".
[[nodiscard]] Result<model::FieldValues> changed_fields(const ContactChanges& changes, const std::optional<ClientId>& client);

/// kRefused "text_control": a control character in what is one line (names, reasons, descriptions, follow-ups, records), or other
/// than tab and line end in a note. A name must not move someone's cursor.
[[nodiscard]] Status check_lines(const model::Event& event);

}  // namespace lantaarn::firmware

#pragma once
// What a screen shows of a contact, a woman, a follow-up: made on the office's thread, where names can be read, shown on the
// other. Words in the language in use.

#include <QVariant>

#include "firmware_app/outbox/outbox.hpp"
#include "firmware_app/ui/office.hpp"

namespace lantaarn::firmware::ui {

/// Of a kept draft: which form of the screens it is (none: a contact), about whom.
inline constexpr const char* kDraftForm = "form";
inline constexpr const char* kDraftClient = "client";

/// {code, word} of a list, the customer's own included, those withdrawn not.
[[nodiscard]] QVariantList choices(const model::OwnCodes& own_codes, std::string_view list);
/// {id, name, names}.
[[nodiscard]] QVariantMap person_row(const CaseCard& card);
/// {id, who, clientId, how, where, outcome, topics, minutes, note, time, retracted, amended}: codes and words.
[[nodiscard]] QVariantMap contact_row(const ContactView& contact, const Session& session);
/// {id, who, clientId, time, known, amended, retracted, earlier}.
[[nodiscard]] QVariantMap earlier_row(const RecentContact& contact, const Session& session);
/// {id, who, clientId, due, dueText, text, overdue}.
[[nodiscard]] QVariantMap follow_up_row(const FollowUpView& each, const Session& session, const std::string& today);

/// Tonight's contacts that are not known to be received.
[[nodiscard]] Result<std::uint64_t> contacts_waiting(Session& session, const ReadableEntries& read);

/// "vrijdag 27-11", "vandaag", "morgen".
[[nodiscard]] QString day_text(const std::string& date, const std::string& today);
/// "donderdag 26-11-2026".
[[nodiscard]] QString full_day_text(const CivilDate& date);
/// The clock's where nobody knows better.
[[nodiscard]] std::string today_of(const Session& session);
/// "21:05".
[[nodiscard]] QString time_text(std::int64_t wall_ms);
[[nodiscard]] std::string value_of(const model::FieldValues& fields, const char* field);
[[nodiscard]] inline QString shown(const std::string& text) { return QString::fromStdString(text); }
/// Text of a person's, without what could turn a line around or hide something.
[[nodiscard]] QString plain(const std::string& text);

}  // namespace lantaarn::firmware::ui

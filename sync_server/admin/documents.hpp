#pragma once
// Views as JSON: ids lowercase hex, instants RFC 3339 UTC, dates as they are, codes untranslated, null where nothing is
// stated. The shapes are pinned in tests/contract.

#include <boost/json/value.hpp>

#include "sync_server/admin/inbox_feed.hpp"
#include "sync_server/admin/lookup.hpp"
#include "sync_server/merge/losses.hpp"

namespace lantaarn::server::admin {

[[nodiscard]] std::string instant(std::int64_t ms);
/// null when the text is empty.
[[nodiscard]] boost::json::value text_or_null(std::string_view text);
/// null when 0.
[[nodiscard]] boost::json::value instant_or_null(std::int64_t ms);

/// Fields with every head and where it came from.
[[nodiscard]] boost::json::array field_documents(const std::vector<FieldView>& fields, const Names& names);
[[nodiscard]] boost::json::object follow_up_document(const FollowUp& follow_up, const Names& names);
[[nodiscard]] boost::json::object user_document(const UserView& user);
[[nodiscard]] boost::json::object client_document(const Client& client, const Names& names);
/// `alias`: what she is called; "fields" holds those that were corrected.
[[nodiscard]] boost::json::object contact_document(const Contact& contact, const std::string& alias, const Names& names);
[[nodiscard]] boost::json::object review_document(const ReviewCase& review, const Names& names);
/// In the shape of a review case: what a server put back with loss no longer has, and the handheld neither.
[[nodiscard]] boost::json::object loss_document(const Loss& loss, const Names& names);
[[nodiscard]] boost::json::object quarantined_document(const Quarantined& entry, const Names& names);

/// How far a handheld's contacts have come, over all of its logs. Saved: what it last said, or more when more came.
struct Standing {
  std::uint64_t saved = 0, received = 0, merged = 0, set_apart = 0;
  [[nodiscard]] bool is_equal() const { return saved == received && received == merged; }
};
[[nodiscard]] Standing standing_of(const DeviceView& device, const ReceivedLogs& received);
[[nodiscard]] boost::json::object terms_document(const DeviceTerms& terms);
/// With its users, logs, directives and terms.
[[nodiscard]] boost::json::object device_document(const DeviceView& device, const ReceivedLogs& received, const Names& names,
                                                  const std::vector<Loss>& losses);
/// What a merge did; everything up to `through` is merged, durably.
[[nodiscard]] boost::json::object merge_document(const MergeReport& report);
/// As in the overview: no users, no logs.
[[nodiscard]] boost::json::object handheld_document(const DeviceView& device, const ReceivedLogs& received);

}  // namespace lantaarn::server::admin

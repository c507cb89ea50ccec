#pragma once
// Inside the registry: sealed parts of views, to and from bytes (detail.proto).

#include "common/base/result.hpp"
#include "sync_server/registry/store.hpp"

namespace lantaarn::server {

struct Detail {
  std::vector<FieldView> fields;
  std::vector<std::string> aliases;
  std::string retraction_reason;
  std::string name;
  std::vector<std::string> colleagues;
  std::vector<DirectiveView> directives = {};
  DeviceTerms terms = {};
};
[[nodiscard]] Bytes encode_detail(const Detail& detail);
/// kCorrupt "record_unreadable".
[[nodiscard]] Result<Detail> decode_detail(ByteView bytes);

/// A contact's texts and lists out of its fields (those that are not clear columns).
void fill_contact_texts(Contact& contact);
/// Every field of a ContactLogged's bytes with the event itself as its only head. kCorrupt "event_unreadable".
[[nodiscard]] Result<std::vector<FieldView>> fields_as_logged(const StoredEntry& logged);
/// The same of a RecordAdded: every field that was stated.
[[nodiscard]] Result<std::vector<FieldView>> record_fields_as_added(const StoredEntry& added);
/// Text, kind and contact of a follow-up, which stay in its event alone. kCorrupt "event_unreadable".
[[nodiscard]] Status read_follow_up_texts(const StoredEntry& planned, FollowUp& follow_up);
[[nodiscard]] Result<std::string> round_of(const StoredEntry& logged);

}  // namespace lantaarn::server

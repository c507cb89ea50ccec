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
};
[[nodiscard]] Bytes encode_detail(const Detail& detail);
/// kCorrupt "record_unreadable".
[[nodiscard]] Result<Detail> decode_detail(ByteView bytes);

/// A contact's texts and lists out of its fields (those that are not clear columns).
void fill_contact_texts(Contact& contact);
/// Every field of a ContactLogged's bytes with the event itself as its only head. kCorrupt "event_unreadable".
[[nodiscard]] Result<std::vector<FieldView>> fields_as_logged(const StoredEntry& logged);
/// Round, due text and the like that stay in the event alone.
[[nodiscard]] Result<std::string> follow_up_text(const StoredEntry& planned, std::optional<EventId>& contact);
[[nodiscard]] Result<std::string> round_of(const StoredEntry& logged);

}  // namespace lantaarn::server

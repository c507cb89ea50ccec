#pragma once
// Puts readable events in their places, in order of saving. Pure.

#include "common/model/event.hpp"
#include "firmware_app/capture/views.hpp"

namespace lantaarn::firmware {

class Reading {
 public:
  /// `found` must outlive it.
  explicit Reading(ReadableEntries& found) : found_(found) {}
  void take(const model::Event& event, ByteView bytes, const journal::EntryView& entry);

 private:
  [[nodiscard]] ContactView* find(const std::string& contact);
  void take_contact(const model::Event& event, ByteView bytes, const journal::EntryView& entry);
  void take_amendment(const model::pb::ContactAmended& amended);
  void take_record(const model::pb::RecordAdded& added, const EventId& id);
  void take_record_change(const model::pb::RecordChanged& changed, const EventId& id);
  void take_record_retraction(const std::string& record);

  ReadableEntries& found_;
  std::map<EventId, std::size_t> places_;   // of contacts
  std::map<EventId, std::size_t> records_;
};

}  // namespace lantaarn::firmware

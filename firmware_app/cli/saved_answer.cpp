#include "firmware_app/cli/saved_answer.hpp"

#include "common/words/words.hpp"

namespace lantaarn::firmware::cli {

using words::text;

Answer saved_answer(Folder& folder, const SavedEvent& saved, const char* label) {
  Answer answer;
  auto& document = answer.document.emplace_object();
  document["event_id"] = saved.event.hex();
  document["log_id"] = saved.place.log.hex();
  document["seq"] = saved.place.seq;
  document["client_id"] = saved.client ? boost::json::value(saved.client->hex()) : boost::json::value(nullptr);
  document["follow_up_id"] = saved.follow_up ? boost::json::value(saved.follow_up->hex()) : boost::json::value(nullptr);
  answer.lines.push_back(text(label, {saved.event.hex(), std::to_string(saved.place.seq)}));
  add_storage(answer, folder);
  return answer;
}

Answer saved_record_answer(Folder& folder, const SavedEvent& saved, const EventId& record, const std::string& kind) {
  Answer answer = saved_answer(folder, saved, "label:saved");
  auto& document = answer.document.as_object();
  document.erase("follow_up_id");
  document["record_id"] = record.hex();
  document["kind"] = kind;
  answer.lines.front() = text("label:record_saved", {text("record:" + kind), record.hex(), std::to_string(saved.place.seq)});
  return answer;
}

}  // namespace lantaarn::firmware::cli

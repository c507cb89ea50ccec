#include "firmware_app/cli/storage.hpp"

#include "common/words/words.hpp"

namespace lantaarn::firmware::cli {

boost::json::object storage_json(const Storage& storage) {
  return {{"days_left", storage.days_left}, {"low", storage.low}, {"reserve", storage.reserve}};
}

void add_storage(Answer& answer, Folder& folder) {
  const Storage storage = storage_of(folder);
  answer.document.as_object()["storage"] = storage_json(storage);
  if (storage.low) answer.lines.push_back(words::text("label:disk_low", {std::to_string(storage.days_left)}));
}

}  // namespace lantaarn::firmware::cli

#include "firmware_app/cli/storage.hpp"

#include "common/words/words.hpp"
#include "firmware_app/platform/disk_space.hpp"

namespace lantaarn::firmware::cli {

Storage storage_of(Folder& folder) {
  Storage storage;
  storage.reserve = Reserve(folder.path).is_kept();
  const auto growth = folder.journal.growth();
  const auto room = free_disk_bytes(folder.path);
  if (growth.ok() && room.ok()) storage.days_left = days_left(*room + growth->free_bytes, growth->rounds, growth->bytes);
  storage.low = storage.days_left < folder.warn_days;
  return storage;
}

boost::json::object storage_json(const Storage& storage) {
  return {{"days_left", storage.days_left}, {"low", storage.low}, {"reserve", storage.reserve}};
}

void add_storage(Answer& answer, Folder& folder) {
  const Storage storage = storage_of(folder);
  answer.document.as_object()["storage"] = storage_json(storage);
  if (storage.low) answer.lines.push_back(words::text("label:disk_low", {std::to_string(storage.days_left)}));
}

}  // namespace lantaarn::firmware::cli

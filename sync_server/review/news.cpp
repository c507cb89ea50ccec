#include "sync_server/review/news.hpp"

#include <boost/json.hpp>

#include "sync_server/admin/documents.hpp"

namespace lantaarn::server::review {
namespace {

std::string event(std::string_view name, const std::string& data) { return "event: " + std::string(name) + "\ndata: " + data + "\n\n"; }

}  // namespace

Result<std::string> News::since_last(admin::Context& context) {
  std::string text;
  const auto tell = [&](std::string_view name, const std::string& key, const boost::json::value& document) {
    std::string data = boost::json::serialize(document);
    if (told_[key] == data) return;
    text += event(name, data);
    told_[key] = std::move(data);
  };
  LANTAARN_ASSIGN(const auto devices, context.registry.devices());
  LANTAARN_ASSIGN(const auto received, context.inbox.received());
  for (const DeviceView& device : devices) {
    const admin::Standing standing = admin::standing_of(device, received);
    tell("handheld", device.name, boost::json::object{{"name", device.name}, {"saved", standing.saved}, {"received", standing.received}, {"merged", standing.merged}});
  }
  std::uint64_t open = 0;
  LANTAARN_TRY(context.registry.review_cases([&](const ReviewCase&) -> Status {
    ++open;
    return {};
  }));
  LANTAARN_TRY(context.registry.quarantine([&](const Quarantined&) -> Status {
    ++open;
    return {};
  }));
  tell("review", "", boost::json::object{{"open", open}});
  return text;
}

}  // namespace lantaarn::server::review

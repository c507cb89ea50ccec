#include <boost/json.hpp>
#include <charconv>

#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/records.hpp"
#include "sync_server/review/body.hpp"
#include "sync_server/review/dossier_parts.hpp"

namespace lantaarn::server::review {
namespace json = boost::json;
namespace {

using admin::Answer;
using admin::Output;
using Moment = Registry::Moment;

constexpr std::size_t kMomentsShown = 50, kMomentsMax = 200;

// "<instant>.<place>": of the last one that was shown.
Result<std::optional<Moment>> moment_in(const std::string& text) {
  if (text.empty()) return std::optional<Moment>{};
  Moment moment;
  const char* end = text.data() + text.size();
  const auto at = std::from_chars(text.data(), end, moment.at_ms);
  if (at.ec != std::errc{} || at.ptr == end || *at.ptr != '.') return refused("request_malformed", {"before"});
  const auto place = std::from_chars(at.ptr + 1, end, moment.place);
  if (place.ec != std::errc{} || place.ptr != end) return refused("request_malformed", {"before"});
  return std::optional(moment);
}

/// What an item is written with.
struct Pen {
  Registry& registry;
  std::string name;
  admin::Names names;
  std::vector<model::Tariff> tariffs;
  std::string today;
};

Result<std::optional<json::object>> document_of(const Pen& pen, const Moment& moment) {
  if (moment.kind == Registry::MomentKind::kContact) {
    LANTAARN_ASSIGN(const auto contact, pen.registry.contact(moment.id));
    return contact ? std::optional(admin::contact_document(*contact, pen.name, pen.names)) : std::nullopt;
  }
  if (moment.kind == Registry::MomentKind::kRecord) {
    LANTAARN_ASSIGN(const auto record, pen.registry.record(moment.id));
    return record ? std::optional(admin::record_document(*record, pen.names, pen.today, pen.tariffs)) : std::nullopt;
  }
  LANTAARN_ASSIGN(const auto follow_up, pen.registry.follow_up(moment.id));
  return follow_up ? std::optional(admin::follow_up_document(*follow_up, pen.names)) : std::nullopt;
}

Result<std::optional<json::object>> item_of(const Pen& pen, const Moment& moment) {
  LANTAARN_ASSIGN(auto document, document_of(pen, moment));
  if (!document) return std::optional<json::object>{};
  const std::string day = admin::instant(moment.at_ms).substr(0, 10);
  switch (moment.kind) {
    case Registry::MomentKind::kContact: return std::optional(json::object{{"at", admin::instant(moment.at_ms)}, {"kind", "contact"}, {"contact", std::move(*document)}});
    case Registry::MomentKind::kFollowUp: return std::optional(json::object{{"at", day}, {"kind", "follow_up"}, {"follow_up", std::move(*document)}});
    case Registry::MomentKind::kRecord: break;
  }
  json::object item{{"at", day}, {"kind", document->at("kind")}};
  item["record"] = std::move(*document);
  return std::optional(std::move(item));
}

}  // namespace

Answer show_timeline(RouteCall& call) {
  if (!call.client) return refused("client_not_found");
  LANTAARN_ASSIGN(const auto client, admin::visible_client(call.context, *call.client));
  if (!client) return refused("client_not_found");
  LANTAARN_ASSIGN(const std::size_t limit, number_asked(call, "limit", kMomentsShown, kMomentsMax));
  LANTAARN_ASSIGN(const auto before, moment_in(call.request.one("before")));
  LANTAARN_ASSIGN(const auto moments, call.context.registry.timeline(client->id, before, limit));
  LANTAARN_ASSIGN(auto names, admin::Names::load(call.context.registry));
  LANTAARN_ASSIGN(auto tariffs, admin::time_out_tariffs(call.context.registry));
  const Pen pen{call.context.registry, client->aliases.empty() ? std::string() : client->aliases.front(), std::move(names), std::move(tariffs),
                call.context.today()};
  json::array items;
  for (const Moment& moment : moments) {
    LANTAARN_ASSIGN(auto item, item_of(pen, moment));
    if (item) items.push_back(std::move(*item));
  }
  json::value next = nullptr;
  if (moments.size() == limit && limit != 0) next = std::to_string(moments.back().at_ms) + "." + std::to_string(moments.back().place);
  return Output{json::object{{"items", std::move(items)}, {"next", std::move(next)}}, {}, client->id};
}

}  // namespace lantaarn::server::review

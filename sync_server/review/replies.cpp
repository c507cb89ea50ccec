#include "sync_server/review/replies.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "common/crypto/base64url.hpp"
#include "common/words/words.hpp"

namespace lantaarn::server::review {
namespace {

namespace json = boost::json;

struct Code {
  std::string_view code;
  int status;
};
constexpr Code kCodes[] = {
    {"request_malformed", 400}, {"not_signed_in", 401},     {"sign_in_refused", 401}, {"role_not_allowed", 403}, {"as_needed", 403},
    {"reason_needed", 403},     {"session_locked", 403},    {"relation_blocked", 403}, {"csrf", 403},            {"route_not_found", 404},
    {"wait_seconds", 429},      {"too_many", 429},          {"nothing_changed", 409}, {"alias_taken", 409},      {"name_taken", 409},
    {"decision_outdated", 409}, {"choice_outdated", 409}, {"not_undoable", 409}, {"invitation_invalid", 410},
};

int status_of(const Error& error) {
  const auto* known = std::find_if(std::begin(kCodes), std::end(kCodes), [&](const Code& each) { return each.code == error.code; });
  if (known != std::end(kCodes)) return known->status;
  switch (error.kind) {
    case ErrorKind::kRefused: return error.code.ends_with("_not_found") ? 404 : 422;
    case ErrorKind::kRetry:
    case ErrorKind::kStorage: return 503;
    case ErrorKind::kRejectPeer: return 400;
    default: return 500;
  }
}

}  // namespace

Reply reply_to(const Error& error) {
  json::array args;
  for (const auto& arg : error.args) args.emplace_back(arg);
  Reply reply;
  reply.status = status_of(error);
  reply.document = json::object{{"error", words::sentence(error)}, {"code", error.code}, {"args", std::move(args)}};
  return reply;
}

Reply reply_with(const admin::Output& output) {
  Reply reply;
  reply.document = output.document;
  if (output.files.empty()) return reply;
  json::array files;
  for (const auto& file : output.files) {
    files.push_back(json::object{{"name", std::filesystem::path(file.path).filename().string()},
                                 {"content", crypto::to_base64url(as_bytes(file.content))}});
  }
  if (!reply.document.is_object()) reply.document = json::object{{"document", std::move(reply.document)}};
  reply.document.as_object()["files"] = std::move(files);
  return reply;
}

}  // namespace lantaarn::server::review

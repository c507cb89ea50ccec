#include "common/base/result.hpp"

namespace lantaarn {

std::string Error::to_log_line() const {
  std::string line = context.empty() ? code : context + ": " + code;
  for (const auto& arg : args) line += " [" + arg + "]";
  return line;
}

namespace {
Error make(ErrorKind kind, std::string code, std::vector<std::string> args) {
  return Error{kind, std::move(code), std::move(args), {}};
}
}  // namespace

Error refused(std::string code, std::vector<std::string> args) {
  return make(ErrorKind::kRefused, std::move(code), std::move(args));
}
Error retry(std::string code, std::vector<std::string> args) {
  return make(ErrorKind::kRetry, std::move(code), std::move(args));
}
Error reject_peer(std::string code, std::vector<std::string> args) {
  return make(ErrorKind::kRejectPeer, std::move(code), std::move(args));
}
Error corrupt(std::string code, std::vector<std::string> args) {
  return make(ErrorKind::kCorrupt, std::move(code), std::move(args));
}
Error storage_error(std::string code, std::vector<std::string> args) {
  return make(ErrorKind::kStorage, std::move(code), std::move(args));
}
Error bug(std::string context) { return Error{ErrorKind::kBug, "internal", {}, std::move(context)}; }

Error in_context(Error error, const std::string& where) {
  error.context = error.context.empty() ? where : where + ": " + error.context;
  return error;
}

}  // namespace lantaarn

#pragma once
// Errors as values. A Result<T> holds a T or an Error; each layer may add context on the way up, and the
// program's edge turns the stable `code` into one sentence in the reader's language (common/words).
// An Error never carries a name, a note, a PIN or a key: only ids, codes, sizes and file names.

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace lantaarn {

/// What the caller can do about it.
enum class ErrorKind {
  kRefused,     ///< the request is not allowed or not valid; asking again unchanged will fail again
  kRetry,       ///< a passing condition (locked, unreachable, out of memory); nothing changed
  kRejectPeer,  ///< the other side broke the protocol or could not prove who it is; the session is over
  kCorrupt,     ///< stored bytes are not what was written
  kStorage,     ///< the disk refused (full, I/O error); nothing of the failed commit is durable
  kBug,         ///< cannot happen; a defect in this program
};

/// `code` is a stable identifier (lower_snake_case) with a sentence "error:<code>" in common/words;
/// `args` fill its {0}, {1}; `context` is technical and in English.
struct Error {
  ErrorKind kind = ErrorKind::kBug;
  std::string code;
  std::vector<std::string> args;
  std::string context;

  /// The technical line for logs: "uplink: send batch: peer_closed".
  [[nodiscard]] std::string to_log_line() const;
};

[[nodiscard]] Error refused(std::string code, std::vector<std::string> args = {});
[[nodiscard]] Error retry(std::string code, std::vector<std::string> args = {});
[[nodiscard]] Error reject_peer(std::string code, std::vector<std::string> args = {});
[[nodiscard]] Error corrupt(std::string code, std::vector<std::string> args = {});
[[nodiscard]] Error storage_error(std::string code, std::vector<std::string> args = {});
[[nodiscard]] Error bug(std::string context);
/// The same error with `where` put in front of its context.
[[nodiscard]] Error in_context(Error error, const std::string& where);

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] T& value() & { return std::get<0>(state_); }
  [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
  /// By value, so that `for (x : f().value())` does not look into a Result that is gone.
  [[nodiscard]] T value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  [[nodiscard]] Error& error() { return std::get<1>(state_); }
  [[nodiscard]] const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}
  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] Error& error() { return *error_; }
  [[nodiscard]] const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace lantaarn

// LANTAARN_TRY(expr): leave with its error. LANTAARN_ASSIGN(auto x, expr): the same, else x = the value.
#define LANTAARN_JOIN_(a, b) a##b
#define LANTAARN_JOIN(a, b) LANTAARN_JOIN_(a, b)
#define LANTAARN_TRY(expression)                                          \
  do {                                                                    \
    if (auto lantaarn_result = (expression); !lantaarn_result.ok())       \
      return std::move(lantaarn_result).error();                          \
  } while (false)
#define LANTAARN_ASSIGN_(temporary, target, expression)                   \
  auto temporary = (expression);                                          \
  if (!temporary.ok()) return std::move(temporary).error();               \
  target = std::move(temporary).value()
#define LANTAARN_ASSIGN(target, expression) \
  LANTAARN_ASSIGN_(LANTAARN_JOIN(lantaarn_result_, __LINE__), target, expression)

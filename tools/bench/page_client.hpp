#pragma once
// A browser's side of the page, as lean as it can be: it shares two cores with the server it measures. OpenSSL over a
// blocking socket, HTTP/1.1 with keep-alive, nothing in front of it.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace lantaarn::bench {

/// A self-made P-256 certificate and its key, as PEM files.
[[nodiscard]] Status make_certificate(const std::string& certificate, const std::string& key);

struct PageAnswer {
  int status = 0;
  std::string_view head, body;  ///< until the connection is used again
};

/// TLS 1.3; whose certificate it is is not looked at, it was made a moment ago.
class PageConnection {
 public:
  [[nodiscard]] static Result<std::unique_ptr<PageConnection>> open(std::uint16_t port);
  PageConnection(const PageConnection&) = delete;
  PageConnection& operator=(const PageConnection&) = delete;
  ~PageConnection();

  /// kRetry "connection_lost".
  [[nodiscard]] Status begin(std::string_view request);
  /// Waits for the rest of it.
  [[nodiscard]] Result<PageAnswer> finish();
  [[nodiscard]] Result<PageAnswer> ask(std::string_view request) {
    LANTAARN_TRY(begin(request));
    return finish();
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  explicit PageConnection(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
  ssl_st* tls_ = nullptr;
  std::string received_;
};

}  // namespace lantaarn::bench

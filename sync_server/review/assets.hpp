#pragma once
// The page's own files, as web/CMakeLists.txt built them: part of the program, nothing is read from disk.

#include <span>
#include <string_view>

#include "common/base/bytes.hpp"

namespace lantaarn::server::review {

/// All of it stands in the program's read-only memory, for as long as it runs.
struct Asset {
  std::string_view path;  ///< as a browser asks for it: "/index.html", "/app.js"
  std::string_view type;  ///< Content-Type
  ByteView content;
  ByteView gzip;          ///< the same, compressed (RFC 1952)
  std::string_view etag;  ///< SHA-256 of the content in hex, without quotes
};

[[nodiscard]] std::span<const Asset> assets();

}  // namespace lantaarn::server::review

#pragma once
// A recovery key whose bytes are known, and sheets as text.

#include <catch2/catch.hpp>

#include "common/crypto/random.hpp"
#include "sync_server/backup/sheet.hpp"

namespace lantaarn::server::backup {

inline RecoverySecret known_secret() {
  RecoverySecret secret;
  for (std::size_t i = 0; i < RecoverySecret::kBytes; ++i) secret.data()[i] = static_cast<std::uint8_t>(i + 1);
  return secret;
}

inline std::string text_of(const Sheet& sheet) {
  std::string text;
  for (const std::string& line : sheet_lines(sheet)) text += line + "\n";
  return text;
}

inline Sheet must_read(const std::string& text) {
  auto sheet = read_sheet(as_bytes(text), "blad");
  REQUIRE(sheet.ok());
  return std::move(*sheet);
}

}  // namespace lantaarn::server::backup

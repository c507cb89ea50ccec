#pragma once
// A sheet on paper: one page, in the words of whoever makes it.

#include "sync_server/backup/sheet.hpp"

namespace lantaarn::server::backup {

struct SheetFacts {
  std::string date;         ///< "2026-11-26": when the key was made
  std::string server;       ///< the server's id, hex
  std::string fingerprint;  ///< of the key, hex
};

/// A PDF of one A4 page that holds the share: the caller wipes it. Errors: those of paper/document.hpp.
[[nodiscard]] Result<Bytes> sheet_pdf(const Sheet& sheet, const SheetFacts& facts);

/// "recovery-1.pdf": neutral, and each sheet alone.
[[nodiscard]] std::string sheet_file_name(int number);

}  // namespace lantaarn::server::backup

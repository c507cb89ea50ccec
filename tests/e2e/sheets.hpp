#pragma once
// The recovery key on paper, as somebody types it over.

#include "tests/e2e/town.hpp"

namespace lantaarn::e2e {

/// `recovery create`; then two of its sheets as text: {"--sheets", "FILE,FILE"}.
[[nodiscard]] Words typed_sheets(Town& town);
/// Two of the PDFs in `folder`, typed over into files beside it.
[[nodiscard]] Words typed_from(const std::string& folder);

}  // namespace lantaarn::e2e

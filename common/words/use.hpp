#pragma once
// For programs in which a person chooses her language while they run.

#include "common/words/words.hpp"

namespace lantaarn::words {

/// From here on, for every thread. After initialise().
void use(Language language);

/// Where initialise() finds the catalogues: for who must be allowed to read them once more.
[[nodiscard]] std::string catalogue_folder();

}  // namespace lantaarn::words

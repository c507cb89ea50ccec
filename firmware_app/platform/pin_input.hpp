#pragma once
// Where PINs come from: a file, standard input, or a terminal that does not show them. Never the command line. They are
// read straight into locked memory.

#include <string>

#include "common/base/result.hpp"
#include "common/crypto/secret.hpp"

namespace lantaarn::firmware {

inline constexpr std::size_t kPinBytesMax = 128;

/// The first line of `path` ("-": one line of standard input, so that two PINs can follow each other), without its line
/// end. kRefused "file_unreadable" {path}; "pin_not_digits" when it is longer than kPinBytesMax.
[[nodiscard]] Result<crypto::SecretBytes> read_pin_file(const std::string& path);

/// Asks on the terminal, echo off. kRefused "no_terminal" when there is none.
[[nodiscard]] Result<crypto::SecretBytes> ask_pin(const std::string& prompt);

}  // namespace lantaarn::firmware

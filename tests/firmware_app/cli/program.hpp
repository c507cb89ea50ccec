#pragma once
// The real program on a folder that was enrolled without a server: what a ticket and a reply would have left there. The
// stored parameters make Argon2id cheap, so that a command takes milliseconds.

#include <boost/json.hpp>

#include "firmware_app/vault/vault.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

namespace lantaarn::support {

using Words = std::vector<std::string>;

class Program {
 public:
  /// Noor's PIN is 12345678, Maaike's 87654321. Their leases are valid for a week from now, otherwise as `lease` says.
  explicit Program(const Words& users = {"Noor", "Maaike"}, const firmware::Lease& lease = {});

  [[nodiscard]] Finished run(Words words, const ProcessOptions& options = {}) const;
  /// With --json, as `user`; throws std::runtime_error with what the program said unless it went well and the answer
  /// conforms to tests/contract/lantaarn.<schema>.schema.json.
  [[nodiscard]] boost::json::value ask(const std::string& schema, const Words& words, const std::string& user = "Noor") const;
  /// The same command with --json: its exit code and its code, "1 wrong_pin".
  [[nodiscard]] std::string refusal(Words words, const std::string& user = "Noor") const;

  [[nodiscard]] Words as(const std::string& user) const;
  [[nodiscard]] std::string file(const std::string& name, const std::string& content) const;
  [[nodiscard]] std::string data() const { return folder_.file("data"); }
  [[nodiscard]] const TempFolder& folder() const { return folder_; }

 private:
  TempFolder folder_;
};

/// What `log` needs besides who.
[[nodiscard]] Words log_words(const Words& who, const Words& more = {});

}  // namespace lantaarn::support

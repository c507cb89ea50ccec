#pragma once
// A real server in a folder of its own, and handhelds that it knows: enrolled by writing down what an enrolment leaves
// behind, so that a thousand of them cost a second.

#include <memory>
#include <optional>

#include "common/crypto/dh.hpp"
#include "common/sync/statement_sink.hpp"
#include "firmware_app/outbox/outbox.hpp"
#include "tests/support/process.hpp"
#include "tools/bench/sample.hpp"

namespace lantaarn::bench {

/// One handheld with one user; its journal is the caller's.
struct FleetHandheld {
  DeviceId device = crypto::random_id<DeviceId>();
  UserId user = crypto::random_id<UserId>();
  crypto::SignKey sign{crypto::random_secret<32>()};
  crypto::BoxKey box{crypto::random_secret<32>()};
  crypto::Key channel_key = crypto::random_secret<32>();
  crypto::Key psk = crypto::random_secret<32>();
  journal::SealKey seal{crypto::random_id<KeyId>(), crypto::random_secret<32>()};
};

/// The public halves that a ticket would have told.
struct ServerFacts {
  ServerId id;
  crypto::DhPublicKey channel_key{};
  crypto::VerifyKey authority{};
  crypto::BoxPublicKey sealing{};
};

class Town {
 public:
  /// `lantaarn-server init` in a new folder, then the fleet. Throws std::runtime_error like support::Process.
  [[nodiscard]] static Result<std::unique_ptr<Town>> found(const std::string& folder, const std::vector<FleetHandheld>& fleet);
  Town(const Town&) = delete;
  Town& operator=(const Town&) = delete;
  ~Town();

  [[nodiscard]] Status serve();
  /// Commands of lantaarn-server, while it serves.
  [[nodiscard]] Status command(const std::vector<std::string>& arguments);
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] const ServerFacts& facts() const { return facts_; }
  /// The most that both processes together have held so far (their peaks added up), in MB (10^6).
  [[nodiscard]] Result<double> peak_megabytes() const;

 private:
  explicit Town(std::string folder) : folder_(std::move(folder)) {}
  [[nodiscard]] Status enrol(const std::vector<FleetHandheld>& fleet);
  std::string folder_;
  ServerFacts facts_;
  std::string address_;
  std::unique_ptr<support::Process> server_;
};

/// A real handheld's folder at `data`, enrolled with a ticket (written to `ticket`) of a user Noor, over the wire.
[[nodiscard]] Status enrol_handheld(Town& town, const std::string& ticket, const std::string& data, const std::string& pin_file);

/// Fills a journal with ordinary contacts of that user, in commits of kCommitEntries.
[[nodiscard]] Status save_contacts(journal::Journal& journal, const FleetHandheld& handheld, const ServerFacts& server, std::size_t count);

/// Marks in memory; what comes down is dropped.
class ForgetfulSink final : public sync::StatementSink {
 public:
  Result<sync::StatementMark> mark(sync::pb::StatementKind, const UserId&) override { return sync::StatementMark{}; }
  Status accept(const sync::pb::Statement&) override { return {}; }
};

/// Seconds from the start of a session.
struct SyncTimes {
  double received = 0;  ///< every receipt is checked and written down
  double session = 0;   ///< cards and standings are here too: the server may have waited for its merge
};
/// One session with the server, of everything in this journal. kBug when not everything came back as received.
[[nodiscard]] Result<SyncTimes> sync_all(const Town& town, const FleetHandheld& handheld, journal::Journal& journal, std::uint64_t entries);

}  // namespace lantaarn::bench

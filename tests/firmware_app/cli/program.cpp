#include "tests/firmware_app/cli/program.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "common/crypto/random.hpp"
#include "tests/support/json_schema.hpp"

namespace lantaarn::support {

using namespace firmware;

Program::Program(const Words& users, const Lease& lease) {
  std::filesystem::create_directory(data());
  FileDeviceSecret secret(data() + "/device.secret");
  VaultOptions options = program_vault_options();
  options.measure = [] { return Result<crypto::KdfParameters>(crypto::KdfParameters{8192, 1}); };
  auto vault = Vault::open(data() + "/vault.db", secret, std::move(options));
  REQUIRE(vault.ok());
  sync::Ticket ticket;
  ticket.server_address = "127.0.0.1:9";
  ticket.device = crypto::random_id<DeviceId>();
  ticket.server = crypto::random_id<ServerId>();
  ticket.sealing_key = crypto::BoxKey(crypto::random_secret<32>()).public_key();
  for (const auto& name : users) ticket.users.push_back({crypto::random_id<UserId>(), name});
  for (std::size_t i = 0; i < users.size(); ++i) {
    const std::string pin = i == 0 ? "12345678" : "87654321";
    write_file(folder_.file("pin-" + users[i]), pin + "\n");
    ticket.id.bytes.fill(static_cast<std::uint8_t>(i + 1));
    auto begun = vault->begin_enrolment(ticket, users[i], crypto::SecretBytes(as_bytes(pin)), "", i > 0);
    REQUIRE(begun.ok());
    EnrolmentReply reply;
    const ClockReading now = SystemClock().now();
    reply.lease = lease;
    reply.lease->valid_until_ms = now.wall_ms + 7 * 86'400'000LL;
    reply.clock = ClockObservation{now.wall_ms, now.wall_ms, now.monotonic_ms, now.boot_id};
    REQUIRE(vault->finish_enrolment(*begun, reply).ok());
  }
}

Words Program::as(const std::string& user) const { return {"--user", user, "--pin-file", folder_.file("pin-" + user)}; }

std::string Program::file(const std::string& name, const std::string& content) const {
  write_file(folder_.file(name), content);
  return folder_.file(name);
}

Finished Program::run(Words words, const ProcessOptions& options) const {
  words.insert(words.begin(), {"--data", data()});
  return support::run(program_path("lantaarn"), words, options);
}

boost::json::value Program::ask(const std::string& schema, const Words& words, const std::string& user) const {
  Words all = words;
  const Words who = as(user);
  all.insert(all.end(), who.begin(), who.end());
  all.push_back("--json");
  const Finished done = run(all);
  if (done.exit_code != 0) throw std::runtime_error(std::to_string(done.exit_code) + ": " + done.err);
  const std::string problems = conforms("lantaarn." + schema, done.out);
  if (!problems.empty()) throw std::runtime_error(problems);
  return boost::json::parse(done.out);
}

std::string Program::refusal(Words words, const std::string& user) const {
  const Words who = as(user);
  words.insert(words.end(), who.begin(), who.end());
  words.push_back("--json");
  const Finished done = run(words);
  const std::string problems = conforms("lantaarn.error", done.err);
  if (!problems.empty()) return problems + done.err;
  if (!done.out.empty()) return "standard output: " + done.out;
  return std::to_string(done.exit_code) + " " + std::string(boost::json::parse(done.err).at("code").as_string());
}

Words log_words(const Words& who, const Words& more) {
  Words words = {"log", "--channel", "in_person", "--place", "zone", "--outcome", "spoken"};
  words.insert(words.end(), who.begin(), who.end());
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace lantaarn::support

#pragma once
// A server and its handhelds as real programs in a temporary folder: what the end-to-end tests stand on. Argon2id is
// real here, so every command with a PIN takes its 0.7 seconds.

#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

namespace lantaarn::e2e {

using support::Finished;
using support::Process;
using support::ProcessOptions;
using Words = std::vector<std::string>;
namespace json = boost::json;

/// Why this is not exit code 1 with one line of JSON {"error", "code"} on standard error, that code, and nothing on
/// standard output; "" when it is. For commands that were given --json.
[[nodiscard]] std::string not_refused(const Finished& done, const std::string& code);
/// Standard output as JSON; throws std::runtime_error with what the program said when it failed.
[[nodiscard]] json::value answer_of(const Finished& done);
/// A member as text, also of a number; "" when absent.
[[nodiscard]] std::string text_of(const json::value& object, const std::string& member);
[[nodiscard]] std::int64_t number_of(const json::value& object, const std::string& member);

class Town;

/// One handheld's folder with the users that were enrolled on it.
class Handheld {
 public:
  Handheld(Town& town, std::string name);
  /// `lantaarn --data … --json`, as `user` with her PIN when one is named.
  [[nodiscard]] Finished run(const Words& arguments, const std::string& user = "", const ProcessOptions& options = {});
  [[nodiscard]] json::value ask(const Words& arguments, const std::string& user = "");
  /// What run() starts, to be started otherwise.
  [[nodiscard]] Words command(const Words& arguments, const std::string& user = "") const;
  /// The first user with `enrol`, further ones with `user add`; sync once for the cards.
  void enrol(const std::string& user);
  void sync();
  [[nodiscard]] Finished try_sync(const std::string& address = "");
  /// A contact of `user` with `alias`; its event id.
  std::string log(const std::string& user, const std::string& alias, const Words& more = {});
  [[nodiscard]] std::string pin_file(const std::string& user) const;
  [[nodiscard]] std::string data() const { return data_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  Town& town_;
  std::string name_;
  std::string data_;
  bool enrolled_ = false;
};

/// What a contact needs besides who.
[[nodiscard]] Words log_words(const std::string& alias, const Words& more = {});

class Town {
 public:
  /// A registry with a coordinator (Joke), two case managers (Noor, Maaike) and an administrator (Wim); serving.
  Town();
  ~Town();

  /// Noor is the first contact of every woman added here.
  void add_woman(const std::string& alias, const std::string& primary = "Noor");
  /// A handheld for these users, all enrolled and with their cards.
  Handheld& add_handheld(const std::string& name, const Words& users);
  /// A ticket for the first user of a new device.
  [[nodiscard]] std::string ticket_for(const std::string& device, const Words& users);
  [[nodiscard]] std::string further_ticket(const std::string& device, const std::string& user);

  void serve(const Words& through = {});  ///< `through`: a program that runs the server, as strace with its flags
  /// The server was started otherwise, and listens there.
  void use_address(const std::string& address) { address_ = address; }
  void stop();
  void kill_server();
  /// The process that faces the network: what `serve` started.
  [[nodiscard]] int gateway_pid() const;
  [[nodiscard]] int registry_pid() const { return process_->pid(); }

  [[nodiscard]] Finished server(const Words& arguments, const ProcessOptions& options = {});
  [[nodiscard]] json::value ask(const Words& arguments);
  /// With a name and a reason, for what opens records.
  [[nodiscard]] json::value ask_as_coordinator(Words arguments);
  [[nodiscard]] json::array contacts();
  [[nodiscard]] json::array set_apart();

  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] std::string server_data() const { return folder_.file("server"); }
  [[nodiscard]] const support::TempFolder& folder() const { return folder_; }

 private:
  support::TempFolder folder_;
  std::vector<std::unique_ptr<Handheld>> handhelds_;
  std::unique_ptr<Process> process_;
  std::string address_;
  int tickets_ = 0;
};

}  // namespace lantaarn::e2e

#include "tests/e2e/town.hpp"

#include <algorithm>
#include <csignal>
#include <stdexcept>

namespace lantaarn::e2e {
namespace {

Words joined(Words first, const Words& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

std::string with_commas(const Words& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

}  // namespace

std::string not_refused(const Finished& done, const std::string& code) {
  if (done.exit_code != 1) {
    return "exit code " + std::to_string(done.exit_code) + ", signal " + std::to_string(done.signal) + ": " + done.out + done.err;
  }
  if (!done.out.empty()) return "standard output: " + done.out;
  if (std::count(done.err.begin(), done.err.end(), '\n') != 1) return "not one line: " + done.err;
  boost::system::error_code broken;
  const json::value said = json::parse(done.err, broken);
  if (broken) return "not JSON: " + done.err;
  if (text_of(said, "code") != code) return "code " + text_of(said, "code") + ": " + text_of(said, "error");
  return text_of(said, "error").empty() ? "no sentence" : "";
}

json::value answer_of(const Finished& done) {
  if (done.exit_code != 0) {
    throw std::runtime_error("exit code " + std::to_string(done.exit_code) + (done.timed_out ? " (too slow)" : "") + ": " + done.err);
  }
  return done.out.empty() ? json::value{} : json::parse(done.out);
}

std::string text_of(const json::value& object, const std::string& member) {
  const json::value* found = object.as_object().if_contains(member);
  if (found == nullptr) return "";
  return found->is_string() ? std::string(found->as_string()) : json::serialize(*found);
}

std::int64_t number_of(const json::value& object, const std::string& member) {
  return object.at(member).to_number<std::int64_t>();
}

Handheld::Handheld(Town& town, std::string name)
    : town_(town), name_(std::move(name)), data_(town.folder().file(name_)) {}

Words Handheld::command(const Words& arguments, const std::string& user) const {
  Words words = joined({"--data", data_, "--json"}, arguments);
  return user.empty() ? words : joined(words, {"--user", user, "--pin-file", pin_file(user)});
}

Finished Handheld::run(const Words& arguments, const std::string& user, const ProcessOptions& options) {
  return support::run(support::program_path("lantaarn"), command(arguments, user), options);
}

json::value Handheld::ask(const Words& arguments, const std::string& user) { return answer_of(run(arguments, user)); }

std::string Handheld::pin_file(const std::string& user) const { return town_.folder().file("pin-" + user); }

void Handheld::enrol(const std::string& user) {
  support::write_file(pin_file(user), std::to_string(10'000'000 + std::hash<std::string>{}(user) % 89'999'999) + "\n");
  const std::string ticket = enrolled_ ? town_.further_ticket(name_, user) : town_.ticket_for(name_, {user});
  const Words what = enrolled_ ? Words{"user", "add", user} : Words{"enrol", "--user", user};
  (void)ask(joined(what, {"--ticket", ticket, "--new-pin-file", pin_file(user)}));
  enrolled_ = true;
}

Finished Handheld::try_sync(const std::string& address) {
  return run({"sync", "--server", address.empty() ? town_.address() : address});
}

void Handheld::sync() { (void)answer_of(try_sync()); }

std::string Handheld::log(const std::string& user, const std::string& alias, const Words& more) {
  return text_of(ask(log_words(alias, more), user), "event_id");
}

Words log_words(const std::string& alias, const Words& more) {
  return joined({"log", "--client", alias, "--channel", "in_person", "--place", "zone", "--outcome", "spoken"}, more);
}

Town::Town() {
  (void)ask({"init"});
  for (const auto& [name, role] : {std::pair{"Joke", "coordinator"}, {"Noor", "case_manager"}, {"Maaike", "case_manager"}, {"Wim", "administrator"}}) {
    (void)ask({"user", "add", name, "--role", role});
  }
  serve();
}

Town::~Town() = default;

void Town::add_woman(const std::string& alias, const std::string& primary) {
  (void)ask_as_coordinator({"client", "add", alias, "--intensity", "intensive", "--primary", primary});
}

Handheld& Town::add_handheld(const std::string& name, const Words& users) {
  handhelds_.push_back(std::make_unique<Handheld>(*this, name));
  Handheld& handheld = *handhelds_.back();
  for (const auto& user : users) handheld.enrol(user);
  handheld.sync();
  return handheld;
}

std::string Town::ticket_for(const std::string& device, const Words& users) {
  const std::string file = folder_.file("ticket-" + std::to_string(++tickets_));
  (void)ask({"device", "add", device, "--users", with_commas(users), "--server", address_, "--ticket", file});
  return file;
}

std::string Town::further_ticket(const std::string& device, const std::string& user) {
  const std::string file = folder_.file("ticket-" + std::to_string(++tickets_));
  (void)ask({"device", "add-user", device, user, "--server", address_, "--ticket", file});
  return file;
}

void Town::serve(const Words& through) {
  Words command = joined(through, {support::program_path("lantaarn-server"), "--data", server_data(), "serve", "--sync", "127.0.0.1:0"});
  const std::string program = command.front();
  command.erase(command.begin());
  process_ = std::make_unique<Process>(program, command);
  const auto line = process_->wait_for_line("sync ");
  if (!line) throw std::runtime_error("the server does not listen: " + process_->kill_now().err);
  address_ = line->substr(5);
}

void Town::stop() {
  process_->send_signal(SIGTERM);
  const Finished done = process_->wait();
  process_.reset();
  if (done.exit_code != 0) throw std::runtime_error("the server did not end cleanly: " + done.err);
}

void Town::kill_server() { process_.reset(); }

int Town::gateway_pid() const {
  const std::string own = std::to_string(process_->pid());
  return std::stoi(support::read_file("/proc/" + own + "/task/" + own + "/children"));
}

Finished Town::server(const Words& arguments, const ProcessOptions& options) {
  return support::run(support::program_path("lantaarn-server"), joined({"--data", server_data(), "--json"}, arguments), options);
}

json::value Town::ask(const Words& arguments) { return answer_of(server(arguments)); }

json::value Town::ask_as_coordinator(Words arguments) {
  return ask(joined(std::move(arguments), {"--as", "Joke", "--reason", "caseload"}));
}

json::array Town::contacts() {
  (void)ask({"merge"});
  return ask_as_coordinator({"contacts"}).as_array();
}

json::array Town::set_apart() {
  (void)ask({"merge"});
  return ask({"quarantine"}).as_array();
}

}  // namespace lantaarn::e2e

#include <catch2/catch.hpp>

#include "tests/firmware_app/cli/program.hpp"

using namespace lantaarn::support;

TEST_CASE("a PIN comes from a file or from standard input, with or without a line end", "[cli]") {
  const Program program;
  const auto with = [&](const std::string& pin_file, const std::string& input = "") {
    return program.run({"contacts", "--user", "Noor", "--pin-file", pin_file}, {.input = input, .env = {}, .folder = ""}).exit_code;
  };
  CHECK(with(program.file("bare", "12345678")) == 0);
  CHECK(with(program.file("windows", "12345678\r\n")) == 0);
  CHECK(with(program.file("more", "12345678\nsomething else\n")) == 0);
  CHECK(with("-", "12345678\n") == 0);
  CHECK(with("-", "12345678") == 0);
  CHECK(with(program.file("long", std::string(5000, '1'))) == 1);
  CHECK(with("/nowhere") == 1);
  CHECK(with(program.file("empty", "")) == 1);
}

TEST_CASE("without a PIN file and without a terminal the program says so and does not wait", "[cli]") {
  const Program program({"Noor"});
  const Finished done = run("/usr/bin/setsid", {"--wait", program_path("lantaarn"), "--data", program.data(), "--json", "contacts"});
  CHECK(done.exit_code == 1);
  CHECK(boost::json::parse(done.err).at("code") == "no_terminal");
}

TEST_CASE("a wrong PIN opens nothing, then makes her wait, in every command that needs it", "[cli]") {
  const Program program;
  const std::string wrong = program.file("wrong", "00000000\n");
  const auto guess = [&](Words words) {
    words.insert(words.end(), {"--user", "Noor", "--pin-file", wrong, "--json"});
    const Finished done = program.run(words);
    CHECK(done.exit_code == 1);
    CHECK(done.out.empty());
    return std::string(boost::json::parse(done.err).at("code").as_string());
  };
  CHECK(guess({"clients"}) == "wrong_pin");
  CHECK(guess({"codes"}) == "wrong_pin");
  CHECK(guess(log_words({"--unknown"})) == "wrong_pin");
  CHECK(guess({"round", "start", "--place", "zone"}) == "wait_before_pin");
  CHECK(program.refusal({"user", "list"}) == "1 wait_before_pin");
  CHECK(program.run({"status"}).exit_code == 0);
  CHECK(program.ask("contacts", {"contacts"}, "Maaike").as_array().empty());
}

TEST_CASE("with several users one must be named", "[cli]") {
  const Program program;
  const Finished done = program.run({"contacts", "--json", "--pin-file", program.folder().file("pin-Noor")});
  CHECK(boost::json::parse(done.err).at("code") == "user_needed");
}

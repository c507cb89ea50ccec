// lantaarn-programme: what a scenario makes of half a year, and how it is played. tools/run starts it.
//   plan FILE           reads it; one JSON object: what happens, and the figures that must come out
//   facts FILE          every fact, one JSON object a line
//   play FILE ...       plays it against a server that runs; a JSON object a line for what happens

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>

#include "common/words/words.hpp"
#include "tools/programme/calendar.hpp"
#include "tools/programme/expected.hpp"
#include "tools/programme/player.hpp"

namespace lantaarn::programme {
namespace {

namespace json = boost::json;

struct Wish {
  std::string file, through;
  Ground ground;
};

Result<Scenario> scenario_from(const Wish& wish) {
  std::ifstream file(wish.file, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) return refused("scenario_wrong", {"cannot be read"});
  LANTAARN_ASSIGN(Scenario scenario, read_scenario(text.str()));
  if (!wish.through.empty()) {
    const auto date = parse_date(wish.through);
    if (!date || to_day_number(*date) <= scenario.from) return refused("scenario_wrong", {"--through: a later day expected"});
    scenario.through = to_day_number(*date);
  }
  return scenario;
}

std::string_view name_of(Do what) {
  switch (what) {
    case Do::kSync: return "sync";
    case Do::kClockWrong: return "clock_wrong";
    case Do::kClockRight: return "clock_right";
    case Do::kRoundStart: return "round_start";
    case Do::kRoundEnd: return "round_end";
    case Do::kHeads: return "heads";
    case Do::kContact: return "contact";
    case Do::kAmend: return "amend";
    case Do::kRetract: return "retract";
    case Do::kFollowUpDone: return "follow_up_done";
    case Do::kClientAdd: return "client_add";
    case Do::kClientName: return "client_name";
    case Do::kClientSet: return "client_set";
    case Do::kRecord: return "record";
    case Do::kRecordChange: return "record_change";
    case Do::kRecordRetract: return "record_retract";
  }
  return "";
}

int print_plan(const Scenario& scenario) {
  const auto facts = generate(scenario);
  std::map<std::string, std::int64_t> counts, on_handheld;
  for (const Fact& fact : facts) {
    ++counts[std::string(name_of(fact.what))];
    ++on_handheld[fact.handheld];
  }
  json::array handhelds;
  for (const Handheld& handheld : scenario.handhelds) {
    handhelds.push_back(json::object{{"key", handheld.key}, {"name", handheld.name}, {"facts", on_handheld[handheld.key]}});
  }
  std::cout << json::object{{"from", to_string(from_day_number(scenario.from))},
                            {"through", to_string(from_day_number(scenario.through))},
                            {"seed", scenario.seed},
                            {"coordinator", scenario.person("coordinator")},
                            {"show", scenario.show},
                            {"handhelds", std::move(handhelds)},
                            {"facts", facts.size()},
                            {"counts", json::value_from(counts)},
                            {"expected", json::value_from(expected_figures(scenario, facts))}}
            << '\n';
  return 0;
}

int print_facts(const Scenario& scenario) {
  for (const Fact& fact : generate(scenario)) {
    std::cout << json::object{{"at", to_amsterdam_text(fact.at_ms)}, {"what", name_of(fact.what)}, {"handheld", fact.handheld}, {"by", fact.by},
                              {"label", fact.label}, {"of", fact.of}, {"woman", fact.woman}, {"kind", fact.kind},
                              {"fields", json::value_from(std::map<std::string, std::string>(fact.fields.begin(), fact.fields.end()))},
                              {"reason", fact.reason}}
              << '\n';
  }
  return 0;
}

int say(const Error& error) {
  const std::string context = error.context.empty() ? "" : " (" + error.context + ")";
  std::cerr << json::object{{"error", words::sentence(error) + context}, {"code", error.code}} << '\n';
  return 1;
}

int play(const Scenario& scenario, const Wish& wish) {
  const auto begin = std::chrono::steady_clock::now();
  Player player(scenario, wish.ground, [](const json::object& line) { std::cout << line << std::endl; });
  if (const Status prepared = player.prepare(); !prepared.ok()) return say(prepared.error());
  const std::chrono::duration<double> preparing = std::chrono::steady_clock::now() - begin;
  if (const Status played = player.play(generate(scenario)); !played.ok()) return say(played.error());
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begin;
  const Tally& tally = player.tally();
  std::cout << json::object{{"done", true}, {"at_office", tally.at_office}, {"saved", tally.saved}, {"received", tally.received},
                            {"merged", tally.merged}, {"syncs", tally.syncs}, {"sync_seconds", tally.sync_seconds},
                            {"prepare_seconds", preparing.count()}, {"seconds", whole.count()}}
            << std::endl;
  return 0;
}

int run(const Wish& wish, const std::string& what) {
  if (!crypto::initialise().ok()) return 1;
  words::initialise();
  const auto scenario = scenario_from(wish);
  if (!scenario.ok()) {
    std::cerr << wish.file << ": " << scenario.error().args.front() << '\n';
    return 2;
  }
  if (what == "plan") return print_plan(*scenario);
  if (what == "facts") return print_facts(*scenario);
  return play(*scenario, wish);
}

}  // namespace
}  // namespace lantaarn::programme

int main(int argc, char** argv) {
  lantaarn::programme::Wish wish;
  CLI::App app("Makes half a year of a programme from a scenario, and plays it");
  app.require_subcommand(1, 1);
  for (const char* name : {"plan", "facts", "play"}) {
    CLI::App* command = app.add_subcommand(name);
    command->add_option("file", wish.file, "The scenario")->required();
    command->add_option("--through", wish.through, "Play only up to this day");
    if (std::string_view(name) != "play") continue;
    command->add_option("--data", wish.ground.folder, "Folder for the handhelds")->required();
    command->add_option("--server-data", wish.ground.server_data, "The server's data folder")->required();
    command->add_option("--server", wish.ground.server_address, "Where it listens, HOST:PORT")->required();
    command->add_option("--clock", wish.ground.clock_file, "The file that libfaketime reads in the server");
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }
  return lantaarn::programme::run(wish, app.get_subcommands().front()->get_name());
}

#include "firmware_app/cli/command_line.hpp"

#include <CLI/CLI.hpp>

#include "common/words/words.hpp"

namespace lantaarn::firmware::cli {
namespace {

enum class Takes {
  kValue,
  kValues,
  kWords,  ///< every word without dashes, wherever it stands
  kNothing
};

struct Flag {
  const char* name;  ///< "--place", or "name" for one without dashes
  Takes takes = Takes::kValue;
  bool required = false;
};

struct Command {
  const char* words;
  std::vector<Flag> flags;
};

constexpr bool kRequired = true;

// What log and amend have in common; log needs some of them.
std::vector<Flag> contact_flags(bool required) {
  return {{"--client"},
          {"--client-id"},
          {"--new", Takes::kNothing},
          {"--unknown", Takes::kNothing},
          {"--describe"},
          {"--channel", Takes::kValue, required},
          {"--place", Takes::kValue, required},
          {"--outcome", Takes::kValue, required},
          {"--topic", Takes::kValues},
          {"--area", Takes::kValues},
          {"--minutes"},
          {"--indirect-minutes"},
          {"--follow-up"},
          {"--follow-up-kind"},
          {"--note-file"},
          {"--at"}};
}

std::vector<Flag> with(std::vector<Flag> flags, const std::vector<Flag>& more) {
  flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

const std::vector<Command>& commands() {
  static const std::vector<Command> kCommands = {
      {"enrol", {{"--ticket", Takes::kValue, kRequired}, {"--server"}, {"--device-secret"}}},
      {"user add", {{"name", Takes::kValue, kRequired}, {"--ticket", Takes::kValue, kRequired}, {"--server"}}},
      {"user list", {}},
      {"pin change", {}},
      {"pin duress set", {}},
      {"pin duress remove", {}},
      {"round start", {{"--place", Takes::kValue, kRequired}, {"--with", Takes::kValues}}},
      {"round end", {}},
      {"round count", {{"number", Takes::kValue, kRequired}}},
      {"log", contact_flags(kRequired)},
      {"amend", with({{"event", Takes::kValue, kRequired}, {"--reason", Takes::kValue, kRequired}}, contact_flags(!kRequired))},
      {"retract", {{"event", Takes::kValue, kRequired}, {"--reason", Takes::kValue, kRequired}}},
      {"client add", {{"alias", Takes::kValue, kRequired}}},
      {"client name", {{"client", Takes::kValue, kRequired}, {"alias", Takes::kValue, kRequired}}},
      {"client set", {{"client", Takes::kValue, kRequired}, {"--status"}, {"--intensity"}, {"--safe-contact"}, {"--closed-reason"}}},
      {"clients", {{"query"}}},
      {"contacts", {}},
      {"follow-ups", {{"--done"}}},
      {"record add", {{"kind", Takes::kValue, kRequired}, {"fields", Takes::kWords}, {"--client"}, {"--client-id"}}},
      {"record change", {{"record", Takes::kValue, kRequired}, {"--reason", Takes::kValue, kRequired}, {"fields", Takes::kWords}}},
      {"record retract", {{"record", Takes::kValue, kRequired}, {"--reason", Takes::kValue, kRequired}}},
      {"record kinds", {}},
      {"records", {{"kind"}, {"--client"}, {"--client-id"}}},
      {"codes", {{"kind"}}},
      {"sync", {{"--server"}}},
      {"rescue", {{"file", Takes::kValue, kRequired}}},
      {"receive", {{"file", Takes::kValue, kRequired}}},
      {"status", {}},
      {"ui", {}},
  };
  return kCommands;
}

// One parse of one command line: CLI11 writes into these, so they stay put.
struct Parse {
  Globals globals;
  std::map<std::string, std::map<std::string, std::vector<std::string>>> values;
  std::map<std::string, CLI::App*> apps;
};

std::string key_of(const std::string& flag) { return flag.substr(flag.find_first_not_of('-')); }
std::string help_for(const std::string& what) { return words::text("help:lantaarn:" + what); }

void add_flag(CLI::App& app, const Flag& flag, std::vector<std::string>& into) {
  const std::string name = flag.name;
  const std::string help = words::text("help:lantaarn-flag:" + key_of(name));
  if (flag.takes == Takes::kNothing) {
    app.add_flag_callback(name, [&into] { into = {"1"}; }, help);
    return;
  }
  CLI::Option* option = app.add_option(name, into, help)->required(flag.required)->expected(1);
  if (flag.takes == Takes::kWords) {
    option->expected(0, CLI::detail::expected_max_vector_size)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    return;
  }
  option->allow_extra_args(false);  // else the first one swallows the words that follow it
  option->multi_option_policy(flag.takes == Takes::kValues ? CLI::MultiOptionPolicy::TakeAll : CLI::MultiOptionPolicy::TakeLast);
}

CLI::App* app_for(CLI::App& top, Parse& parse, const std::string& words) {
  auto& known = parse.apps[words];
  if (known != nullptr) return known;
  const std::size_t space = words.rfind(' ');
  CLI::App* parent = space == std::string::npos ? &top : app_for(top, parse, words.substr(0, space));
  known = parent->add_subcommand(space == std::string::npos ? words : words.substr(space + 1), help_for(words));
  known->fallthrough();
  known->group(words::text("label:cli:Subcommands"));
  return known;
}

void add_commands(CLI::App& top, Parse& parse) {
  for (const auto& command : commands()) {
    CLI::App* app = app_for(top, parse, command.words);
    for (const auto& flag : command.flags) add_flag(*app, flag, parse.values[command.words][key_of(flag.name)]);
  }
  for (const auto& [words, app] : parse.apps) {
    if (!app->get_subcommands({}).empty()) app->require_subcommand(1, 1);
  }
}

void add_globals(CLI::App& top, Parse& parse) {
  const auto add = [&](const char* name, std::string& into) {
    top.add_option(name, into, words::text("help:lantaarn-flag:" + key_of(name)))->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  };
  add("--data", parse.globals.data);
  add("--user", parse.globals.user);
  add("--pin-file", parse.globals.pin_file);
  add("--new-pin-file", parse.globals.new_pin_file);
  top.add_option("--warn-days", parse.globals.warn_days, words::text("help:lantaarn-flag:warn-days"))->check(CLI::Range(0, 9999));
  top.add_flag("--json", parse.globals.json, words::text("help:lantaarn-flag:json"));
  top.set_version_flag("--version", std::string("lantaarn ") + LANTAARN_VERSION, words::text("help:lantaarn-flag:version"));
  top.set_help_flag("-h,--help", words::text("help:lantaarn-flag:help"));
  top.get_formatter()->column_width(30);
  for (const char* label : {"Usage", "OPTIONS", "Options", "SUBCOMMAND", "SUBCOMMANDS", "Subcommands", "Positionals", "REQUIRED", "TEXT"}) {
    top.get_formatter()->label(label, words::text(std::string("label:cli:") + label));
  }
}

Arguments taken_from(const Parse& parse) {
  Arguments taken;
  taken.globals = parse.globals;
  for (const auto& [words, app] : parse.apps) {
    // The deepest command that was given.
    if (app->parsed() && words.size() > taken.command.size()) taken.command = words;
  }
  const auto found = parse.values.find(taken.command);
  if (found == parse.values.end()) return taken;
  for (const auto& [name, texts] : found->second) {
    if (!texts.empty()) taken.values[name] = texts;
  }
  return taken;
}

// CLI11 speaks English; the two mistakes that people make most are said in the reader's language.
std::string usage_text(const CLI::ParseError& error) {
  const std::string said = error.what();
  if (error.get_name() == "RequiredError" && said.ends_with(" is required")) {
    const std::string what = said.substr(0, said.size() - std::string_view(" is required").size());
    return words::text(what.starts_with("A subcommand") ? "label:usage_command" : "label:usage_missing", {what});
  }
  if (error.get_name() == "ExtrasError" && said.find(": ") != std::string::npos) {
    return words::text("label:usage_extra", {said.substr(said.find(": ") + 2)});
  }
  return said;
}

}  // namespace

std::string Arguments::one(std::string_view name) const { return maybe(name).value_or(""); }

std::optional<std::string> Arguments::maybe(std::string_view name) const {
  const auto found = values.find(name);
  if (found == values.end()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Arguments::all(std::string_view name) const {
  const auto found = values.find(name);
  return found == values.end() ? std::vector<std::string>{} : found->second;
}

std::variant<Arguments, Said> read_command_line(int count, const char* const* texts, bool& json) {
  json = std::any_of(texts + 1, texts + count, [](const char* text) { return std::string_view(text) == "--json"; });
  CLI::App top(words::text("help:lantaarn:program"), "lantaarn");
  Parse parse;
  top.fallthrough();
  top.option_defaults()->group(words::text("label:cli:Options"));
  top.require_subcommand(1, 1);
  add_globals(top, parse);
  add_commands(top, parse);
  try {
    top.parse(count, texts);
  } catch (const CLI::CallForVersion& version) {
    return Said{0, std::string(version.what()) + "\n"};
  } catch (const CLI::CallForHelp&) {
    return Said{0, top.help()};
  } catch (const CLI::ParseError& error) {
    return Said{2, usage_text(error)};
  }
  return taken_from(parse);
}

}  // namespace lantaarn::firmware::cli

#include "sync_server/admin/command_line.hpp"

#include <CLI/CLI.hpp>

#include "common/words/words.hpp"

namespace lantaarn::server::admin {
namespace {

enum class Takes { kValue, kValues, kList, kNothing };

struct Flag {
  const char* name;  ///< "--users", or "name" for one without dashes
  Takes takes = Takes::kValue;
  bool required = false;
};

struct Command {
  const char* words;
  std::vector<Flag> flags;
};

constexpr bool kRequired = true;

const std::vector<Command>& commands() {
  static const std::vector<Command> kCommands = {
      {"init", {}},
      {"user add", {{"name", Takes::kValue, kRequired}, {"--role", Takes::kValue, kRequired}}},
      {"user list", {}},
      {"device add",
       {{"name", Takes::kValue, kRequired},
        {"--users", Takes::kList, kRequired},
        {"--server", Takes::kValue, kRequired},
        {"--ticket", Takes::kValue, kRequired}}},
      {"device add-user",
       {{"name", Takes::kValue, kRequired},
        {"user", Takes::kValue, kRequired},
        {"--server"},
        {"--ticket", Takes::kValue, kRequired}}},
      {"device list", {}},
      {"device revoke", {{"name", Takes::kValue, kRequired}}},
      {"device lock", {{"name", Takes::kValue, kRequired}}},
      {"device unlock", {{"name", Takes::kValue, kRequired}}},
      {"device wipe", {{"name", Takes::kValue, kRequired}}},
      {"device revoke-user", {{"name", Takes::kValue, kRequired}, {"--user", Takes::kValue, kRequired}}},
      {"device renew-keys", {{"name", Takes::kValue, kRequired}}},
      {"device terms",
       {{"name"}, {"--all", Takes::kNothing}, {"--lease-days"}, {"--boots"}, {"--strict"}, {"--duress-pin"}, {"--wrong-pins"}}},
      {"codes add",
       {{"list", Takes::kValue, kRequired}, {"code", Takes::kValue, kRequired}, {"--nl", Takes::kValue, kRequired}, {"--en", Takes::kValue, kRequired}}},
      {"codes withdraw", {{"list", Takes::kValue, kRequired}, {"code", Takes::kValue, kRequired}}},
      {"codes list", {}},
      {"device lost", {{"name", Takes::kValue, kRequired}, {"--since", Takes::kValue, kRequired}}},
      {"device breach-sheet", {{"name", Takes::kValue, kRequired}, {"--pdf"}}},
      {"client add",
       {{"alias", Takes::kValue, kRequired}, {"--status"}, {"--intensity"}, {"--primary"}, {"--second"}, {"--from"}, {"--new", Takes::kNothing}}},
      {"client set",
       {{"client", Takes::kValue, kRequired}, {"--status"}, {"--closed-reason"}, {"--intensity"}, {"--safe-contact"}, {"--primary"},
        {"--second"}, {"--given-names"}, {"--family-names"}, {"--birth-year"}, {"--birth-month"}, {"--birth-day"}, {"--from"}}},
      {"client name", {{"client", Takes::kValue, kRequired}, {"alias", Takes::kValue, kRequired}}},
      {"client show", {{"client", Takes::kValue, kRequired}}},
      {"client link", {{"client", Takes::kValue, kRequired}, {"other", Takes::kValue, kRequired}}},
      {"client unlink", {{"clients", Takes::kValues, kRequired}}},
      {"client apart", {{"client", Takes::kValue, kRequired}, {"other", Takes::kValue, kRequired}}},
      {"matches", {}},
      {"contact share", {{"contacts", Takes::kValues, kRequired}}},
      {"contact apart", {{"contact", Takes::kValue, kRequired}, {"other", Takes::kValue, kRequired}}},
      {"contacts shared", {}},
      {"out-of-sight", {}},
      {"record add", {{"kind", Takes::kValue, kRequired}, {"fields", Takes::kValues, kRequired}, {"--client"}}},
      {"record change", {{"record", Takes::kValue, kRequired}, {"fields", Takes::kValues, kRequired}}},
      {"record retract", {{"record", Takes::kValue, kRequired}}},
      {"records", {{"kind"}, {"--client"}, {"--from"}, {"--through"}, {"--retracted", Takes::kNothing}}},
      {"escalation message", {{"record", Takes::kValue, kRequired}}},
      {"erasure decide", {{"client", Takes::kValue, kRequired}, {"--ground", Takes::kValue, kRequired}}},
      {"erasure execute", {{"decision", Takes::kValue, kRequired}}},
      {"erasures", {}},
      {"retention", {{"--due", Takes::kNothing}, {"--apply", Takes::kNothing}}},
      {"retention set", {{"retention", Takes::kValue, kRequired}, {"days", Takes::kValue, kRequired}}},
      {"import", {{"file"}, {"--mapping"}, {"--apply", Takes::kNothing}, {"--skip-errors", Takes::kNothing}}},
      {"import migration", {{"file", Takes::kValue, kRequired}}},
      {"export migration", {{"--to", Takes::kValue, kRequired}, {"--file", Takes::kValue, kRequired}, {"--second", Takes::kValue, kRequired}}},
      {"export csv", {{"kind", Takes::kValue, kRequired}, {"--file", Takes::kValue, kRequired}, {"--from"}, {"--through"}}},
      {"migration key", {{"--file", Takes::kValue, kRequired}}},
      {"recovery create", {{"--sheets", Takes::kValue, kRequired}, {"--replace", Takes::kNothing}}},
      {"recovery show", {}},
      {"key list", {}},
      {"key rotate", {{"kind", Takes::kValue, kRequired}}},
      {"key destroy", {{"kind", Takes::kValue, kRequired}, {"number", Takes::kValue, kRequired}}},
      {"key log", {}},
      {"serve", {{"--sync", Takes::kValue, kRequired}, {"--metrics"}, {"--web"}, {"--web-origin"}, {"--tls-cert"}, {"--tls-key"}}},
      {"user invite", {{"name", Takes::kValue, kRequired}}},
      {"access-log verify", {}},
      {"check", {{"--nagios", Takes::kNothing}}},
      {"merge", {}},
      {"rescue", {{"file", Takes::kValue, kRequired}, {"--receipts"}}},
      {"overview", {{"--from"}, {"--through"}}},
      {"clients", {}},
      {"contacts", {{"--client"}}},
      {"review", {}},
      {"quarantine", {}},
      {"quarantine admit", {{"entries", Takes::kValues, kRequired}}},
      {"digest", {}},
      {"rebuild", {{"--verify", Takes::kNothing, kRequired}}},
      {"backup init", {{"target", Takes::kValue, kRequired}, {"--replace", Takes::kNothing}}},
      {"backup create", {}},
      {"backup status", {}},
      {"backup list", {}},
      {"backup verify", {}},
      {"backup prune", {{"--keep", Takes::kValue, kRequired}}},
      {"backup drill", {{"--sheets", Takes::kList}}},
      {"restore",
       {{"target", Takes::kValue, kRequired},
        {"--to", Takes::kValue, kRequired},
        {"--sheets", Takes::kList},
        {"--backup"},
        {"--accept-loss", Takes::kNothing}}},
      {"link-eval", {{"file", Takes::kValue, kRequired}, {"--threshold"}}},
  };
  return kCommands;
}

// One parse of one command line: CLI11 writes into these, so they stay put.
struct Parse {
  Globals globals;
  bool version = false;
  std::map<std::string, std::map<std::string, std::vector<std::string>>> values;
  std::map<std::string, CLI::App*> apps;
};

std::string key_of(const std::string& flag) { return flag.substr(flag.find_first_not_of('-')); }

std::string help_for(const std::string& what) { return words::text("help:server:" + what); }

// "A, B" as A and B.
std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> items;
  for (std::string& item : CLI::detail::split(text, ',')) {
    if (!CLI::detail::trim(item).empty()) items.push_back(std::move(item));
  }
  return items;
}

void name_group(CLI::App& app) {
  app.option_defaults()->group(words::text("label:cli:Options"));
  app.set_help_flag("-h,--help", words::text("help:server-flag:help"));
}

void add_flag(CLI::App& app, const Flag& flag, std::vector<std::string>& into) {
  const std::string name = flag.name;
  const std::string help = words::text("help:server-flag:" + key_of(name));
  if (flag.takes == Takes::kNothing) {
    app.add_flag_callback(name, [&into] { into = {"1"}; }, help)->required(flag.required);
    return;
  }
  if (flag.takes == Takes::kList) {
    app.add_option_function<std::string>(name, [&into](const std::string& text) { into = split_list(text); }, help)
        ->required(flag.required);
    return;
  }
  CLI::Option* option = app.add_option(name, into, help)->required(flag.required);
  if (flag.takes == Takes::kValue) {
    // Without the last, a first positional takes the words of the next one too.
    option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)->allow_extra_args(false);
  }
  if (flag.takes == Takes::kValues) option->expected(1, 10'000);
}

CLI::App* app_for(CLI::App& top, Parse& parse, const std::string& words) {
  auto& known = parse.apps[words];
  if (known != nullptr) return known;
  const std::size_t space = words.find(' ');
  CLI::App* parent = space == std::string::npos ? &top : app_for(top, parse, words.substr(0, space));
  known = parent->add_subcommand(words.substr(space + 1), help_for(words));
  known->fallthrough();
  known->group(words::text("label:cli:Subcommands"));
  name_group(*known);
  return known;
}

void add_commands(CLI::App& top, Parse& parse) {
  for (const auto& command : commands()) {
    CLI::App* app = app_for(top, parse, command.words);
    for (const auto& flag : command.flags) add_flag(*app, flag, parse.values[command.words][key_of(flag.name)]);
  }
  for (const auto& [words, app] : parse.apps) {
    const bool is_command = std::any_of(commands().begin(), commands().end(), [&typed = words](const Command& c) { return c.words == typed; });
    if (!app->get_subcommands({}).empty()) app->require_subcommand(is_command ? 0 : 1, 1);
  }
}

void add_globals(CLI::App& top, Parse& parse) {
  top.add_option("--data", parse.globals.data, words::text("help:server-flag:data"));
  top.add_option("--key-file", parse.globals.key_file, words::text("help:server-flag:key-file"));
  top.add_flag("--json", parse.globals.json, words::text("help:server-flag:json"));
  for (const char* name : {"--as", "--reason"}) {
    top.add_option(name, parse.values[""][key_of(name)], words::text(std::string("help:server-flag:") + key_of(name)))
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
  top.set_version_flag("--version", std::string("lantaarn-server ") + LANTAARN_VERSION, words::text("help:server-flag:version"));
  top.get_formatter()->column_width(30);
  for (const char* label : {"Usage", "OPTIONS", "Options", "SUBCOMMAND", "SUBCOMMANDS", "Subcommands", "Positionals", "REQUIRED", "TEXT"}) {
    top.get_formatter()->label(label, words::text(std::string("label:cli:") + label));
  }
}

CommandLine taken_from(const Parse& parse) {
  CommandLine line{parse.globals, {}};
  for (const auto& [words, app] : parse.apps) {
    // The last word of the deepest command that was given.
    if (app->parsed() && words.size() > line.arguments.command.size()) line.arguments.command = words;
  }
  for (const std::string& of : {std::string(), line.arguments.command}) {
    const auto found = parse.values.find(of);
    if (found == parse.values.end()) continue;
    for (const auto& [name, texts] : found->second) {
      if (!texts.empty()) line.arguments.values[name] = texts;
    }
  }
  return line;
}

// CLI11 speaks English; the mistakes that people make most are said in the reader's language.
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

std::variant<CommandLine, Said> read_command_line(int count, const char* const* texts, bool& json) {
  json = std::any_of(texts + 1, texts + count, [](const char* text) { return std::string_view(text) == "--json"; });
  CLI::App top(words::text("help:server:program"), "lantaarn-server");
  Parse parse;
  top.fallthrough();
  top.require_subcommand(1, 1);
  name_group(top);
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
  CommandLine line = taken_from(parse);
  // link-eval measures the matcher on a file of its own, and opens no registry; restore makes one.
  const bool needs_data = line.arguments.command != "link-eval" && line.arguments.command != "restore";
  if (line.globals.data.empty() && needs_data) return Said{2, words::text("label:usage_missing", {"--data"})};
  return line;
}

}  // namespace lantaarn::server::admin

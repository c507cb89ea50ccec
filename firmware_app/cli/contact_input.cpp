#include "firmware_app/cli/contact_input.hpp"

#include <charconv>
#include <cstdio>
#include <memory>

#include "common/base/civil_time.hpp"
#include "common/model/limits.hpp"

namespace lantaarn::firmware::cli {
namespace {

constexpr std::size_t kNoteBytesMax = 4 * model::kNoteCharactersMax + 2;  // UTF-8, and a line end

Result<std::string> read_note(const std::string& path) {
  const bool standard = path == "-";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(standard ? stdin : std::fopen(path.c_str(), "rbe"),
                                                             standard ? [](std::FILE*) { return 0; } : &std::fclose);
  if (!file) return refused("file_unreadable", {path});
  std::setvbuf(file.get(), nullptr, _IONBF, 0);  // no copy of the note in a buffer that nobody wipes
  std::string note(kNoteBytesMax + 1, '\0');
  note.resize(std::fread(note.data(), 1, note.size(), file.get()));
  if (std::ferror(file.get()) != 0) return refused("file_unreadable", {path});
  if (note.size() > kNoteBytesMax) return refused("note_too_long", {std::to_string(model::kNoteCharactersMax)});
  while (note.ends_with('\n') || note.ends_with('\r')) note.pop_back();
  return note;
}

Result<std::optional<std::uint32_t>> minutes_of(const std::optional<std::string>& text) {
  if (!text || text->empty()) return std::optional<std::uint32_t>{};
  std::uint32_t minutes = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), minutes);
  if (problem != std::errc{} || end != text->data() + text->size()) return refused("minutes_invalid", {std::to_string(model::kMinutesMax)});
  return std::optional<std::uint32_t>{minutes};
}

Result<std::optional<std::int64_t>> time_of(const std::optional<std::string>& text) {
  if (!text) return std::optional<std::int64_t>{};
  const auto instant = parse_rfc3339(*text);
  if (!instant) return refused("time_invalid");
  return std::optional<std::int64_t>{*instant};
}

Result<std::optional<FollowUpDraft>> follow_up_of(const Arguments& arguments) {
  const auto text = arguments.maybe("follow-up");
  if (!text && arguments.has("follow-up-kind")) return refused("usage", {"--follow-up --follow-up-kind"});
  if (!text) return std::optional<FollowUpDraft>{};
  const std::size_t colon = text->find(':');
  if (colon == std::string::npos) return refused("usage", {"--follow-up DATE:TEXT"});
  return std::optional<FollowUpDraft>{FollowUpDraft{text->substr(0, colon), text->substr(colon + 1), arguments.one("follow-up-kind")}};
}

Result<std::optional<Who>> who_of(const Arguments& arguments, const std::vector<CaseCard>& cards, const Access& access) {
  const bool by_name = arguments.has("client");
  const bool by_id = arguments.has("client-id");
  const bool unknown = arguments.has("unknown");
  if (by_name + by_id + unknown > 1) return refused("usage", {"--client | --client-id | --unknown"});
  if (arguments.has("describe") && !unknown) return refused("usage", {"--unknown --describe"});
  if (arguments.has("new") && !by_name) return refused("usage", {"--client --new"});
  if (unknown) return std::optional<Who>{UnknownPerson{arguments.one("describe")}};
  const bool as_typed = by_name && access.lease_ended;
  if (arguments.has("new") || as_typed) return std::optional<Who>{NewClient{arguments.one("client")}};
  if (access.lease_ended && needs_cards(arguments)) return refused("lease_ended");
  LANTAARN_ASSIGN(const auto client, client_of(arguments, cards));
  if (!client) return std::optional<Who>{};
  return std::optional<Who>{*client};
}

// `--topic ""` takes all topics away.
std::vector<std::string> codes_of(const Arguments& arguments, std::string_view name) {
  auto codes = arguments.all(name);
  std::erase(codes, "");
  return codes;
}

}  // namespace

bool needs_cards(const Arguments& arguments) {
  if (arguments.has("client-id")) return arguments.one("client-id").size() != 2 * kIdBytes;
  return arguments.has("client") && !arguments.has("new");
}

Result<std::optional<ClientId>> client_of(const Arguments& arguments, const std::vector<CaseCard>& cards) {
  const bool by_name = arguments.has("client");
  const bool by_id = arguments.has("client-id");
  if (by_name && by_id) return refused("usage", {"--client | --client-id"});
  if (!by_name && !by_id) return std::optional<ClientId>{};
  LANTAARN_ASSIGN(const ClientId client, by_id ? find_client_by_id(cards, arguments.one("client-id"))
                                               : find_client(cards, arguments.one("client")));
  return std::optional(client);
}

Result<ClientId> client_called(const std::string& text, const std::vector<CaseCard>& cards) {
  auto by_name = find_client(cards, text);
  if (by_name.ok() || by_name.error().code != "client_unknown") return by_name;
  auto by_id = find_client_by_id(cards, text);
  return by_id.ok() ? std::move(by_id) : std::move(by_name);
}

Result<ContactDraft> contact_draft(const Arguments& arguments, const std::vector<CaseCard>& cards, const Access& access) {
  ContactDraft draft;
  LANTAARN_ASSIGN(auto who, who_of(arguments, cards, access));
  if (!who) return refused("usage", {"--client | --client-id | --unknown"});
  draft.who = std::move(*who);
  draft.channel = arguments.one("channel");
  draft.place = arguments.one("place");
  draft.outcome = arguments.one("outcome");
  draft.topics = codes_of(arguments, "topic");
  draft.areas = codes_of(arguments, "area");
  LANTAARN_ASSIGN(draft.minutes, minutes_of(arguments.maybe("minutes")));
  LANTAARN_ASSIGN(draft.indirect_minutes, minutes_of(arguments.maybe("indirect-minutes")));
  LANTAARN_ASSIGN(draft.occurred_at_ms, time_of(arguments.maybe("at")));
  LANTAARN_ASSIGN(draft.follow_up, follow_up_of(arguments));
  if (const auto file = arguments.maybe("note-file")) {
    LANTAARN_ASSIGN(draft.note, read_note(*file));
  }
  return draft;
}

Result<ContactChanges> contact_changes(const Arguments& arguments, const std::vector<CaseCard>& cards, const Access& access) {
  ContactChanges changes;
  LANTAARN_ASSIGN(changes.who, who_of(arguments, cards, access));
  changes.channel = arguments.maybe("channel");
  changes.place = arguments.maybe("place");
  changes.outcome = arguments.maybe("outcome");
  if (arguments.has("topic")) changes.topics = codes_of(arguments, "topic");
  if (arguments.has("area")) changes.areas = codes_of(arguments, "area");
  for (const auto& [name, into] : {std::pair{"minutes", &changes.minutes}, {"indirect-minutes", &changes.indirect_minutes}}) {
    LANTAARN_ASSIGN(const auto minutes, minutes_of(arguments.maybe(name)));
    if (arguments.has(name)) *into = minutes ? std::to_string(*minutes) : "";
  }
  LANTAARN_ASSIGN(changes.occurred_at_ms, time_of(arguments.maybe("at")));
  LANTAARN_ASSIGN(changes.follow_up, follow_up_of(arguments));
  if (const auto file = arguments.maybe("note-file")) {
    LANTAARN_ASSIGN(changes.note, read_note(*file));
  }
  return changes;
}

}  // namespace lantaarn::firmware::cli

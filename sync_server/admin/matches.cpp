// Who might be the same woman: what the matcher proposes, for a person to decide.
#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "common/base/civil_time.hpp"
#include "common/model/rules.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/link_words.hpp"
#include "sync_server/admin/matches.hpp"
#include "sync_server/linkage/propose.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

std::vector<std::string> name_in(const Client& client, const char* field) {
  const std::string& name = value_of(client.fields, field);
  return name.empty() ? std::vector<std::string>{} : std::vector<std::string>{name};
}

std::optional<int> number_in(const Client& client, const char* field) {
  const std::string& text = value_of(client.fields, field);
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return text.empty() || problem != std::errc{} || end != text.data() + text.size() ? std::nullopt : std::optional(number);
}

std::vector<linkage::LinkRecord> link_records(const std::vector<Client>& clients) {
  std::vector<linkage::LinkRecord> records;
  for (const Client& client : clients) {
    records.push_back({client.id.hex(), client.aliases, name_in(client, "given_names"), name_in(client, "family_names"),
                       number_in(client, "birth_year"), number_in(client, "birth_month"), number_in(client, "birth_day")});
  }
  return records;
}

// Whoever was said to be different, through all that is linked to them.
std::set<linkage::RecordPair> kept_apart(const std::vector<Client>& clients, const Clusters& clusters) {
  std::map<ClientId, std::uint32_t> place;
  for (std::uint32_t i = 0; i < clients.size(); ++i) place[clients[i].id] = i;
  std::set<linkage::RecordPair> pairs;
  for (const auto& [first, second] : clusters.apart()) {
    const auto a = place.find(clusters.head_of(first));
    const auto b = place.find(clusters.head_of(second));
    if (a != place.end() && b != place.end() && a != b) pairs.insert(std::minmax(a->second, b->second));
  }
  return pairs;
}

/// Conversations with whoever is asked for, read once.
class Talks {
 public:
  explicit Talks(Registry& registry) : registry_(registry) {}
  const std::vector<Registry::Talk>& with(const ClientId& client) {
    const auto [at, is_new] = known_.try_emplace(client);
    if (is_new) {
      auto talks = registry_.talks_with(client);
      if (talks.ok()) at->second = std::move(*talks);
    }
    return at->second;
  }

 private:
  Registry& registry_;
  std::map<ClientId, std::vector<Registry::Talk>> known_;
};

// Nobody is in two conversations at once. Asked for a pair, kept nowhere, told without place or hour.
unsigned overlaps(Talks& talks, const ClientId& a, const ClientId& b) {
  const auto& first = talks.with(a);
  const auto& second = talks.with(b);
  unsigned count = 0;
  std::size_t from = 0;
  constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
  for (const Registry::Talk& talk : first) {  // both in order of time
    while (from < second.size() && second[from].at_ms + kDayMs < talk.at_ms) ++from;
    for (std::size_t i = from; i < second.size() && second[i].at_ms < talk.at_ms + kDayMs; ++i) {
      if (model::conversations_overlap(talk.at_ms, talk.minutes, second[i].at_ms, second[i].minutes)) ++count;
    }
  }
  return count;
}

json::object match_document(const linkage::Proposal& proposal, const std::vector<Client>& clients) {
  json::array evidence, ids, names;
  for (const auto place : {proposal.a, proposal.b}) {
    ids.emplace_back(clients[place].id.hex());
    names.emplace_back(clients[place].aliases.empty() ? std::string() : clients[place].aliases.front());
  }
  for (const auto& one : proposal.evidence) {
    const std::string_view key = linkage::words_key(one.code);
    json::array args;
    for (const auto& arg : one.args) args.emplace_back(arg);
    evidence.push_back(json::object{{"code", std::string(key.substr(key.rfind(':') + 1))}, {"args", std::move(args)}, {"bits", one.bits}});
  }
  return {{"clients", std::move(ids)},
          {"names", std::move(names)},
          {"probability", proposal.probability},
          {"proposed", proposal.probability >= linkage::kProposeFrom},
          {"evidence", std::move(evidence)},
          {"nl", evidence_text(words::Language::kDutch, proposal.evidence)},
          {"en", evidence_text(words::Language::kEnglish, proposal.evidence)}};
}

enum class Apart { kLeftOut, kAmongThem };

Result<std::vector<RememberedMatches::Match>> find_matches(Context& context, Apart apart) {
  LANTAARN_ASSIGN(const auto clients, visible_clients(context));
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  std::set<linkage::RecordPair> left_out;
  if (apart == Apart::kLeftOut) left_out = kept_apart(clients, directory->clusters());
  Talks talks(context.registry);
  linkage::ProposeOptions options;
  options.overlapping_conversations = [&](std::uint32_t a, std::uint32_t b) {
    return overlaps(talks, clients[a].id, clients[b].id);
  };
  std::vector<RememberedMatches::Match> found;
  for (const auto& proposal : linkage::propose(link_records(clients), left_out, options)) {
    found.push_back({clients[proposal.a].id, clients[proposal.b].id, match_document(proposal, clients)});
  }
  return found;
}

// One is not who stands for her any more, or somebody said that they are two.
bool is_decided(const Clusters& clusters, const RememberedMatches::Match& match) {
  if (clusters.head_of(match.first) != match.first || clusters.head_of(match.second) != match.second) return true;
  const auto& apart = clusters.apart();
  return std::any_of(apart.begin(), apart.end(), [&](const ClientPair& pair) {
    return Clusters::pair_of(clusters.head_of(pair.first), clusters.head_of(pair.second)) == Clusters::pair_of(match.first, match.second);
  });
}

}  // namespace

Result<std::vector<const RememberedMatches::Match*>> RememberedMatches::open(Context& context) {
  constexpr std::int64_t kPauseMs = 2000, kPauseFactor = 20;
  const auto now_ms = [&] { return context.clock.now().monotonic_ms; };
  const std::uint64_t now = context.registry.client_changes(as_of_).now;
  const bool may_wait = as_of_ != 0 && now_ms() - found_at_ms_ < std::max(kPauseMs, kPauseFactor * took_ms_);
  if (now != as_of_ && !may_wait) {
    Context everybody = context;
    everybody.opens = Opens::kAllRecords;
    everybody.let_in.reset();
    everybody.hidden.clear();
    const std::int64_t began_ms = now_ms();
    // Who is kept apart is looked up at each click: a decision, or its undoing, is seen at once.
    LANTAARN_ASSIGN(found_, find_matches(everybody, Apart::kAmongThem));
    found_at_ms_ = now_ms();
    took_ms_ = found_at_ms_ - began_ms;
    as_of_ = now;
  }
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  std::vector<const Match*> open;
  for (const Match& match : found_) {
    if (is_decided(directory->clusters(), match) || is_hidden(context, match.first) || is_hidden(context, match.second)) continue;
    open.push_back(&match);
  }
  return open;
}

Answer list_matches(Context& context, const Arguments&) {
  LANTAARN_ASSIGN(auto found, find_matches(context, Apart::kLeftOut));
  json::array documents;
  for (auto& match : found) documents.push_back(std::move(match.document));
  return Output{std::move(documents), {}};
}

}  // namespace lantaarn::server::admin

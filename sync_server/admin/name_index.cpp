#include <algorithm>

#include "common/crypto/wipe_text.hpp"
#include "common/model/fold_name.hpp"
#include "sync_server/admin/remembered.hpp"
#include "sync_server/linkage/similarity.hpp"

namespace lantaarn::server::admin {
namespace {

// How far two words may differ and still be taken for one, by the length of what was typed.
constexpr std::size_t kOneEditFrom = 3;
constexpr std::size_t kTwoEditsFrom = 6;
constexpr double kPrefix = 0.95, kSound = 0.85, kOneEdit = 0.8, kTwoEdits = 0.65;

double edited(std::string_view typed, std::string_view word) {
  const std::size_t most = typed.size() >= kTwoEditsFrom ? 2 : typed.size() >= kOneEditFrom ? 1 : 0;
  if (most == 0) return 0;
  const std::size_t edits = linkage::edits_between(typed, word, most);
  return edits > most ? 0 : edits == 2 ? kTwoEdits : kOneEdit;
}

}  // namespace

NameIndex::~NameIndex() {
  while (!women_.empty()) give_up(women_.begin()->first);
}

void NameIndex::give_up(const ClientId& client) {
  const auto found = women_.find(client);
  if (found == women_.end()) return;
  crypto::wipe_texts(found->second.name, found->second.sorted_by);
  for (Word& word : found->second.words) crypto::wipe_texts(word.text, word.sounds.northern, word.sounds.southern);
  women_.erase(found);
}

std::vector<NameIndex::Word> NameIndex::words_in(std::string_view name) {
  std::vector<Word> words;
  for (std::string& word : linkage::words_of_name(name)) {
    linkage::Sounds sounds = linkage::sounds_of(word);
    words.push_back({std::move(word), std::move(sounds)});
  }
  return words;
}

void NameIndex::take(const Client& client) {
  give_up(client.id);
  if (client.cluster != client.id || client.aliases.empty()) return;
  Woman& woman = women_[client.id];
  woman.name = client.aliases.front();
  woman.sorted_by = model::fold_name(client.aliases.front());
  for (const auto& alias : client.aliases) {
    for (Word& word : words_in(alias)) woman.words.push_back(std::move(word));
  }
}

Status NameIndex::refresh(Registry& registry) {
  const Registry::ClientChanges changes = registry.client_changes(as_of_);
  if (changes.all || as_of_ == 0) {
    while (!women_.empty()) give_up(women_.begin()->first);
    LANTAARN_TRY(registry.clients([&](const Client& client) -> Status {
      take(client);
      return {};
    }));
  } else {
    for (const ClientId& id : changes.clients) {
      LANTAARN_ASSIGN(const auto client, registry.client(id));
      if (client) take(*client);
    }
  }
  as_of_ = changes.now;
  return {};
}

// Every word that was typed has to be in one of her names; the least alike of them says how alike she is.
double NameIndex::likeness(const std::vector<Word>& typed, const Woman& woman) {
  double least = 1;
  for (const Word& asked : typed) {
    double best = 0;
    for (const Word& word : woman.words) {
      if (word.text == asked.text) best = 1;
      if (best < kPrefix && word.text.starts_with(asked.text)) best = kPrefix;
      if (best < kSound && linkage::sound_alike(asked.sounds, word.sounds)) best = kSound;
      if (best < kOneEdit) best = std::max(best, edited(asked.text, word.text));
    }
    least = std::min(least, best);
  }
  return least;
}

std::vector<NameIndex::Hit> NameIndex::find(std::string_view typed) const {
  const auto words = words_in(typed);
  struct Found {
    Hit hit;
    const std::string* name;
  };
  std::vector<Found> found;
  for (const auto& [id, woman] : women_) {
    const double score = words.empty() ? 0 : likeness(words, woman);
    if (words.empty() || score > 0) found.push_back({{id, score}, &woman.sorted_by});
  }
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::tuple(-a.hit.score, std::string_view(*a.name), a.hit.id) < std::tuple(-b.hit.score, std::string_view(*b.name), b.hit.id);
  });
  std::vector<Hit> hits;
  for (const Found& one : found) hits.push_back(one.hit);
  return hits;
}

std::string_view NameIndex::name_of(const ClientId& client) const {
  const auto found = women_.find(client);
  return found == women_.end() ? std::string_view() : std::string_view(found->second.name);
}

}  // namespace lantaarn::server::admin

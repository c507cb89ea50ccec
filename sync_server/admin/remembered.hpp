#pragma once
// What a running server keeps of what it read, so that a click does not open five thousand records: the names that are
// searched, and which entries might be one woman. In memory only, overwritten at the end; brought up to date when asked.

#include <map>

#include "sync_server/admin/matches.hpp"
#include "sync_server/linkage/spelling.hpp"

namespace lantaarn::server::admin {

/// Preferred names of everyone who stands for a cluster, for a search that forgives typing errors.
class NameIndex {
 public:
  NameIndex() = default;
  NameIndex(const NameIndex&) = delete;
  NameIndex& operator=(const NameIndex&) = delete;
  ~NameIndex();

  struct Hit {
    ClientId id;
    double score = 0;  ///< 1: as it was typed; 0 when nothing was asked
  };
  /// Reads what changed since the last time. Errors: those of the registry.
  [[nodiscard]] Status refresh(Registry& registry);
  /// The most alike first, equal ones by name. Nothing typed: everyone by name.
  [[nodiscard]] std::vector<Hit> find(std::string_view typed) const;
  /// Her first preferred name; "" when she stands for nobody or has none.
  [[nodiscard]] std::string_view name_of(const ClientId& client) const;

 private:
  struct Word {
    std::string text;
    linkage::Sounds sounds;
  };
  struct Woman {
    std::string name;
    std::string sorted_by;
    std::vector<Word> words;
  };
  [[nodiscard]] static std::vector<Word> words_in(std::string_view name);
  [[nodiscard]] static double likeness(const std::vector<Word>& typed, const Woman& woman);
  void take(const Client& client);
  void give_up(const ClientId& client);

  std::map<ClientId, Woman> women_;
  std::uint64_t as_of_ = 0;
};

struct Remembered {
  NameIndex names;
  RememberedMatches matches;
};

}  // namespace lantaarn::server::admin

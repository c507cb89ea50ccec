#pragma once
// A user at work: unlocked, with her cards. What she typed goes through capture().

#include <unordered_map>

#include "common/model/own_codes.hpp"
#include "firmware_app/handheld/folder.hpp"

namespace lantaarn::firmware {

struct Session {
  std::shared_ptr<Folder> folder;
  UnlockedUser user;
  JudgedClock clock;
  std::vector<CaseCard> cards;
  model::OwnCodes own_codes = {};  ///< the customer's
  std::optional<CivilDate> told_day = {};  ///< she said which day it is, where the clock does not know
  std::uint64_t edition = 0;       ///< of the cards: another number, other cards
  std::unordered_map<std::string, std::size_t> places = {};  ///< of a woman's card among them

  [[nodiscard]] Capture capture() { return {folder->journal, user, folder->server, clock, cards, &own_codes}; }
  /// kRefused "day_unknown".
  [[nodiscard]] Result<CivilDate> today() const;
  /// nullptr when she is on none. Until the cards change.
  [[nodiscard]] const CaseCard* card_of(std::string_view client_id) const;
  void take_cards(std::vector<CaseCard> taken);
  /// "" when she is on no card.
  [[nodiscard]] std::string name_of(std::string_view client_id) const;
  /// Her cards anew, after something that changes them.
  [[nodiscard]] Status reload_cards();
};

enum class Cards {
  kNone,    ///< a caseload that cannot be read leaves them empty
  kToLookUp,  ///< it is an error; without a lease they are empty all the same, and names are taken as typed
  kNeeded   ///< it is an error, and so is a lease that is over: kRefused "lease_ended"
};
/// Unlocks, saves the entry that says so, and takes away what a lease that is over, or a strict one, leaves nobody to read.
/// Errors: those of Vault::unlock, Capture::begin_work, load_cards. After one nothing is open, and the folder can be used again.
[[nodiscard]] Result<std::unique_ptr<Session>> begin_session(const std::shared_ptr<Folder>& folder, const VaultUser& user,
                                                             const crypto::SecretBytes& pin, Cards cards);

/// Her word for a code: the customer's own, else the catalogue's; "" for none.
[[nodiscard]] std::string word_for(const model::OwnCodes& own_codes, std::string_view list, std::string_view code);

}  // namespace lantaarn::firmware

#include "firmware_app/handheld/session.hpp"

#include "common/words/words.hpp"
#include "firmware_app/caseload/own_codes.hpp"
#include "firmware_app/platform/disk_space.hpp"

namespace lantaarn::firmware {
namespace {

// An attempt is counted before it is judged: that takes room too.
Result<UnlockedUser> unlock(Folder& folder, const VaultUser& user, const crypto::SecretBytes& pin) {
  auto unlocked = folder.vault.unlock(user, pin, folder.clock.now());
  const bool is_full = !unlocked.ok() && unlocked.error().code == "disk_full";
  if (!is_full || !Reserve(folder.path).release()) return unlocked;
  return folder.vault.unlock(user, pin, folder.clock.now());
}

}  // namespace

Result<CivilDate> Session::today() const {
  if (told_day) return *told_day;
  const CivilDate day = date_in_amsterdam(clock.now().wall_ms);
  return day < kFirstDay ? Result<CivilDate>(refused("day_unknown")) : day;
}

void Session::take_cards(std::vector<CaseCard> taken) {
  cards = std::move(taken);
  ++edition;
  places.clear();
  for (std::size_t i = 0; i < cards.size(); ++i) places.emplace(cards[i].card.client_id(), i);
}

const CaseCard* Session::card_of(std::string_view client_id) const {
  const auto found = places.find(std::string(client_id));
  return found == places.end() ? nullptr : &cards[found->second];
}

std::string Session::name_of(std::string_view client_id) const {
  const CaseCard* card = card_of(client_id);
  return card == nullptr ? std::string() : card->name();
}

Status Session::reload_cards() {
  if (user.access.lease_ended || !folder->caseload.ok()) return {};
  LANTAARN_ASSIGN(auto loaded, load_cards(*folder->caseload, folder->journal, user));
  take_cards(std::move(loaded));
  return {};
}

Result<std::unique_ptr<Session>> begin_session(const std::shared_ptr<Folder>& folder, const VaultUser& user,
                                               const crypto::SecretBytes& pin, Cards cards) {
  const bool with_cards = cards != Cards::kNone;
  LANTAARN_TRY(folder->leases);
  auto unlocked = unlock(*folder, user, pin);
  if (!unlocked.ok()) {
    // Slots that were destroyed took a lease with them.
    if (unlocked.error().code == "pin_destroyed") LANTAARN_TRY(drop_readable(folder->journal, folder->caseload, user.id));
    return std::move(unlocked).error();
  }
  const JudgedClock clock(folder->clock, folder->clock_observation);
  auto session = std::unique_ptr<Session>(new Session{folder, std::move(*unlocked), clock, {}});
  LANTAARN_ASSIGN(session->own_codes, own_codes_of(folder->vault));
  LANTAARN_TRY(session->capture().begin_work(folder->caseload));
  if (session->user.access.lease_ended) {
    if (cards == Cards::kNeeded) return refused("lease_ended");
    return session;
  }
  if (!folder->caseload.ok()) {
    if (with_cards) return folder->caseload.error();
    return session;
  }
  auto loaded = load_cards(*folder->caseload, folder->journal, session->user);
  if (loaded.ok()) {
    session->take_cards(std::move(*loaded));
  } else if (with_cards) {
    return std::move(loaded).error();
  }
  return session;
}

std::string word_for(const model::OwnCodes& own_codes, std::string_view list, std::string_view code) {
  if (const model::OwnCode* own = own_codes.find(list, code)) {
    return words::language() == words::Language::kDutch ? own->label_nl : own->label_en;
  }
  return code.empty() ? "" : words::text("code:" + std::string(list) + ":" + std::string(code));
}

}  // namespace lantaarn::firmware

#pragma once
// The use cases of an evening: round, contact, correction, follow-up, records. What is typed is checked, made into events, and
// saved in the journal in one commit with the companions that go with it. No other I/O.
//
// Errors of every call that saves: those of model::validate_event, "code_withdrawn" (a code of the customer's own), "text_control" (control characters in a name or line),
// those of Journal::save. On success everything is *saved*: durable on this device. On an error nothing of it is.
//
// In strict mode, and once the lease is over, every entry of one unlock is sealed under that unlock's own key, and nothing
// readable is kept: no seal key, no heads, no provisional card, no own change. What was written down can then be corrected
// by its whole id, and is seen again on a card after a sync. Once the lease is over what needs a card or a round is kRefused
// "lease_ended".

#include "common/base/civil_time.hpp"
#include "common/base/clock.hpp"
#include "common/model/event.hpp"
#include "common/model/own_codes.hpp"
#include "common/model/record_kinds.hpp"
#include "firmware_app/capture/drafts.hpp"
#include "firmware_app/capture/heads.pb.h"
#include "firmware_app/capture/id_prefix.hpp"
#include "firmware_app/capture/kept_draft.hpp"
#include "firmware_app/capture/round_key.hpp"
#include "firmware_app/capture/views.hpp"
#include "firmware_app/capture/visits.hpp"
#include "firmware_app/caseload/cards.hpp"
#include "firmware_app/caseload/closing.hpp"

namespace lantaarn::firmware {

/// No handheld was used before it: a clock that says so lost its battery.
inline constexpr CivilDate kFirstDay{2026, 1, 1};

struct SavedEvent {
  EventId event;
  journal::Saved place;
  std::optional<ClientId> client;     ///< whom it is about, or who was added
  std::optional<EventId> follow_up;   ///< planned in the same commit
};

class Capture {
 public:
  /// Everything must outlive it. `cards` may be empty: only the heads of corrections and follow-ups come from them.
  /// `own_codes`: the customer's codes that may be typed; nullptr: none.
  Capture(journal::Journal& journal, const UnlockedUser& user, const ServerFacts& server, const Clock& clock,
          const std::vector<CaseCard>& cards, const model::OwnCodes* own_codes = nullptr)
      : journal_(journal), user_(user), server_(server), clock_(clock), cards_(cards), own_codes_(own_codes) {}

  /// What follows every right PIN, before anything is shown: the entry that says so is saved (one, of one size whatever it
  /// says), and what a lease that is over leaves nobody to read is dropped (drop_readable); in strict mode what an earlier
  /// lease kept readable is. An error says that some of it is still to be done: nothing may be shown, and the next unlock
  /// goes on. What must go is tried also when the entry could not be saved.
  [[nodiscard]] Status begin_work(Result<Caseload>& caseload);

  /// Ends this user's desk. kRefused "round_open".
  [[nodiscard]] Result<SavedEvent> start_round(const RoundDraft& draft);
  /// Saves the end and deletes the readable copies of round and desk. `closed` false: the file may still hold them, and
  /// finish_closing() is owed. kRefused "round_not_open", "drafts_open" {how many}: what is not finished would stay readable.
  struct RoundEnd {
    SavedEvent saved;
    bool closed = false;
  };
  [[nodiscard]] Result<RoundEnd> end_round();
  /// The anonymous head count. kRefused "round_not_open", "count_invalid".
  [[nodiscard]] Result<SavedEvent> count(std::int32_t delta);

  [[nodiscard]] Result<SavedEvent> log_contact(const ContactDraft& draft, const DraftChange& change = {});
  /// What is typed so far, in place of what was kept under this id. Durable on return. kRefused "draft_not_kept" where nothing
  /// readable may be kept, "drafts_full".
  [[nodiscard]] Status keep_draft(const KeptDraft& draft);
  [[nodiscard]] Result<std::vector<KeptDraft>> drafts();
  [[nodiscard]] Status drop_draft(const DraftId& draft);
  /// Those that only say that a saved contact may be completed go; what was typed and is saved nowhere else stays.
  [[nodiscard]] Status leave_drafts();
  /// kRefused "event_unknown" (not an own contact), "nothing_changed", "reason_needed". With change.finished that draft goes in
  /// the same commit, also when nothing is another than it was: then no event is saved, and that is no error.
  [[nodiscard]] Result<SavedEvent> amend(const EventId& contact, const std::string& reason, const ContactChanges& changes,
                                         const DraftChange& change = {});
  /// Drafts that were to complete it go with it. kRefused "event_unknown", "nothing_changed" (retracted already),
  /// "reason_needed".
  [[nodiscard]] Result<SavedEvent> retract(const EventId& contact, const std::string& reason);
  /// What was just saved is taken back: the contact, and the follow-up that was planned with it.
  [[nodiscard]] Status undo(const SavedEvent& saved, const std::string& reason);
  /// Own contacts of the last kRecentDays, newest first, whether or not they can still be read: what may be corrected.
  [[nodiscard]] Result<std::vector<RecentContact>> recent_contacts();
  [[nodiscard]] Result<SavedEvent> add_client(const NewClient& client);
  /// One more preferred name. kRefused "client_unknown" (not on a card), "nothing_changed" (she is called so already).
  [[nodiscard]] Result<SavedEvent> name_client(const ClientId& client, const std::string& alias);
  /// Client fields (model::check_client_field), naming the heads her card shows; her card shows the new values at once.
  /// kRefused "client_unknown", "nothing_changed".
  [[nodiscard]] Result<SavedEvent> change_client(const ClientId& client, const model::FieldValues& values);
  [[nodiscard]] Result<SavedEvent> finish_follow_up(const EventId& follow_up);

  /// Every kind; left out is what model::fill_defaults fills. The record's id is the event's. kRefused "unknown_kind",
  /// "client_needed", "client_not_named_here", "day_unknown" (none is given, and the clock knows none), those of
  /// model::check_record.
  [[nodiscard]] Result<SavedEvent> add_record(const RecordDraft& draft, const DraftChange& change = {});
  /// An own record, or one on a card. The combined values are checked when they are known (from the card, or readable
  /// here), else each new one by itself. kRefused "record_not_found", "record_retracted", "nothing_changed",
  /// "reason_needed", those of model::check_record.
  [[nodiscard]] Result<SavedEvent> change_record(const EventId& record, const std::string& reason, const model::FieldValues& values);
  /// kRefused "record_not_found", "record_retracted", "reason_needed".
  [[nodiscard]] Result<SavedEvent> retract_record(const EventId& record, const std::string& reason);
  struct NamedRecord {
    EventId id;
    std::string kind;
  };
  /// As find_contact. kRefused "record_not_found", "record_ambiguous" {candidates}, "id_invalid".
  [[nodiscard]] Result<NamedRecord> find_record(std::string_view hex);
  /// What is on the cards and what is still readable, own changes applied. Those retracted are among them, as such.
  [[nodiscard]] Result<RecordList> records();
  /// The same of one woman, out of what was read just now.
  [[nodiscard]] Result<RecordList> records_of(const std::string& client_id, const ReadableEntries& read);

  /// Her tally of visits of a day; nothing when none were counted, and in strict mode, where nobody can add up here.
  [[nodiscard]] Result<std::optional<VisitTally>> visits_of(const std::string& day);
  /// More or fewer: one record a day grows. Errors: those of add_record and change_record.
  [[nodiscard]] Result<SavedEvent> count_visits(const std::string& day, int delta, const std::string& reason);

  /// An own contact by its id in hex, or a beginning of at least kEventPrefixDigitsMin digits that fits only one. Where
  /// nothing readable is kept, a whole id is taken as it is.
  /// kRefused "event_unknown", "event_ambiguous" {candidates}, "id_invalid".
  [[nodiscard]] Result<EventId> find_contact(std::string_view hex);

  /// What is still readable: the open round and the desk. On damage: what lies before it, with the error.
  [[nodiscard]] Result<ReadableEntries> readable();
  /// Own follow-ups that are not done: from the cards and from what is readable, by date.
  [[nodiscard]] Result<std::vector<FollowUpView>> follow_ups();
  [[nodiscard]] Result<std::vector<FollowUpView>> follow_ups(const ReadableEntries& read);

  /// This user's open round.
  [[nodiscard]] Result<std::optional<RoundId>> open_round();

 private:
  [[nodiscard]] Status note_unlock();
  [[nodiscard]] Status drop_kept();
  struct Standing {
    std::optional<RoundKey> round;
    std::optional<RoundKey> desk;
  };
  // One commit in the making.
  struct Commit {
    std::vector<Bytes> events;
    std::vector<journal::Companion> companions;
  };
  [[nodiscard]] Result<Standing> standing();
  [[nodiscard]] model::Event new_event(const Standing& standing) const;
  [[nodiscard]] Result<EventId> add(Commit& commit, const model::Event& event) const;
  /// Seals under the round, else the desk, which is opened when there is none.
  [[nodiscard]] Result<std::vector<journal::Saved>> save(Standing& standing, Commit& commit);
  [[nodiscard]] Result<std::vector<journal::Saved>> save_all_under(const journal::SealKey& key, const Commit& commit);
  /// Under this unlock's own key, without what would be readable.
  [[nodiscard]] Result<std::vector<journal::Saved>> save_closed(Commit& commit);
  /// Under the round's key, or closed; `companions` stay in either case.
  [[nodiscard]] Result<std::vector<journal::Saved>> save_in_round(const RoundKey& round, const Commit& commit);
  [[nodiscard]] Status needs_lease() const { return user_.access.lease_ended ? refused("lease_ended") : Status{}; }
  [[nodiscard]] Result<RoundKey> fresh_key(bool desk);
  [[nodiscard]] Result<ClientId> plan_client(Commit& commit, const Standing& standing, const NewClient& client) const;
  [[nodiscard]] Result<EventId> plan_follow_up(Commit& commit, const Standing& standing, const FollowUpDraft& draft,
                                               const std::string& client, const EventId& contact) const;
  [[nodiscard]] Result<pb::ContactHeads> own_heads(const EventId& contact);
  [[nodiscard]] const model::pb::CardContact* card_heads(const EventId& contact, std::string* client = nullptr) const;

  // What is known of a record that may be changed, and where that is kept.
  struct KnownRecord {
    pb::ContactHeads heads;
    Bytes companion_key;
    const model::pb::CardRecord* on_card = nullptr;
  };
  [[nodiscard]] Result<KnownRecord> known_record(const EventId& record);
  [[nodiscard]] const model::pb::CardRecord* card_record(const EventId& record, std::string* client = nullptr) const;
  [[nodiscard]] Result<RecordView> view_of(const model::pb::CardRecord& record, const std::string& client,
                                           const ReadableEntries& read);
  [[nodiscard]] Status check_change(const EventId& record, const model::RecordKind& kind, const model::FieldValues& values);
  [[nodiscard]] const CaseCard* card_of(const ClientId& client) const;
  /// The draft goes in this commit; finish_closing() is owed once it is saved.
  static void drop_with(Commit& commit, const DraftId& draft);
  [[nodiscard]] Status note_visits(Commit& commit, const std::string& kind, const EventId& record, const model::FieldValues& values);
  [[nodiscard]] Result<RecordList> gather_records(const std::vector<const CaseCard*>& cards, const std::vector<RecordView>& here,
                                                  const ReadableEntries& read);

  journal::Journal& journal_;
  const UnlockedUser& user_;
  const ServerFacts& server_;
  const Clock& clock_;
  const std::vector<CaseCard>& cards_;
  const model::OwnCodes* own_codes_;
};

/// Every user's desk ends: after a sync in which everything was received. Needs no PIN. Then finish_closing().
[[nodiscard]] Status end_all_desks(journal::Journal& journal);

}  // namespace lantaarn::firmware

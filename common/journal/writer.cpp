#include <algorithm>

#include "common/journal/state.hpp"

namespace lantaarn::journal {

Status apply_companions(database::Statement& put, database::Statement& remove, const std::vector<Companion>& companions) {
  for (const Companion& companion : companions) {
    database::Statement& statement = companion.value.empty() ? remove : put;
    statement.bind(1, companion.kind).bind(2, companion.key);
    if (!companion.value.empty()) statement.bind(3, companion.value);
    LANTAARN_TRY(statement.run());
  }
  return {};
}

namespace {

// Decides where signatures fall: at the end, and before a run outgrows one batch.
class RunLimit {
 public:
  /// True when the entry before this one must be signed for this one to fit in the next batch.
  [[nodiscard]] bool must_sign_before(std::size_t entry_bytes) {
    const std::size_t bytes = batch_record_bytes(entry_bytes, true);
    if (entries_ != 0 && (bytes_ + bytes > kBatchBytesMax || entries_ == kBatchEntriesMax)) {
      bytes_ = 0;
      entries_ = 0;
      bytes_ += bytes;
      ++entries_;
      return true;
    }
    bytes_ += bytes;
    ++entries_;
    return false;
  }

 private:
  std::size_t bytes_ = 0;
  std::size_t entries_ = 0;
};

struct Pending {
  Bytes entry;
  Position at;
};

Companion companion_of(const KnownAuthor& author) {
  Bytes key = to_bytes(author.id.view());
  append(key, author.key);
  return {kAuthorCompanion, std::move(key), Bytes{1}};
}

Bytes told_key(const Sealing& sealing) {
  Bytes told = to_bytes(sealing.key.id.view());
  append_le(told, sealing.server_sealing_key_number);
  return told;
}

}  // namespace

void Journal::on_full_disk(std::function<bool()> make_room) { state_->make_room = std::move(make_room); }

// Nothing of a commit that found the disk full is there: it can be made again once there is room.
Result<std::vector<Saved>> Journal::save(const std::vector<ByteView>& events, const Author& author, const Sealing& sealing,
                                         const std::vector<Companion>& companions) {
  auto saved = save_once(events, author, sealing, companions);
  const bool is_full = !saved.ok() && saved.error().code == "disk_full" && state_->make_room;
  if (is_full && state_->make_room()) return save_once(events, author, sealing, companions);
  return saved;  // moved: what is durable must not fail for want of memory on its way out
}

Status Journal::save_companions(const std::vector<Companion>& companions) {
  Status saved = save_companions_once(companions);
  const bool is_full = !saved.ok() && saved.error().code == "disk_full" && state_->make_room;
  return is_full && state_->make_room() ? save_companions_once(companions) : saved;
}

Result<std::vector<Saved>> Journal::save_once(const std::vector<ByteView>& events, const Author& author, const Sealing& sealing,
                                              const std::vector<Companion>& companions) {
  State& state = *state_;
  if (events.empty() || events.size() > kBatchEntriesMax) return bug("journal: a commit holds 1 to 500 events");
  Position head = state.head;
  const Bytes told = told_key(sealing);
  const bool new_key = state.last_seal_key != told;
  std::vector<Saved> saved;
  saved.reserve(events.size());
  std::optional<Pending> pending;
  RunLimit limit;

  LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(state.database));
  const auto store = [&](const Pending& entry, bool is_signed) -> Status {
    state.insert_entry.bind(1, place_of(state.log_ref, entry.at.seq)).bind_static(2, entry.entry);
    crypto::Signature signature;
    if (is_signed) {
      signature = sign_head(author.key, state.device, state.log, entry.at.seq, entry.at.hash);
      state.insert_entry.bind_static(3, signature);
    } else {
      state.insert_entry.bind_null(3);
    }
    return state.insert_entry.run();
  };
  for (const ByteView event : events) {
    if (event.size() > kEventBytesMax) return bug("journal: event too large");
    EntryHeader header{sealing.epoch, head.seq + 1, state.device, state.log, author.id, sealing.key.id, head.hash, 0};
    Bytes box;
    if (new_key && saved.empty()) {
      header.sealing_key = sealing.server_sealing_key_number;
      box = make_seal_key_box(sealing.key, state.device, state.log, sealing.server_sealing_key);
    }
    Bytes entry = seal_entry(header, box, sealing.key, event);
    head = {header.seq, entry_hash(entry)};
    const bool sign_previous = limit.must_sign_before(entry.size());
    if (pending) LANTAARN_TRY(store(*pending, sign_previous));
    pending = Pending{std::move(entry), head};
    saved.push_back({state.log, head.seq});
  }
  LANTAARN_TRY(store(*pending, true));
  LANTAARN_TRY(state.update_head.bind(1, static_cast<std::int64_t>(head.seq))
                   .bind(2, head.hash)
                   .bind(3, told)
                   .bind(4, state.log_ref)
                   .run());
  LANTAARN_TRY(apply_companions(state.put_companion, state.remove_companion, companions));
  const KnownAuthor signer{author.id, author.key.verify_key()};
  const bool new_author = std::find(state.authors.begin(), state.authors.end(), signer) == state.authors.end();
  if (new_author) LANTAARN_TRY(apply_companions(state.put_companion, state.remove_companion, {companion_of(signer)}));
  // Once it is durable nothing may fail any more, not even for want of memory.
  state.authors.reserve(state.authors.size() + 1);
  Bytes seal_key = told;
  LANTAARN_TRY(transaction.commit());
  if (new_author) state.authors.push_back(signer);
  state.head = head;
  state.last_seal_key = std::move(seal_key);
  return saved;
}

Status Journal::save_companions_once(const std::vector<Companion>& companions) {
  LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(state_->database));
  LANTAARN_TRY(apply_companions(state_->put_companion, state_->remove_companion, companions));
  return transaction.commit();
}

}  // namespace lantaarn::journal

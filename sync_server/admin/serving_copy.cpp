// Serving's second copy: told what was written, asked for backups, waited for where a decision is done only with it.
#include <poll.h>

#include <boost/json.hpp>

#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/key_rotation.hpp"
#include "sync_server/admin/serving.hpp"

namespace lantaarn::server::admin {
namespace {

/// How long who decides something waits to hear that the second copy has it.
constexpr std::int64_t kShipPatienceMs = 5000;
constexpr int kLastShipMs = 5000;
/// What could not be written down is tried again after this.
constexpr std::int64_t kNoteAgainMs = 5000;

}  // namespace

Status Serving::start_second_copy() {
  told_.reset();
  LANTAARN_ASSIGN(const auto target, backup::stored_target(context_.registry));
  // Two that write one target would meet there; for two targets none waits for the other, which may hang.
  if (second_copy_ && target && second_copy_->state().where != target->path) second_copy_->leave();
  second_copy_.reset();
  if (!target) return {};
  LANTAARN_ASSIGN(crypto::Key data_key, backup::data_key_of(context_.registry));
  second_copy_ = std::make_unique<SecondCopy>(context_.folder, std::move(data_key), *target, context_.clock);
  return {};
}

Result<Serving::Written> Serving::written() {
  LANTAARN_ASSIGN(const auto own, context_.registry.own_head());
  LANTAARN_ASSIGN(const KeysVersion keys, context_.registry.keys_version());
  return Written{own ? own->second.seq : 0, keys.changed, handhelds_.inbox_id()};
}

Status Serving::tell_second_copy() {
  if (!second_copy_) return {};
  const auto now = written();
  if (!now.ok()) return is_passing(now.error()) ? Status() : Status(now.error());
  if (told_ == *now) return {};
  told_ = *now;
  second_copy_->poke();
  return {};
}

// A full disk here does not undo what stands at the target: it is kept, and noted later.
Status Serving::note_copy_news(const std::string& where) {
  if (unnoted_.empty() || (note_again_ms_ && monotonic_ms() < *note_again_ms_)) return {};
  note_again_ms_.reset();
  if (!unnoted_.secured.empty()) look_soon();  // what is secured need not lie in the inbox
  const Status noted = note_news(context_, where, unnoted_);
  if (!noted.ok()) note_again_ms_ = monotonic_ms() + kNoteAgainMs;
  return noted;
}

Status Serving::attend_second_copy() {
  if (!second_copy_) return {};
  unnoted_.add(second_copy_->attend());
  const SecondCopyState state = second_copy_->state();
  if (state.trouble != copy_trouble_) {
    copy_trouble_ = state.trouble;
    log_(state.trouble.empty() ? "second copy: up to date again" : "second copy: not written, tried again: " + state.trouble);
  }
  Status noted = note_copy_news(state.where);
  release_shipped(false);
  if (noted.ok()) noted = bring_into_force();
  if (noted.ok()) return {};
  log_("second copy: not noted: " + noted.error().to_log_line());
  return is_passing(noted.error()) ? Status() : noted;
}

// What is destroyed here is destroyed there too once its keyring was written anew.
bool Serving::second_copy_has_keys() {
  if (!second_copy_) return true;
  const auto now = written();
  return now.ok() && second_copy_->state().keys >= now->keys;
}

// A key that only this disk holds must not be told to handhelds: what they seal to it would be lost with the disk, and an
// authority they follow could not be put back. So it is made first, and comes into force when the second copy holds it.
Status Serving::begin_rotation(CallerId caller, const Arguments& request) {
  Context context = server_.context();
  LANTAARN_TRY(identify(context, request));
  LANTAARN_ASSIGN(const KeyKind kind, key_kind(request.one("kind")));
  LANTAARN_TRY(check_rotatable(context, kind));
  LANTAARN_TRY(prepare_key(context.registry, kind));
  LANTAARN_ASSIGN(const Written now, written());
  key_waits_.push_back({caller, request, kind, now.keys, monotonic_ms() + kShipPatienceMs});
  return {};
}

// A server that ended, or was put back, between the two.
Status Serving::take_up_prepared_keys() {
  for (const KeyKind kind : kKeyKinds) {
    LANTAARN_ASSIGN(const auto prepared, prepared_key(context_.registry, kind));
    if (!prepared) continue;
    LANTAARN_ASSIGN(const Written now, written());
    key_waits_.push_back({0, {}, kind, now.keys, INT64_MAX});
  }
  return second_copy_ ? Status() : bring_into_force();
}

Status Serving::bring_into_force() {
  const std::uint64_t shipped = second_copy_ ? second_copy_->state().keys : UINT64_MAX;
  const bool reachable = !second_copy_ || second_copy_->state().reachable;
  const auto is_over = [&](const KeyWait& wait) {
    return shipped >= wait.keys || (wait.caller != 0 && (!reachable || monotonic_ms() >= wait.deadline_ms));
  };
  std::vector<KeyWait> over;
  for (auto wait = key_waits_.begin(); wait != key_waits_.end();) {
    if (!is_over(*wait)) {
      ++wait;
      continue;
    }
    over.push_back(std::move(*wait));
    wait = key_waits_.erase(wait);
  }
  for (const KeyWait& wait : over) {
    LANTAARN_ASSIGN(const auto prepared, prepared_key(context_.registry, wait.kind));
    if (shipped < wait.keys) {
      control_.answer(wait.caller, refused("key_waits_for_copy"));
    } else if (second_copy_ && !prepared) {
      // Somebody else asked for the same: that one came into force. Another would be one that only this disk holds.
      if (wait.caller != 0) control_.answer(wait.caller, refused("nothing_changed"));
    } else if (wait.caller != 0) {
      run_request(wait.caller, wait.request);
    } else {
      const auto made = rotate_key(context_, wait.kind);
      if (!made.ok() && made.error().kind == ErrorKind::kRefused) {
        log_("key " + std::string(name_of(wait.kind)) + " not taken up: " + made.error().code);
        continue;
      }
      if (!made.ok()) return made.error();
      keys_due_ = true;
      log_("key " + std::string(name_of(wait.kind)) + " " + std::to_string(made->number) + " came into force");
    }
  }
  return {};
}

void Serving::answer_once_shipped(CallerId caller, Output output) {
  const auto now = written();
  if (!second_copy_ || !now.ok()) {
    say_shipped(output, second_copy_ ? IsShipped::kNotYet : IsShipped::kNoTarget);
    return control_.answer(caller, output);
  }
  ship_waits_.push_back({caller, std::move(output), now->own_seq, now->keys, monotonic_ms() + kShipPatienceMs});
}

void Serving::release_shipped(bool at_end) {
  if (ship_waits_.empty() || !second_copy_) return;
  const SecondCopyState state = second_copy_->state();
  std::erase_if(ship_waits_, [&](ShipWait& wait) {
    const bool shipped = state.own_seq >= wait.own_seq && state.keys >= wait.keys;
    if (!shipped && !at_end && state.reachable && monotonic_ms() < wait.deadline_ms) return false;
    say_shipped(wait.output, shipped ? IsShipped::kYes : IsShipped::kNotYet);
    control_.answer(wait.caller, wait.output);
    return true;
  });
}

void Serving::finish_second_copy() {
  if (!second_copy_) return;
  static_cast<void>(tell_second_copy());
  const auto until = monotonic_ms() + kLastShipMs;
  while (!ship_waits_.empty() && monotonic_ms() < until) {
    pollfd polled{second_copy_->descriptor(), POLLIN, 0};
    ::poll(&polled, 1, static_cast<int>(until - monotonic_ms()));
    static_cast<void>(attend_second_copy());
  }
  release_shipped(true);
  note_again_ms_.reset();  // there is no later
  static_cast<void>(attend_second_copy());
  second_copy_.reset();
}

// What takes long, or must not meet a backup that is being written, is done by the one who writes them.
bool Serving::on_backup_request(CallerId caller, const Arguments& arguments) {
  const bool is_create = arguments.command == "backup create";
  const bool is_prune = arguments.command == "backup prune";
  const bool is_status = arguments.command == "backup status";
  const bool is_init = arguments.command == "backup init";
  if (!is_create && !is_prune && !is_status && !is_init) return false;
  Context context = server_.context();
  const auto answer = [this, caller](const Answer& given) {
    control_.answer(caller, given);
    return true;
  };
  if (is_init) {
    const Answer made = run_command(context, arguments);
    const Status started = made.ok() ? start_second_copy() : Status();
    return answer(started.ok() ? made : Answer(started.error()));
  }
  if (const Status allowed = identify(context, arguments); !allowed.ok()) return answer(allowed.error());
  if (is_status) return answer(backup_status(context, second_copy_ ? std::optional(second_copy_->state()) : std::nullopt));
  if (!second_copy_) return answer(refused("backup_no_target"));
  if (is_create) {
    second_copy_->create([this, caller, where = second_copy_->state().where](const Result<backup::Shipping::Backup>& made) {
      control_.answer(caller, made.ok() ? Answer(made_document(made->made, where)) : Answer(made.error()));
    });
    return true;
  }
  const auto keep = backups_to_keep(arguments);
  if (!keep.ok()) return answer(keep.error());
  second_copy_->prune(*keep, [this, caller](const Result<backup::Pruned>& pruned) {
    control_.answer(caller, pruned.ok() ? Answer(pruned_document(*pruned)) : Answer(pruned.error()));
  });
  return true;
}

}  // namespace lantaarn::server::admin

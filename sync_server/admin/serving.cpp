#include "sync_server/admin/serving.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>

#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/erasure.hpp"
#include "sync_server/admin/health.hpp"
#include "sync_server/admin/metrics.hpp"

namespace lantaarn::server::admin {
namespace {

/// A merge holds everyone else up for as long as it takes; so it goes slice by slice.
constexpr std::size_t kSliceEntries = 5000;
/// While somebody clicks: about 30 ms.
constexpr std::size_t kSmallSliceEntries = 500;
constexpr int kStartPatienceMs = 20'000;
constexpr int kEndPatienceMs = 10'000;
constexpr int kDrainMs = 2000;
/// What is merged is news for a handheld's next session only: it waits for a moment to be told together.
constexpr std::int64_t kNewsDelayMs = 250;
/// After a failed merge; doubles.
constexpr std::int64_t kFirstPauseMs = 500;
constexpr std::int64_t kPauseMaxMs = 60'000;

using SteadyClock = std::chrono::steady_clock;

int left_ms(SteadyClock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - SteadyClock::now()).count();
  return static_cast<int>(std::max<std::int64_t>(left, 0));
}

// Also when it was refused in the end: what could not be forgotten yet may be destroyed all the same.
bool changes_keys(const std::string& command) { return command == "key rotate" || command == "key destroy"; }
bool changes_devices(const std::string& command) { return command == "user add" || command.starts_with("device "); }

Error start_error(const ipc::StartFailed& failed) {
  Error error = retry(failed.code());
  if (!failed.detail().empty()) error.args = {failed.detail()};
  return error;
}

}  // namespace

EndSignal::EndSignal() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGTERM);
  ::sigaddset(&set, SIGINT);
  ::sigprocmask(SIG_BLOCK, &set, &before_);
  descriptor_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

EndSignal::~EndSignal() {
  // Taken, else it would end the process once it is let through again.
  signalfd_siginfo taken{};
  while (::read(descriptor_, &taken, sizeof taken) > 0) {
  }
  ::close(descriptor_);
  ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

Result<std::optional<channel::Address>> wait_for_gateway(GatewayLink& gateway, const EndSignal& end) {
  const auto until = SteadyClock::now() + std::chrono::milliseconds(kStartPatienceMs);
  while (left_ms(until) > 0) {
    pollfd polled[] = {{end.descriptor(), POLLIN, 0}, {gateway.descriptor(), POLLIN, 0}};
    ::poll(polled, 2, left_ms(until));
    if (polled[0].revents != 0) return std::optional<channel::Address>();
    if (polled[1].revents == 0) continue;
    LANTAARN_TRY(gateway.receive());
    ipc::Frame frame;
    LANTAARN_ASSIGN(const bool whole, gateway.next(frame));
    if (!whole) continue;
    if (frame.has_start_failed()) return start_error(frame.start_failed());
    if (!frame.has_listening()) return reject_peer("ipc_broken");
    return std::optional(channel::Address{frame.listening().host(), static_cast<std::uint16_t>(frame.listening().port())});
  }
  return retry("gateway_died");
}

Status Serving::run(const EndSignal& end) {
  LANTAARN_ASSIGN(merged_.cursor, context_.merger.cursor(context_.inbox));
  news_due_ms_ = monotonic_ms();
  if (page_ != nullptr) {
    page_->connect([this](CallerId caller, const Arguments& request) { on_request(caller, request); });
    control_.answer_others([this](CallerId caller, const Answer& answer) { page_->answer(caller, answer); });
  }
  LANTAARN_TRY(start_second_copy());
  LANTAARN_TRY(take_up_prepared_keys());
  while (true) {
    std::vector<pollfd> polled{{end.descriptor(), POLLIN, 0}, {gateway_.descriptor(), POLLIN, 0}};
    if (second_copy_) polled.push_back({second_copy_->descriptor(), POLLIN, 0});
    control_.add_to(polled);
    if (metrics_) metrics_->add_to(polled);
    if (page_ != nullptr) page_->add_to(polled);
    ::poll(polled.data(), polled.size(), patience_ms());
    if (polled[0].revents != 0) return finish();
    if (polled[1].revents != 0) LANTAARN_TRY(attend_gateway());
    control_.attend(polled, [this](CallerId caller, const Result<Arguments>& request) { on_request(caller, request); });
    if (metrics_) metrics_->attend(polled, [this] { return metrics(); });
    // Who clicks waits for nothing but one slice of a merge.
    if (page_ != nullptr) LANTAARN_TRY(page_->attend(polled));
    if (page_ != nullptr) LANTAARN_TRY(page_->settle());
    LANTAARN_TRY(merge_if_due());
    LANTAARN_TRY(note_missed_if_due());
    LANTAARN_TRY(rescues_.advance(merged_.cursor));
    LANTAARN_TRY(attend_second_copy());
    LANTAARN_TRY(tell_second_copy());
    LANTAARN_TRY(handhelds_.answer_waiting(merged_.cursor, monotonic_ms()));
    release_barriers();
    LANTAARN_TRY(tell_devices());
    LANTAARN_TRY(tell_news());
    if (page_ != nullptr) LANTAARN_TRY(page_->settle());
  }
}

Status Serving::merge_if_due() {
  if (!has_to_merge() || is_waiting_to_try()) return {};
  const Status merged = merge_slice();
  if (merged.ok()) {
    try_again_ms_.reset();
    pause_ms_ = 0;
    return {};
  }
  if (!is_passing(merged.error())) return merged;
  pause_ms_ = std::clamp(2 * pause_ms_, kFirstPauseMs, kPauseMaxMs);
  try_again_ms_ = monotonic_ms() + pause_ms_;
  log_(log::Kind::kNotMerged, "not merged, tried again in " + std::to_string(pause_ms_) + " ms: " + merged.error().to_log_line(),
       {{"CODE", merged.error().code}, {"PAUSE_MS", std::to_string(pause_ms_)}});
  for (const Barrier& barrier : barriers_) control_.answer(barrier.caller, merged.error());
  barriers_.clear();
  return {};
}

// After what came behind it is merged, so that it counts at once.
Status Serving::note_missed_if_due() {
  if (!missed_due_ || has_to_merge()) return {};
  missed_due_ = false;
  const Status noted = note_missed(context_);
  if (noted.ok() || !is_passing(noted.error())) return noted;
  log_("missing entries not noted: " + noted.error().to_log_line());
  return {};
}

Status Serving::tell_devices() {
  if (keys_due_) {
    LANTAARN_TRY(handhelds_.keys_changed());
    keys_due_ = false;
  }
  if (!devices_due_ms_ || monotonic_ms() < *devices_due_ms_) return {};
  devices_due_ms_.reset();
  const Status told = handhelds_.devices_changed();
  if (told.ok() || !is_passing(told.error())) return told;
  devices_due_ms_ = monotonic_ms() + kFirstPauseMs;
  return {};
}

int Serving::patience_ms() const {
  if (has_to_merge() && !is_waiting_to_try()) return 0;
  auto next = handhelds_.next_deadline_ms();
  if (devices_due_ms_) next = std::min(next.value_or(*devices_due_ms_), *devices_due_ms_);
  if (note_again_ms_) next = std::min(next.value_or(*note_again_ms_), *note_again_ms_);
  if (is_waiting_to_try()) next = std::min(next.value_or(*try_again_ms_), *try_again_ms_);
  for (const KeyWait& wait : key_waits_) next = std::min(next.value_or(wait.deadline_ms), wait.deadline_ms);
  for (const ShipWait& wait : ship_waits_) next = std::min(next.value_or(wait.deadline_ms), wait.deadline_ms);
  if (page_ != nullptr && page_->deadline_ms()) next = std::min(next.value_or(*page_->deadline_ms()), *page_->deadline_ms());
  if (news_due_ms_ && !has_to_merge()) next = std::min(next.value_or(*news_due_ms_), *news_due_ms_);
  if (!next) return -1;
  return static_cast<int>(std::clamp<std::int64_t>(*next - monotonic_ms(), 0, 60'000));
}

Status Serving::attend_gateway() {
  LANTAARN_TRY(gateway_.receive());
  ipc::Frame frame;
  while (true) {
    LANTAARN_ASSIGN(const bool whole, gateway_.next(frame));
    if (!whole) return {};
    LANTAARN_ASSIGN(const bool rescued, rescues_.take(frame));
    if (rescued) continue;
    missed_due_ = missed_due_ || frame.has_down_request();
    if (frame.has_counts()) {
      facts_.take(frame.counts());
    } else {
      LANTAARN_TRY(handhelds_.take(frame));
    }
  }
}

Result<std::string> Serving::metrics() {
  LANTAARN_ASSIGN(const MetricsFacts facts, gather_metrics(context_, facts_));
  return metrics_text(facts);
}

void Serving::on_request(CallerId caller, const Result<Arguments>& request) {
  if (!request.ok()) return control_.answer(caller, request.error());
  if (request->command == "merge") return on_merge_request(caller, *request);
  if (request->command == "rescue") {
    if (const Status begun = rescues_.begin(caller, *request); !begun.ok()) control_.answer(caller, begun.error());
    return;
  }
  if (auto answer = page_command(*request)) return control_.answer(caller, *answer);
  if (on_backup_request(caller, *request)) return;
  if (request->command == "key rotate" && second_copy_) {
    if (const Status begun = begin_rotation(caller, *request); !begun.ok()) control_.answer(caller, begun.error());
    return;
  }
  run_request(caller, *request);
}

std::optional<Answer> Serving::page_command(const Arguments& request) {
  if (page_ != nullptr) return page_->run(request);
  if (!run_page_command_) return std::nullopt;
  Context context = server_.context();
  return run_page_command_(context, request);
}

void Serving::run_request(CallerId caller, const Arguments& request) {
  Context context = server_.context();
  Answer answer = request.command == "check" ? check(context, request) : run_command(context, request);
  const bool done = answer.ok();
  if (done && waits_for_shipping(request)) {
    answer_once_shipped(caller, std::move(*answer));
  } else {
    control_.answer(caller, answer);
  }
  if (done && changes_devices(request.command)) devices_due_ms_ = monotonic_ms();
  if (!changes_keys(request.command)) return;
  keys_due_ = true;
  look_soon();  // an erasure may be complete with it
}

// Here, because a running server knows more of itself than a command does.
Answer Serving::check(Context& context, const Arguments& arguments) const {
  LANTAARN_TRY(identify(context, arguments));
  return check_server(context, &facts_);
}

void Serving::on_merge_request(CallerId caller, const Arguments& arguments) {
  Context context = server_.context();
  if (Status allowed = identify(context, arguments); !allowed.ok()) return control_.answer(caller, allowed.error());
  const auto inbox_id = context.inbox.last_inbox_id();
  if (!inbox_id.ok()) return control_.answer(caller, inbox_id.error());
  barriers_.push_back({caller, std::max(*inbox_id, handhelds_.inbox_id()), merged_});
  handhelds_.inbox_reached(*inbox_id);
}

Status Serving::merge_slice() {
  const std::int64_t known = handhelds_.inbox_id();
  LANTAARN_ASSIGN(const MergeReport slice, context_.merger.merge(context_.inbox, page_ != nullptr && page_->is_in_use() ? kSmallSliceEntries : kSliceEntries));
  merged_.batches += slice.batches;
  merged_.entries += slice.entries;
  facts_.entries_merged += slice.entries;
  merged_.added += slice.added;
  merged_.set_apart += slice.set_apart;
  merged_.cursor = slice.more ? slice.cursor : std::max(slice.cursor, known);
  if (!news_due_ms_) news_due_ms_ = monotonic_ms() + kNewsDelayMs;
  return {};
}

void Serving::release_barriers() {
  std::erase_if(barriers_, [this](const Barrier& barrier) {
    if (barrier.inbox_id > merged_.cursor) return false;
    MergeReport since = merged_;
    since.batches -= barrier.before.batches;
    since.entries -= barrier.before.entries;
    since.added -= barrier.before.added;
    since.set_apart -= barrier.before.set_apart;
    control_.answer(barrier.caller, Output{merge_document(since)});
    return true;
  });
}

Status Serving::tell_news() {
  if (!news_due_ms_ || has_to_merge() || monotonic_ms() < *news_due_ms_) return {};
  news_due_ms_.reset();
  Status told = handhelds_.tell_merged();
  if (told.ok()) told = look_at_erasures();
  if (told.ok() || !is_passing(told.error())) return told;
  news_due_ms_ = monotonic_ms() + kPauseMaxMs;
  return {};
}

void Serving::look_soon() {
  erasure_pause_ms_ = kFirstPauseMs;
  const std::int64_t soon = monotonic_ms() + kNewsDelayMs;
  news_due_ms_ = std::min(news_due_ms_.value_or(soon), soon);
}

// As long as one is pending it is looked at again: the gateway prunes, and the second copy is written, beside this.
Status Serving::look_at_erasures() {
  bool pending = true;
  if (second_copy_has_keys()) {
    LANTAARN_ASSIGN(pending, complete_erasures(context_));
  }
  if (!pending) return {};
  news_due_ms_ = monotonic_ms() + erasure_pause_ms_;
  erasure_pause_ms_ = std::min(2 * erasure_pause_ms_, kPauseMaxMs);
  return {};
}

// The gateway stores what it has taken in and closes its end; then everything received is merged.
Status Serving::finish() {
  ipc::Frame shutdown;
  shutdown.mutable_shutdown();
  // A gateway that is gone already has nothing more to store: what it received is in the inbox.
  const bool is_there = gateway_.send(shutdown).ok();
  const auto until = SteadyClock::now() + std::chrono::milliseconds(kEndPatienceMs);
  while (is_there && left_ms(until) > 0) {
    pollfd polled{gateway_.descriptor(), POLLIN, 0};
    ::poll(&polled, 1, left_ms(until));
    if (polled.revents != 0 && !gateway_.receive().ok()) break;
  }
  LANTAARN_ASSIGN(const std::int64_t inbox_id, context_.inbox.last_inbox_id());
  handhelds_.inbox_reached(inbox_id);
  while (has_to_merge()) LANTAARN_TRY(merge_slice());
  release_barriers();
  finish_second_copy();
  if (page_ != nullptr) LANTAARN_TRY(page_->settle());
  control_.drain(kDrainMs);
  return {};
}

}  // namespace lantaarn::server::admin

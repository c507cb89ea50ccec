// The looking: both stores, chains, keys, space, clock. Reads only.
#include "sync_server/admin/health.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "common/crypto/random.hpp"
#include "common/database/database.hpp"
#include "common/journal/batch.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/health_copies.hpp"
#include "sync_server/inbox/reader.hpp"
#include "sync_server/merge/own_log.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr std::size_t kInboxBatches = 500;

Finding broken(const std::string& what, const Error& error) {
  return {.what = what, .health = Health::kCritical, .code = error.code, .args = error.args};
}

// On a connection of its own that never writes, beside the one that does.
Status look_through(const std::string& path) {
  database::OpenOptions options;
  options.access = database::Access::kReader;
  LANTAARN_ASSIGN(auto database, database::Database::open(path, options));
  return database.check_integrity();
}

Finding check_store(const std::string& what, const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {.what = what};  // no gateway ever ran: nothing was received
  const Status whole = look_through(path);
  return whole.ok() ? Finding{.what = what} : broken(what, whole.error());
}

// What is left of a fact that was dropped: at most its header and box (sync_server/registry/FORMAT.md).
bool is_blanked(const OwnEntry& own) { return own.entry.size() <= journal::kHeaderBytes + journal::kSealKeyBoxBytes; }

/// The server's own log from its beginning. Of a dropped fact the hash is left; the entry after it names that hash. After a
/// restore it goes on in a log that names the head of the one before; where another server's register was taken over, it
/// begins behind that one's.
class OwnLogWalk {
 public:
  explicit OwnLogWalk(const Keys& keys) : keys_(keys), device_(device_of(keys.server.id)) {}
  Status take(const OwnEntry& own) {
    if (entries_ > 0 && own.at.seq != at_.seq + 1) return broken_here();
    if (!is_blanked(own)) {
      LANTAARN_ASSIGN(const auto entry, journal::parse_entry(own.entry));
      const auto& header = entry.header;
      const bool whole = journal::entry_hash(own.entry) == own.at.hash && header.device == device_ && header.seq == own.at.seq;
      if (!whole || !follows(header)) return broken_here();
      log_ = header.log;
      if (const crypto::BoxKey* sealing = entry.box.empty() ? nullptr : sealing_key(header.sealing_key)) {
        LANTAARN_TRY(journal::open_seal_key_box(*sealing, entry.box, device_, log_, header.seal_key));
      }
    }
    at_ = own.at;
    signature_ = own.signature;
    ++entries_;
    return {};
  }
  /// The last signature covers everything before it.
  [[nodiscard]] bool is_signed() const {
    const auto signed_by = [this](const crypto::VerifyKey& key) { return journal::verify_head(key, device_, log_, at_.seq, at_.hash, signature_); };
    // The last entry may be the one that made the newest key: the one before signed it.
    return at_.seq == 0 || signed_by(keys_.authority.verify_key()) || (!keys_.former_authority.empty() && signed_by(keys_.former_authority.back()));
  }
  [[nodiscard]] std::uint64_t entries() const { return entries_; }
  [[nodiscard]] std::uint64_t last_seq() const { return at_.seq; }

 private:
  [[nodiscard]] Error broken_here() const { return corrupt("chain_broken", {std::to_string(at_.seq + 1)}); }
  [[nodiscard]] bool follows(const journal::EntryHeader& header) const {
    if (entries_ > 0 && (log_.is_zero() || header.log == log_)) return header.previous == at_.hash;
    if (entries_ == 0 && header.seq > 1) return true;  // what is before it is another server's
    return header.previous == journal::genesis_hash({device_, header.log, log_, at_.seq, entries_ == 0 ? Hash{} : at_.hash});
  }
  // Null: destroyed, and with reason.
  [[nodiscard]] const crypto::BoxKey* sealing_key(std::uint32_t number) const {
    if (number == keys_.sealing_number) return &keys_.sealing;
    const auto former = keys_.former_sealing.find(number);
    return former == keys_.former_sealing.end() ? nullptr : &former->second;
  }
  const Keys& keys_;
  DeviceId device_;
  LogId log_;
  journal::Position at_;
  crypto::Signature signature_{};
  std::uint64_t entries_ = 0;
};

Finding check_own_log(Context& context) {
  const auto head = context.registry.own_head();
  if (!head.ok()) return broken("own_log", head.error());
  if (!*head) return {.what = "own_log", .numbers = {{"entries", 0}}};
  OwnLogWalk walk(context.keys);
  const Status walked = context.registry.own_entries(1, [&](const OwnEntry& own) { return walk.take(own); });
  if (!walked.ok()) return broken("own_log", walked.error());
  Finding finding{.what = "own_log", .numbers = {{"entries", static_cast<std::int64_t>(walk.entries())}}};
  if (walk.is_signed() && walk.last_seq() == (*head)->second.seq) return finding;
  finding.health = Health::kCritical;
  finding.code = "signature_wrong";
  return finding;
}

struct InboxWalk {
  std::int64_t entries = 0;
  std::int64_t latest_ms = 0;
  std::map<std::int64_t, std::int64_t> received_ms;  // of batches past the cursor
  std::optional<std::int64_t> oldest_unsecured_ms;
};

// What was merged from there was there once.
Finding check_inbox_store(Context& context) {
  Finding finding = check_store("inbox_store", context.folder.inbox());
  if (finding.health != Health::kFine) return finding;
  const auto merged = context.registry.cursor();
  const auto last = context.inbox.last_inbox_id();
  if (!merged.ok()) return broken("inbox_store", merged.error());
  if (!last.ok()) return broken("inbox_store", last.error());
  if (*merged <= *last) return finding;
  return {.what = "inbox_store", .health = Health::kCritical, .code = "inbox_lost", .numbers = {{"missing_batches", *merged - *last}}};
}

// Each batch as the gateway checked it, but for signatures: the registry checked those again when it merged.
Status walk_batch(const inbox::InboxBatch& batch, InboxWalk& walk) {
  LANTAARN_ASSIGN(const auto items, journal::parse_batch(batch.bytes));
  const auto& first = items.front().entry.header;
  journal::ChainVerifier chain(batch.log.device, batch.log.log, {first.seq - 1, first.previous});
  for (const auto& item : items) LANTAARN_TRY(chain.advance(item.entry));
  if (!(chain.at() == batch.last)) return corrupt("chain_broken");
  walk.entries += static_cast<std::int64_t>(items.size());
  walk.latest_ms = std::max(walk.latest_ms, batch.received_ms);
  return {};
}

bool is_secured(const inbox::InboxBatch& batch, const SecuredLogs& secured) {
  const auto log = secured.find({batch.log.device, batch.log.log});
  return log != secured.end() && batch.last.seq <= log->second;
}

Result<InboxWalk> walk_inbox(const std::string& path, std::int64_t cursor, const SecuredLogs& secured) {
  InboxWalk walk;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return walk;
  LANTAARN_ASSIGN(auto reader, inbox::InboxReader::open(path));
  std::int64_t after = 0;
  for (;;) {
    LANTAARN_ASSIGN(const auto batches, reader.read_after(after, kInboxBatches));
    if (batches.empty()) return walk;
    for (const auto& batch : batches) {
      LANTAARN_TRY(walk_batch(batch, walk));
      if (batch.inbox_id > cursor) walk.received_ms[batch.inbox_id] = batch.received_ms;
      if (!is_secured(batch, secured)) {
        walk.oldest_unsecured_ms = std::min(walk.oldest_unsecured_ms.value_or(batch.received_ms), batch.received_ms);
      }
      after = batch.inbox_id;
    }
  }
}

// What is sealed to the public halves that handhelds were told opens here, what is signed verifies.
bool keys_work(const Keys& keys) {
  const auto chance = crypto::random_secret<crypto::Key::kBytes>();
  const auto opened = keys.sealing.open(crypto::seal_to(keys.sealing.public_key(), chance.view()));
  const crypto::SignKey receipt(keys.receipt_seed);
  const auto verifies = [&](const crypto::SignKey& key) {
    return crypto::verify(key.verify_key(), "lantaarn check v1", chance.view(), key.sign("lantaarn check v1", chance.view()));
  };
  const bool distinct = receipt.verify_key() != keys.authority.verify_key() && crypto::dh_public(keys.channel) != crypto::DhPublicKey{};
  return opened && crypto::equal(opened->view(), chance.view()) && verifies(receipt) && verifies(keys.authority) && distinct;
}

Finding check_keys(const Context& context) {
  if (keys_work(context.keys)) return {.what = "keys"};
  return {.what = "keys", .health = Health::kCritical, .code = "keys_wrong"};
}

Finding check_space(const Folder& folder) {
  struct statvfs disk {};
  if (::statvfs(folder.root.c_str(), &disk) != 0) return broken("space", storage_error("disk_error", {"."}));
  return judge_space(static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize));
}

std::int64_t last_own_ms(Context& context) {
  const auto head = context.registry.own_head();
  if (!head.ok() || !*head) return 0;
  const auto last = context.registry.entries_of_log(device_of(context.keys.server.id), (*head)->first, (*head)->second.seq);
  return last.ok() && !last->empty() ? last->back().received_ms : 0;
}

}  // namespace

Answer check_server(Context& context, const ServingFacts* serving) {
  const std::int64_t now_ms = context.clock.now().wall_ms;
  std::vector<Finding> findings{check_store("registry_store", context.folder.registry_database()),
                                check_inbox_store(context), check_own_log(context), check_keys(context),
                                check_space(context.folder)};
  std::int64_t latest_ms = last_own_ms(context);
  LANTAARN_ASSIGN(const std::int64_t cursor, context.merger.cursor(context.inbox));
  LANTAARN_ASSIGN(const auto devices, context.registry.devices());
  LANTAARN_ASSIGN(const SecuredLogs secured, secured_logs(context.registry, devices));
  const auto walk = walk_inbox(context.folder.inbox(), cursor, secured);
  if (walk.ok()) {
    findings.push_back({.what = "inbox_chains", .numbers = {{"entries", walk->entries}}});
    const auto waiting = static_cast<std::int64_t>(walk->received_ms.size());
    findings.push_back(judge_merge(now_ms, waiting, waiting == 0 ? 0 : walk->received_ms.begin()->second));
    findings.push_back(judge_secured(now_ms, walk->oldest_unsecured_ms));
    latest_ms = std::max(latest_ms, walk->latest_ms);
  } else {
    findings.push_back(broken("inbox_chains", walk.error()));
  }
  findings.push_back(judge_clock(now_ms, latest_ms));
  findings.push_back(judge_handhelds(now_ms, devices));
  LANTAARN_ASSIGN(const auto directives, waiting_directives_ms(context.registry));
  findings.push_back(judge_directives(now_ms, directives));
  LANTAARN_ASSIGN(const auto last_backup, last_backup_ms(context.registry));
  findings.push_back(judge_backup(now_ms, last_backup));
  if (serving != nullptr) findings.push_back(judge_confinement(*serving));
  return Output{health_document(findings, now_ms)};
}

Answer glance_at_server(Context& context, const ServingFacts* serving) {
  const std::int64_t now_ms = context.clock.now().wall_ms;
  std::vector<Finding> findings{check_keys(context), check_space(context.folder)};
  LANTAARN_ASSIGN(const std::int64_t cursor, context.merger.cursor(context.inbox));
  LANTAARN_ASSIGN(const std::int64_t last, context.inbox.last_inbox_id());
  std::int64_t oldest_ms = 0;
  if (last > cursor) {
    LANTAARN_ASSIGN(const auto waiting, context.inbox.read_after(cursor, 1));
    oldest_ms = waiting.empty() ? 0 : waiting.front().received_ms;
  }
  findings.push_back(judge_merge(now_ms, std::max<std::int64_t>(last - cursor, 0), oldest_ms));
  findings.push_back(judge_clock(now_ms, last_own_ms(context)));
  LANTAARN_ASSIGN(const auto devices, context.registry.devices());
  findings.push_back(judge_handhelds(now_ms, devices));
  LANTAARN_ASSIGN(const auto directives, waiting_directives_ms(context.registry));
  findings.push_back(judge_directives(now_ms, directives));
  LANTAARN_ASSIGN(const auto last_backup, last_backup_ms(context.registry));
  findings.push_back(judge_backup(now_ms, last_backup));
  if (serving != nullptr) findings.push_back(judge_confinement(*serving));
  return Output{health_document(findings, now_ms)};
}

}  // namespace lantaarn::server::admin

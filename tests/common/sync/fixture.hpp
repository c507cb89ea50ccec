#pragma once
// Two ends of a session without journal, inbox or channel: entries are a text and its place in a chain.

#include <catch2/catch.hpp>
#include <algorithm>
#include <set>

#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"
#include "common/sync/message.hpp"
#include "common/sync/receiver.hpp"
#include "common/sync/sender.hpp"

namespace lantaarn::sync {

inline Hash chain_hash(const Hash& previous, const std::string& text) { return crypto::blake2b_256({previous, as_bytes(text)}); }

/// A log as a list of texts. A batch: repeated [u16 length ‖ text], before it u64 first seq ‖ previous hash.
struct TextLog {
  LogId id = crypto::random_id<LogId>();
  std::vector<std::string> texts;
  [[nodiscard]] Hash hash_at(std::uint64_t seq) const {
    Hash hash = crypto::blake2b_256({id.view()});
    for (std::uint64_t i = 0; i < seq; ++i) hash = chain_hash(hash, texts[i]);
    return hash;
  }
  [[nodiscard]] Place head() const { return {texts.size(), hash_at(texts.size())}; }
};

class TextSource : public SenderSource {
 public:
  std::vector<TextLog> kept{TextLog{}};
  std::size_t batch_entries = 3;
  std::map<LogId, Place> received;
  std::map<LogId, std::uint64_t> sent, merged, fork_noted;
  std::map<LogId, std::pair<Place, Bytes>> secured;
  std::map<LogId, Place> pruned;
  std::vector<LogId> diverged;
  int receipts_recorded = 0;

  TextLog& find(const LogId& log) {
    return *std::find_if(kept.begin(), kept.end(), [&](const TextLog& one) { return one.id == log; });
  }
  void save(const std::string& text) { kept.back().texts.push_back(text); }

  Result<std::vector<SourceLog>> logs() override {
    std::vector<SourceLog> logs;
    for (const TextLog& log : kept) logs.push_back({{log.id, {}, {}}, log.head(), received[log.id], fork_noted[log.id], pruned[log.id]});
    return logs;
  }
  Result<Hash> hash_at(const LogId& log, std::uint64_t seq) override {
    if (seq > find(log).texts.size() || (seq != 0 && seq < pruned[log].seq)) return refused("entry_unknown");
    return find(log).hash_at(seq);
  }
  Result<OutgoingBatch> read_batch(const LogId& id, std::uint64_t from) override {
    const TextLog& log = find(id);
    if (from <= pruned[id].seq) return refused("entry_pruned");
    if (from > log.texts.size()) return OutgoingBatch{};
    const std::uint64_t last = std::min<std::uint64_t>(log.texts.size(), from + batch_entries - 1);
    OutgoingBatch batch{{}, last - from + 1, {last, log.hash_at(last)}};
    append_le(batch.bytes, from);
    append(batch.bytes, log.hash_at(from - 1));
    for (std::uint64_t seq = from; seq <= last; ++seq) {
      append_le(batch.bytes, static_cast<std::uint16_t>(log.texts[seq - 1].size()));
      append(batch.bytes, as_bytes(log.texts[seq - 1]));
    }
    return batch;
  }
  Status record_sent(const LogId& log, std::uint64_t seq) override {
    sent[log] = std::max(sent[log], seq);
    return {};
  }
  Status record_received(const LogId& log, const Place& through, ByteView) override {
    if (through.seq > received[log].seq) received[log] = through;
    ++receipts_recorded;
    return {};
  }
  Status record_merged(const LogId& log, std::uint64_t seq) override {
    merged[log] = std::max(merged[log], seq);
    return {};
  }
  Status record_secured(const LogId& log, const Place& through, ByteView signed_statement) override {
    secured[log] = {through, to_bytes(signed_statement)};
    return {};
  }
  Result<Bytes> secured_statement(const LogId& log) override { return secured[log].second; }
  /// What a handheld does once it is secured: those texts are gone.
  void prune(const LogId& log) { pruned[log] = secured[log].first; }
  Status record_fork_noted(const LogId& log, std::uint64_t seq) override {
    fork_noted[log] = seq;
    return {};
  }
  Status log_diverged(const LogId& log) override {
    if (diverged.empty() || diverged.back() != log) diverged.push_back(log);
    if (kept.back().id == log) kept.push_back(TextLog{});
    return {};
  }
};

/// What the server holds durably: the first branch of each log, and how many entries came by another one.
class TextInbox {
 public:
  std::map<LogId, Anchor> anchors;
  std::map<LogId, std::vector<Place>> beyond;  ///< what came behind an anchor

  std::map<LogId, std::vector<std::string>> logs;
  std::map<LogId, std::map<std::uint64_t, std::string>> others;  ///< by another branch, by their place in it

  [[nodiscard]] Place received(const LogId& id) {
    if (anchors.contains(id)) return beyond[id].empty() ? anchors[id].at : beyond[id].back();
    const TextLog log{id, logs[id]};
    return log.texts.empty() ? Place{} : log.head();
  }
  StoreResult store_anchor(const Store& action) {
    anchors[action.log.log] = *action.anchor;
    return {action.token, Stored::kMain, action.anchor->at, {}};
  }
  StoreResult store_beyond(const Store& action, std::uint64_t first, Hash hash, const std::vector<std::string>& texts) {
    const Place at = received(action.log.log);
    if (first > at.seq + 1 || (first == at.seq + 1 && hash != at.hash)) return {action.token, Stored::kGap, at, {}};
    for (const std::string& text : texts) beyond[action.log.log].push_back({first++, hash = chain_hash(hash, text)});
    return {action.token, Stored::kMain, {first - 1, hash}, {}};
  }
  StoreResult store(const Store& action) {
    if (action.anchor) return store_anchor(action);
    ByteReader reader(as_bytes(action.batch));
    const std::uint64_t first = reader.take_le<std::uint64_t>().value();
    const Hash previous = to_array<32>(reader.take(32).value()).value();
    std::vector<std::string> texts;
    while (!reader.empty()) texts.push_back(to_string(reader.take(reader.take_le<std::uint16_t>().value()).value()));
    if (anchors.contains(action.log.log)) return store_beyond(action, first, previous, texts);
    std::vector<std::string>& log = logs[action.log.log];
    const TextLog here{action.log.log, log};
    if (first > log.size() + 1) return {action.token, Stored::kGap, received(action.log.log), {}};
    Hash hash = previous;
    for (const std::string& text : texts) hash = chain_hash(hash, text);
    const Place end{first + texts.size() - 1, hash};
    std::size_t i = 0;
    for (bool same = here.hash_at(first - 1) == previous; same && i < texts.size(); i += same ? 1 : 0) {
      if (first + i <= log.size()) same = log[first + i - 1] == texts[i];
      else log.push_back(texts[i]);
    }
    if (i == texts.size()) return {action.token, Stored::kMain, end, {}};
    for (; i < texts.size(); ++i) others[action.log.log][first + i] = texts[i];
    return {action.token, Stored::kFork, end, {}};
  }
};

class MarkSink : public StatementSink {
 public:
  std::map<std::pair<int, UserId>, StatementMark> marks;
  std::vector<pb::Statement> accepted;
  int completed = 0;
  Result<StatementMark> mark(pb::StatementKind kind, const UserId& user) override { return marks[{kind, user}]; }
  Status accept(const pb::Statement& statement) override {
    marks[{statement.kind(), UserId::from(statement.user_id()).value_or(UserId{})}] = mark_of(statement);
    accepted.push_back(statement);
    return {};
  }
  Status complete() override {
    ++completed;
    return {};
  }
};

/// The server's keys and what it would state.
struct Authority {
  Authority() = default;
  Authority(const Authority& other)
      : device(other.device), authority_seed(other.authority_seed.duplicate()), receipts_seed(other.receipts_seed.duplicate()), epoch(other.epoch),
        known_epoch(other.known_epoch), counter(other.counter), receipt_counter(other.receipt_counter) {}
  Authority(Authority&&) = default;
  Authority& operator=(Authority&&) = default;
  DeviceId device = crypto::random_id<DeviceId>();
  crypto::SignSeed authority_seed = crypto::random_secret<32>();
  crypto::SignSeed receipts_seed = crypto::random_secret<32>();
  crypto::SignKey authority{authority_seed};
  crypto::SignKey receipts{receipts_seed};
  std::uint32_t epoch = 1;
  std::uint32_t known_epoch = 0;  ///< to the handheld
  std::uint64_t counter = 100;
  std::uint64_t receipt_counter = 0;

  [[nodiscard]] pb::Statement statement(pb::StatementKind kind, const std::string& body) {
    pb::Statement made;
    made.set_kind(kind);
    made.set_device_id(to_string(device.view()));
    made.set_epoch(epoch);
    made.set_counter(++counter);
    made.set_body(body);
    return made;
  }
  [[nodiscard]] pb::SignedStatement state(const pb::Statement& made) { return sign_statement(authority, kAuthorityContext, made); }
  [[nodiscard]] pb::SignedStatement receipt_key() {
    pb::ReceiptKey body;
    body.set_verify_key(to_string(receipts.verify_key()));
    return state(statement(pb::RECEIPT_KEY, body.SerializeAsString()));
  }
  [[nodiscard]] pb::SignedStatement receipt(const LogId& log, const Place& through) {
    pb::Receipt body;
    body.set_log_id(to_string(log.view()));
    body.set_seq(through.seq);
    body.set_hash(to_string(through.hash));
    pb::Statement made = statement(pb::RECEIPT, body.SerializeAsString());
    made.set_counter(++receipt_counter);
    return sign_statement(receipts, kReceiptContext, made);
  }
  [[nodiscard]] SenderConfig sender() const { return {device, authority.verify_key(), known_epoch, "test", {}}; }
  [[nodiscard]] ReceiverConfig receiver() {
    return {device, epoch, &receipts, [this] { return ++receipt_counter; }, [] { return std::int64_t{1000}; }, {}, {authority.verify_key()}};
  }
};

inline pb::Message parsed(ByteView bytes) { return parse_message(bytes).value(); }

}  // namespace lantaarn::sync

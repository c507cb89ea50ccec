// Peers that say well-formed nonsense, and a disk that fails: the session ends with a word for it, what was recorded is true,
// and the next session makes everything good.

#include "common/sync/anchor.hpp"
#include "common/sync/enrol.hpp"
#include "tests/common/sync/bent.hpp"
#include "tests/common/sync/line.hpp"

namespace lantaarn::sync {
namespace {

/// Ten entries, of which six were received, secured and pruned, and two more on a branch that the server holds otherwise.
struct Scene : World {
  LogId forked, log;
  Scene() {
    save(4);
    forked = source.kept.front().id;
    line().run();
    inbox.logs[forked].push_back("elsewhere 5");
    source.save("here 5");
    line().run();
    log = source.kept.back().id;
    save(6);
    line().run();
    Line told = line();
    told.to_tell = {authority.state(authority.statement(pb::SECURED, secured_body()))};
    told.run();
    source.prune(log);
    save(4);
    inbox.logs[log].resize(3);  // it lost some, and asks for what is gone
    source.batch_entries = 2;
  }
  [[nodiscard]] Place at(std::uint64_t seq) { return {seq, source.find(log).hash_at(seq)}; }
  [[nodiscard]] std::string secured_body() {
    pb::Secured body;
    pb::SecuredLog& one = *body.add_logs();
    one.set_log_id(to_string(log.view()));
    one.set_seq(6);
    one.set_hash(to_string(at(6).hash));
    return body.SerializeAsString();
  }
  [[nodiscard]] std::string standing_body() {
    pb::Standing body;
    pb::LogStanding& one = *body.add_logs();
    one.set_log_id(to_string(log.view()));
    one.set_merged_seq(3);
    return body.SerializeAsString();
  }
  [[nodiscard]] std::vector<pb::SignedStatement> to_tell() {
    const UserId user = crypto::random_id<UserId>();
    pb::Statement cards = authority.statement(pb::CARDS, "cards");
    cards.set_user_id(to_string(user.view()));
    return {authority.state(authority.statement(pb::STANDING, standing_body())), authority.state(authority.statement(pb::SECURED, secured_body())),
            authority.state(cards)};
  }
  /// What was written down is what this device holds.
  void is_true() {
    for (const auto& [id, place] : source.received) {
      if (place.seq != 0) CHECK(source.find(id).hash_at(place.seq) == place.hash);
    }
    for (const auto& [id, secured] : source.secured) CHECK(source.find(id).hash_at(secured.first.seq) == secured.first.hash);
    for (const auto& [id, seq] : source.merged) CHECK(seq <= source.received[id].seq);
  }
  void is_made_good() {
    inbox.beyond.clear();
    inbox.anchors.clear();
    line().run();
    authority.known_epoch = authority.epoch;
    Line last = line();
    last.run();
    CHECK(last.closed == "");
    CHECK(last.sender().outcome().progress.entries_sent == 0);
  }
};

/// Both directions of one session, as they were said.
struct Said {
  std::vector<Bytes> up, down;
};
Said listen(Scene& scene, const std::vector<pb::SignedStatement>& to_tell) {
  Line line = scene.line();
  line.to_tell = to_tell;
  Said said;
  for (line.pull(); !line.sender().done() || !line.up.empty(); line.pull()) {
    if (!line.up.empty()) {
      said.up.push_back(Line::take(line.up));
      line.deliver_up(said.up.back());
    } else if (!line.storing.empty()) {
      line.store_one();
    } else {
      said.down.push_back(Line::take(line.down));
      line.deliver_down(said.down.back());
    }
    REQUIRE_FALSE(line.sender_error);
  }
  return said;
}

void pull_all(Sender& sender) {
  while (sender.next().value()) {
  }
}

}  // namespace

TEST_CASE("a server that bends any field of what it says teaches nothing that is not so", "[sync][bent]") {
  Scene scene;
  const Scene before = scene;
  const Said said = listen(scene, scene.to_tell());
  REQUIRE(said.down.size() > 8);
  std::size_t heard = 0, refused = 0;
  for (std::size_t i = 0; i < said.down.size(); ++i) {
    for (const std::string& nonsense : bent(to_string(said.down[i]))) {
      Scene now = before;
      Sender sender(now.authority.sender(), now.source, now.sink, [](const SyncProgress&) {});
      pull_all(sender);
      Status taken;
      for (std::size_t k = 0; k < said.down.size() && taken.ok() && !sender.done(); ++k) {
        taken = sender.receive(k == i ? as_bytes(nonsense) : ByteView(said.down[k]));
        if (taken.ok()) pull_all(sender);
      }
      INFO("message " << i << ", " << to_hex(as_bytes(nonsense)));
      if (!taken.ok()) CHECK(taken.error().kind == ErrorKind::kRejectPeer);
      REQUIRE(sender.settle().ok());
      now.is_true();
      ++heard;
      refused += taken.ok() ? 0 : 1;
    }
  }
  WARN(heard << " bent messages, " << refused << " refused");
  CHECK(refused > heard / 2);
}

TEST_CASE("an authority that signs nonsense teaches nothing that is not so, and the next session is good", "[sync][bent]") {
  Scene scene;
  std::vector<std::pair<pb::StatementKind, std::string>> bodies;
  for (const std::string& body : bent(scene.secured_body())) bodies.emplace_back(pb::SECURED, body);
  for (const std::string& body : bent(scene.standing_body())) bodies.emplace_back(pb::STANDING, body);
  bodies.emplace_back(pb::SECURED, "\xff");
  bodies.emplace_back(pb::STANDING, "\xff");
  bodies.emplace_back(pb::SERVER_KEYS, "x");
  for (const auto& [kind, body] : bodies) {
    Scene now = scene;
    Line line = now.line();
    line.to_tell = {now.authority.state(now.authority.statement(kind, body))};
    line.run_as_far_as_it_goes();
    INFO(kind << " " << to_hex(as_bytes(body)));
    CHECK(line.sender_error.value_or("statement_not_authentic") == "statement_not_authentic");
    now.is_true();
  }
  const std::string good = scene.authority.statement(pb::SECURED, scene.secured_body()).SerializeAsString();
  for (const std::string& statement : bent(good)) {
    Scene now = scene;
    pb::SignedStatement said;
    said.set_statement(statement);
    said.set_signature(to_string(now.authority.authority.sign(kAuthorityContext, as_bytes(statement))));
    Line line = now.line();
    line.to_tell = {said};
    line.run_as_far_as_it_goes();
    now.is_true();
    now.is_made_good();
    const auto anchored = verify_anchor({now.authority.authority.verify_key()}, now.authority.device, now.log, now.at(6), said);
    if (anchored.ok()) CHECK(anchored->secured.seq >= 6);
  }
}

TEST_CASE("a handheld that bends any field of what it says is refused with a code, or answered", "[sync][bent]") {
  Scene scene;
  const Scene before = scene;
  const Said said = listen(scene, scene.to_tell());
  const std::set<std::string> codes{"", "protocol_error", "peer_version", "log_unknown", "batch_too_large", "statement_not_authentic"};
  std::size_t heard = 0, refused = 0;
  for (std::size_t i = 0; i < said.up.size(); ++i) {
    for (const std::string& nonsense : bent(to_string(said.up[i]))) {
      Scene now = before;
      Line line = now.line();
      line.to_tell = now.to_tell();
      line.takes_any_batch = true;
      for (std::size_t k = 0; k < said.up.size() && !line.closed; ++k) {
        line.deliver_up(k == i ? to_bytes(as_bytes(nonsense)) : said.up[k]);
        while (!line.storing.empty() && !line.closed) line.store_one();
      }
      INFO("message " << i << ", " << to_hex(as_bytes(nonsense)));
      CHECK(codes.contains(line.closed.value_or("")));
      ++heard;
      refused += line.closed.value_or("").empty() ? 0 : 1;
      const std::size_t before_more = line.down.size();
      if (line.closed) {  // and after that nothing is answered any more
        line.deliver_up(said.up.front());
        CHECK(line.down.size() == before_more);
      }
    }
  }
  WARN(heard << " bent messages, " << refused << " refused");
  CHECK(refused > heard / 5);
}

namespace {

/// A disk that fails once, at the n-th thing that is asked of it.
struct Failing {
  int fail_at = 0;
  int asked = 0;
  [[nodiscard]] bool struck() const { return asked >= fail_at; }
  [[nodiscard]] Status ask() { return ++asked == fail_at ? Status(storage_error("disk_error", {"journal.db"})) : Status(); }
};

class FailingSource final : public SenderSource {
 public:
  FailingSource(TextSource& source, Failing& disk) : source_(source), disk_(disk) {}
  Result<std::vector<SourceLog>> logs() override {
    LANTAARN_TRY(disk_.ask());
    return source_.logs();
  }
  Result<Hash> hash_at(const LogId& log, std::uint64_t seq) override {
    LANTAARN_TRY(disk_.ask());
    return source_.hash_at(log, seq);
  }
  Result<OutgoingBatch> read_batch(const LogId& log, std::uint64_t from) override {
    LANTAARN_TRY(disk_.ask());
    return source_.read_batch(log, from);
  }
  Status record_sent(const LogId& log, std::uint64_t seq) override {
    LANTAARN_TRY(disk_.ask());
    return source_.record_sent(log, seq);
  }
  Status record_received(const LogId& log, const Place& through, ByteView receipt) override {
    LANTAARN_TRY(disk_.ask());
    return source_.record_received(log, through, receipt);
  }
  Status record_merged(const LogId& log, std::uint64_t seq) override {
    LANTAARN_TRY(disk_.ask());
    return source_.record_merged(log, seq);
  }
  Status record_secured(const LogId& log, const Place& through, ByteView statement) override {
    LANTAARN_TRY(disk_.ask());
    return source_.record_secured(log, through, statement);
  }
  Result<Bytes> secured_statement(const LogId& log) override {
    LANTAARN_TRY(disk_.ask());
    return source_.secured_statement(log);
  }
  Status record_fork_noted(const LogId& log, std::uint64_t seq) override {
    LANTAARN_TRY(disk_.ask());
    return source_.record_fork_noted(log, seq);
  }
  Status log_diverged(const LogId& log) override {
    LANTAARN_TRY(disk_.ask());
    return source_.log_diverged(log);
  }

 private:
  TextSource& source_;
  Failing& disk_;
};

class FailingSink final : public StatementSink {
 public:
  FailingSink(MarkSink& sink, Failing& disk) : sink_(sink), disk_(disk) {}
  Result<StatementMark> mark(pb::StatementKind kind, const UserId& user) override {
    LANTAARN_TRY(disk_.ask());
    return sink_.mark(kind, user);
  }
  Status accept(const pb::Statement& statement) override {
    LANTAARN_TRY(disk_.ask());
    return sink_.accept(statement);
  }
  Result<Bytes> renewed_channel_key() override {
    LANTAARN_TRY(disk_.ask());
    return Bytes(32);
  }
  Status complete() override {
    LANTAARN_TRY(disk_.ask());
    return sink_.complete();
  }

 private:
  MarkSink& sink_;
  Failing& disk_;
};

}  // namespace

TEST_CASE("a disk that fails at anything a session asks of it ends the session, and the next one makes everything good", "[sync][bent]") {
  const Scene scene;
  // As it is, and once more of a server that was put back meanwhile.
  const bool put_back = GENERATE(false, true);
  int failed = 0;
  for (int at = 1;; ++at) {
    Scene now = scene;
    if (put_back) {
      now.authority.known_epoch = now.authority.epoch++;
      now.inbox.others.clear();
    }
    Failing disk{at};
    FailingSource source(now.source, disk);
    FailingSink sink(now.sink, disk);
    Line line(now.authority, source, now.inbox, sink);
    line.to_tell = now.to_tell();
    line.to_tell.push_back(now.authority.state(now.authority.statement(pb::DIRECTIVE, {})));
    line.run_as_far_as_it_goes();
    static_cast<void>(line.sender().settle());
    if (!disk.struck()) break;
    ++failed;
    INFO("asked " << at << " times");
    now.is_true();
    if (line.sender().done()) now.authority.known_epoch = now.authority.epoch;
    now.is_made_good();
    if (put_back) CHECK(now.inbox.others[now.forked] == std::map<std::uint64_t, std::string>{{5, "here 5"}});
  }
  CHECK(failed > 20);
}

}  // namespace lantaarn::sync

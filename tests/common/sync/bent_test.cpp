// Peers that say well-formed nonsense, and a disk that fails: the session ends with a word for it, what was recorded is true,
// and the next session makes everything good.

#include "common/sync/anchor.hpp"
#include "common/sync/enrol.hpp"
#include "common/sync/server_keys.hpp"
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

TEST_CASE("an answer to a push that is bent in any way records nothing that is not so", "[sync][bent]") {
  World world;
  world.save(6);
  world.source.batch_entries = 2;
  const LogId log = world.source.kept.front().id;
  const Place fourth{4, world.source.find(log).hash_at(4)};
  std::vector<std::string> answers;
  pb::Message nak, noted;
  nak.mutable_nak()->set_log_id(to_string(log.view()));
  nak.mutable_nak()->set_from_seq(3);
  noted.mutable_fork_noted()->set_log_id(to_string(log.view()));
  noted.mutable_fork_noted()->set_through_seq(4);
  noted.mutable_fork_noted()->set_through_hash(to_string(fourth.hash));
  for (const pb::Message& message : {nak, noted}) {
    answers.push_back(message.SerializeAsString());
    for (std::string& each : bent(message.SerializeAsString())) answers.push_back(std::move(each));
  }
  pb::Statement receipt;
  REQUIRE(receipt.ParseFromString(world.authority.receipt(log, fourth).statement()));
  std::vector<std::string> bodies = bent(receipt.body());
  bodies.insert(bodies.end(), {receipt.body(), "\xff", ""});
  for (const std::string& body : bodies) {
    pb::Message message;
    receipt.set_body(body);
    *message.mutable_ack()->mutable_receipt() = sign_statement(world.authority.receipts, kReceiptContext, receipt);
    answers.push_back(message.SerializeAsString());
  }
  pb::Message done;
  done.mutable_down_done();
  answers.push_back(done.SerializeAsString());
  for (const std::string& answer : answers) {
    World now = world;
    Sender sender(now.authority.sender(), now.source, now.sink, {});
    CHECK(sender.receive(as_bytes(answer)).error().code == "protocol_error");  // before it was greeted
    pull_all(sender);
    pb::Message state;
    state.mutable_state()->set_epoch(now.authority.epoch);
    *state.mutable_state()->mutable_receipt_key() = now.authority.receipt_key();
    state.mutable_state()->add_logs()->set_log_id(to_string(log.view()));
    REQUIRE(sender.receive(to_message(state)).ok());
    pull_all(sender);
    INFO(to_hex(as_bytes(answer)));
    for (int time = 0; time < 2; ++time) {
      const Status taken = sender.receive(as_bytes(answer));
      if (!taken.ok()) CHECK(taken.error().kind == ErrorKind::kRejectPeer);
      pull_all(sender);
    }
    REQUIRE(sender.settle().ok());
    const Place& received = now.source.received[log];
    CHECK((received.seq == 0 || now.source.find(log).hash_at(received.seq) == received.hash));
    CHECK(now.source.fork_noted[log] <= 6);
    CHECK(now.source.sent[log] <= 6);
  }
}

TEST_CASE("an enrolment that bends any field of what it says is refused, on both sides", "[sync][bent]") {
  const crypto::SignKey sign_key{crypto::random_secret<32>()};
  const EnrolUser user{crypto::random_id<UserId>(), {}, &sign_key};
  const ByteArray<32> session{};
  const crypto::Key secret = crypto::random_secret<32>();
  const std::string request = to_string(make_enrol_request(user, {secret, {}}, session, {}));
  REQUIRE(EnrolReceiver(session).receive(as_bytes(request)).ok());
  CHECK_FALSE(EnrolReceiver(session).receive(Bytes(kFirstMessageBytesMax + 1)).ok());
  CHECK_FALSE(EnrolReceiver(session).receive({}).ok());
  for (const std::string& nonsense : bent(request)) {
    const auto read = EnrolReceiver(session).receive(as_bytes(nonsense));
    if (read.ok()) CHECK(read->user_id() == to_string(user.id.view()));  // the clock, and what its proof covers elsewhere
  }

  Authority authority;
  pb::EnrolReply reply;
  reply.set_device_psk(std::string(32, 'p'));
  reply.set_epoch(1);
  *reply.mutable_users() = authority.state(authority.statement(pb::USERS, ""));
  *reply.mutable_receipt_key() = authority.receipt_key();
  *reply.mutable_lease() = authority.state(authority.statement(pb::LEASE, ""));
  const KnownServerKeys known{{}, 1, authority.authority.verify_key(), 1, {}};
  const std::string answer = to_string(enrol_reply_message(reply));
  REQUIRE(check_enrol_reply(as_bytes(answer), known, authority.device).ok());
  CHECK(check_enrol_reply({}, known, authority.device).error().kind == ErrorKind::kRejectPeer);
  for (const std::string& nonsense : bent(answer)) {
    const auto read = check_enrol_reply(as_bytes(nonsense), known, authority.device);
    if (read.ok()) CHECK((read->epoch == 1 && read->lease.kind() == pb::LEASE && read->users.kind() == pb::USERS));
  }
}

TEST_CASE("a key link, an epoch or a receipt key whose signer says nonsense leads nowhere else", "[sync][bent]") {
  Authority authority;
  const ServerId server = crypto::random_id<ServerId>();
  const crypto::SignKey fresh{crypto::random_secret<32>()};
  ServerKeySet set{2, fresh.verify_key(), {}, {}, 1};
  set.recovery = fresh.verify_key();
  pb::Statement link;
  link.set_kind(pb::SERVER_KEYS);
  link.set_epoch(1);
  link.set_counter(9);
  link.set_body(key_set_body(server, set));
  const KnownServerKeys known{server, 1, authority.authority.verify_key(), 1, {}};
  const auto follow = [&](const std::string& statement) {
    KeyLinks links;
    links.Add()->set_statement(statement);
    links.Mutable(0)->set_signature(to_string(authority.authority.sign(kAuthorityContext, as_bytes(statement))));
    return follow_key_links(known, links, 1);
  };
  REQUIRE(follow(link.SerializeAsString())->has_value());
  for (const std::string& nonsense : bent(link.SerializeAsString())) {
    const auto followed = follow(nonsense);
    if (followed.ok() && *followed) CHECK((*followed)->keys.generation == 2);
  }
  CHECK_FALSE(follow("\xff").ok());

  const pb::SignedStatement raised = sign_epoch(fresh, server, 3, 1000);
  for (const std::string& nonsense : bent(raised.statement())) {
    pb::SignedStatement said;
    said.set_statement(nonsense);
    said.set_signature(to_string(fresh.sign(kEpochContext, as_bytes(nonsense))));
    const auto proven = verify_epoch(fresh.verify_key(), said, server);
    if (proven.ok()) CHECK(*proven <= UINT32_MAX);
    else CHECK(proven.error().code == "epoch_not_proven");
  }
  const std::string certified = authority.receipt_key().statement();
  for (const std::string& nonsense : bent(certified)) {
    pb::SignedStatement said;
    said.set_statement(nonsense);
    said.set_signature(to_string(authority.authority.sign(kAuthorityContext, as_bytes(nonsense))));
    const auto key = verify_receipt_key(authority.authority.verify_key(), said, authority.device);
    if (!key.ok()) CHECK(key.error().code == "statement_not_authentic");
  }
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

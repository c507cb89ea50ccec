// A handheld that no longer holds what it was told is secured, and a server that asks for it all the same.

#include "common/sync/anchor.hpp"
#include "tests/common/sync/line.hpp"

namespace lantaarn::sync {
namespace {

struct PrunedWorld : World {
  LogId log;
  /// 20 saved, all received, secured through 12 and pruned through there.
  PrunedWorld() {
    save(20);
    log = source.kept.front().id;
    line().run();
    Line told = line();
    told.to_tell = {secured(authority, at(12))};
    told.run();
    source.prune(log);
  }
  [[nodiscard]] Place at(std::uint64_t seq) { return {seq, source.find(log).hash_at(seq)}; }
  [[nodiscard]] pb::SignedStatement secured(Authority& by, const Place& place) const {
    pb::Secured body;
    pb::SecuredLog& one = *body.add_logs();
    one.set_log_id(to_string(log.view()));
    one.set_seq(place.seq);
    one.set_hash(to_string(place.hash));
    return by.state(by.statement(pb::SECURED, body.SerializeAsString()));
  }
  /// The server was put back to what it held at `seq`.
  void server_loses_all_after(std::uint64_t seq) { inbox.logs[log].resize(seq); }
};

}  // namespace

TEST_CASE_METHOD(PrunedWorld, "secured is kept with the statement that says so, when this device holds that place", "[sync][pruned]") {
  CHECK(source.secured[log].first == at(12));
  pb::SignedStatement kept;
  REQUIRE(kept.ParseFromString(to_string(source.secured[log].second)));
  CHECK(verify_anchor({authority.authority.verify_key()}, authority.device, log, at(12), kept).value() == Anchor{at(12), at(12)});

  Line wrong = line();
  wrong.to_tell = {secured(authority, {15, Hash{}})};
  wrong.run();
  CHECK(source.secured[log].first == at(12));
}

TEST_CASE_METHOD(PrunedWorld, "a pruned handheld goes on syncing as if nothing had happened", "[sync][pruned]") {
  save(3);
  Line next = line();
  next.run();
  CHECK(next.closed == "");
  CHECK(next.sender().outcome().progress.entries_sent == 3);
  CHECK(inbox.anchors.empty());
  CHECK(source.diverged.empty());
}

TEST_CASE_METHOD(PrunedWorld, "a server that lost what was pruned is told where the log goes on, and gets the rest", "[sync][pruned]") {
  const std::uint64_t left = GENERATE(0U, 5U, 11U);
  server_loses_all_after(left);
  save(2);
  Line next = line();
  next.run();
  CHECK(next.closed == "");
  CHECK(inbox.anchors[log] == Anchor{at(12), at(12)});
  CHECK(inbox.received(log) == at(22));
  CHECK(source.received[log] == at(22));
  CHECK(source.diverged.empty());

  Line again = line();
  again.run();
  CHECK(again.sender().outcome().progress.entries_sent == 0);
}

TEST_CASE_METHOD(PrunedWorld, "a server that lost only what is still here simply gets it again", "[sync][pruned]") {
  server_loses_all_after(12);
  Line next = line();
  next.run();
  CHECK(inbox.anchors.empty());
  CHECK(inbox.logs[log].size() == 20);
}

TEST_CASE_METHOD(PrunedWorld, "a log of which everything was pruned is told of too", "[sync][pruned]") {
  Line told = line();
  told.to_tell = {secured(authority, at(20))};
  told.run();
  source.prune(log);
  server_loses_all_after(3);
  Line next = line();
  next.run();
  CHECK(next.closed == "");
  CHECK(inbox.received(log) == at(20));
}

TEST_CASE_METHOD(PrunedWorld, "nobody passes over a part of a log without the authority's word for that very log and place", "[sync][pruned]") {
  server_loses_all_after(5);
  const auto with = [&](const pb::SignedStatement& proof) { source.secured[log].second = to_bytes(as_bytes(proof.SerializeAsString())); };
  const char* expected = "statement_not_authentic";
  SECTION("another authority") {
    Authority other;
    other.device = authority.device;
    with(secured(other, at(12)));
  }
  SECTION("another device") {
    Authority elsewhere;
    pb::Statement statement = authority.statement(pb::SECURED, "");
    statement.set_device_id(to_string(elsewhere.device.view()));
    with(authority.state(statement));
  }
  SECTION("an earlier place") { with(secured(authority, at(9))); }
  SECTION("another hash there") { with(secured(authority, {12, Hash{}})); }
  SECTION("another kind of statement") {
    pb::Statement standing;
    pb::SignedStatement proof = secured(authority, at(12));
    REQUIRE(standing.ParseFromString(proof.statement()));
    standing.set_kind(pb::STANDING);
    with(authority.state(standing));
  }
  Line next = line();
  next.pull();
  next.deliver_up(Line::take(next.up));
  while (!next.down.empty()) next.deliver_down(Line::take(next.down));
  next.pull();
  while (!next.closed && !next.up.empty()) next.deliver_up(Line::take(next.up));
  CHECK(next.closed == expected);
  CHECK(inbox.anchors.empty());
}

}  // namespace lantaarn::sync

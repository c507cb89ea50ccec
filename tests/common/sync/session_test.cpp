// Both machines against each other: in order, and under every misfortune a seed can think of.

#include "tests/common/sync/line.hpp"

#include "tests/support/random.hpp"

namespace lantaarn::sync {

TEST_CASE("what was saved is received, with receipts, and nothing is sent again", "[sync]") {
  World world;
  world.save(100);
  Line first = world.line();
  first.run();
  const LogId log = world.source.kept.front().id;
  CHECK(first.closed == "");
  CHECK(world.inbox.logs[log] == world.source.kept.front().texts);
  CHECK(world.source.received[log] == world.source.kept.front().head());
  CHECK(first.sender().outcome().progress.entries_received == 100);
  CHECK(first.sender().outcome().server_time_ms == 5000);

  Line second = world.line();
  second.run();
  CHECK(second.sender().outcome().progress.entries_sent == 0);
}

TEST_CASE("an empty journal syncs", "[sync]") {
  World world;
  Line line = world.line();
  line.run();
  CHECK(line.closed == "");
}

TEST_CASE("never more than a window is under way", "[sync]") {
  World world;
  world.save(100);
  Line line = world.line();
  line.pull();
  line.deliver_up(Line::take(line.up));
  line.deliver_down(Line::take(line.down));
  line.pull();
  CHECK(line.up.size() == kWindowBatches);
}

TEST_CASE("statements are kept, acknowledged and not kept twice", "[sync]") {
  World world;
  Line line = world.line();
  std::vector<pb::SignedStatement> statements;
  for (int i = 0; i < 11; ++i) statements.push_back(world.authority.state(world.authority.statement(pb::CARDS, "sealed")));
  line.to_tell = statements;
  line.to_tell.push_back(statements.back());
  line.run();
  CHECK(line.acknowledged == 12);
  CHECK(world.sink.accepted.size() == 1 + 11);  // the receipt key first
}

TEST_CASE("a kind of statement from the future is passed over, and holds up nothing", "[sync]") {
  struct OldSink : MarkSink {
    Status accept(const pb::Statement& statement) override {
      return statement.kind() == pb::DIRECTIVE ? Status(refused("statement_unknown")) : MarkSink::accept(statement);
    }
  };
  World world;
  OldSink sink;
  Line line(world.authority, world.source, world.inbox, sink);
  for (int i = 0; i < 6; ++i) line.to_tell.push_back(world.authority.state(world.authority.statement(pb::DIRECTIVE, "")));
  line.to_tell.push_back(world.authority.state(world.authority.statement(pb::CARDS, "sealed")));
  line.run();
  CHECK(line.closed == "");
  CHECK(line.acknowledged == 1);
  CHECK(sink.accepted.back().kind() == pb::CARDS);
}

TEST_CASE("what cannot be done yet is passed over, and comes again in a later session", "[sync]") {
  struct WaitingSink : MarkSink {
    bool waits = true;
    Status accept(const pb::Statement& statement) override {
      return waits && statement.kind() == pb::DIRECTIVE ? Status(refused("statement_waits")) : MarkSink::accept(statement);
    }
  };
  World world;
  WaitingSink sink;
  for (const std::size_t acknowledged : {0U, 1U}) {
    Line line(world.authority, world.source, world.inbox, sink);
    line.to_tell = {world.authority.state(world.authority.statement(pb::DIRECTIVE, "wipe"))};
    line.run();
    CHECK(line.closed == "");
    CHECK(line.acknowledged == acknowledged);
    sink.waits = false;
  }
}

TEST_CASE("a directive is acknowledged with the new channel key when one was made", "[sync]") {
  struct RenewingSink : MarkSink {
    Result<Bytes> renewed_channel_key() override { return Bytes(32, 7); }
  };
  World world;
  RenewingSink sink;
  Line line(world.authority, world.source, world.inbox, sink);
  line.to_tell = {world.authority.state(world.authority.statement(pb::DIRECTIVE, "renew")),
                  world.authority.state(world.authority.statement(pb::CARDS, "sealed"))};
  line.run();
  REQUIRE(line.acks.size() == 2);
  CHECK(line.acks[0].channel_key() == std::string(32, 7));
  CHECK(line.acks[1].channel_key().empty());
}

TEST_CASE("a directive that was stated before the last one is refused, and ends the session", "[sync]") {
  World world;
  const auto old = world.authority.state(world.authority.statement(pb::DIRECTIVE, "wipe"));
  Line line = world.line();
  line.to_tell = {world.authority.state(world.authority.statement(pb::DIRECTIVE, "lock"))};
  line.run();
  Line replayed = world.line();
  replayed.to_tell = {old};
  while (!replayed.sender_error) {
    replayed.pull();
    if (!replayed.up.empty()) replayed.deliver_up(Line::take(replayed.up));
    if (!replayed.down.empty()) replayed.deliver_down(Line::take(replayed.down));
  }
  CHECK(replayed.sender_error == "statement_old");
  CHECK(world.sink.accepted.back().body() != "wipe");
}

TEST_CASE("merged is taken from a standing the authority signed, and never beyond the receipt", "[sync]") {
  World world;
  world.save(5);
  const LogId log = world.source.kept.front().id;
  pb::Standing standing;
  standing.add_logs()->set_log_id(to_string(log.view()));
  standing.mutable_logs(0)->set_merged_seq(9);
  Line line = world.line();
  line.to_tell = {world.authority.state(world.authority.statement(pb::STANDING, standing.SerializeAsString()))};
  line.run();
  CHECK(world.source.merged[log] == 5);
}

TEST_CASE("a crash that forgot the receipts gets them again", "[sync]") {
  World world;
  world.save(10);
  world.line().run();
  world.source.received.clear();
  Line line = world.line();
  line.run();
  CHECK(line.sender().outcome().progress.entries_sent == 0);
  CHECK(world.source.received[world.source.kept.front().id].seq == 10);
}

TEST_CASE("a handheld put back to an old copy starts a new log and delivers the old branch once", "[sync]") {
  World world;
  world.save(10);
  world.line().run();
  const LogId old_log = world.source.kept.front().id;
  TextSource restored = world.source;
  world.save(4);
  world.line().run();  // the server now holds 14
  world.source = restored;
  world.source.save("another 11");
  world.source.save("another 12");

  Line line = world.line();
  line.run();
  CHECK(world.source.diverged == std::vector{old_log});
  CHECK(world.inbox.logs[old_log].size() == 14);
  CHECK(world.inbox.others[old_log] == std::map<std::uint64_t, std::string>{{11, "another 11"}, {12, "another 12"}});
  CHECK(world.source.received[old_log].seq == 10);
  CHECK(line.sender().outcome().diverged == std::vector{old_log});

  world.source.save("in the new log");
  Line next = world.line();
  next.run();
  CHECK(next.sender().outcome().progress.entries_sent == 1);
  CHECK(world.inbox.logs[world.source.kept.back().id].size() == 1);
}

TEST_CASE("after a cut anywhere at most one window is sent again, and all arrives exactly once", "[sync]") {
  World undisturbed;
  undisturbed.save(90);
  int steps = 0;
  {
    Line line = undisturbed.line();
    line.run();
    steps = static_cast<int>(line.sender().outcome().progress.batches_sent) * 3 + 8;
  }
  for (int cut = 0; cut < steps; ++cut) {
    CAPTURE(cut);
    World world;
    world.save(90);
    Line line = world.line();
    for (int step = 0; step < cut && !line.sender().done(); ++step) {
      line.pull();
      if (!line.up.empty()) line.deliver_up(Line::take(line.up));
      else if (!line.storing.empty()) line.store_one();
      else if (!line.down.empty()) line.deliver_down(Line::take(line.down));
    }
    CHECK(line.sender().settle().ok());
    const LogId log = world.source.kept.front().id;
    CHECK(world.source.received[log].seq <= world.inbox.logs[log].size());
    const std::uint64_t sent_before = line.sender().outcome().progress.entries_sent;
    Line next = world.line();
    next.run();
    CHECK(world.inbox.logs[log] == world.source.kept.front().texts);
    CHECK(sent_before + next.sender().outcome().progress.entries_sent <= 90 + kWindowBatches * world.source.batch_entries);
  }
}

TEST_CASE("whatever is lost, doubled, swapped or cut: nothing acknowledged is missing, all arrives once", "[sync]") {
  LANTAARN_RANDOM(random);
  for (int evening = 0; evening < 300; ++evening) {
    World world;
    world.save(static_cast<int>(random.below(60)));
    world.source.batch_entries = 1 + random.below(5);
    const LogId log = world.source.kept.front().id;
    for (int session = 0; session < 12; ++session) {
      world.save(static_cast<int>(random.below(4)));
      Line line = world.line();
      const bool calm = session == 11;
      for (int step = 0; step < 400 && !line.sender_error && !line.closed; ++step) {
        line.pull();
        const auto disturb = [&](std::deque<Bytes>& queue) {
          if (calm || queue.empty()) return;
          if (random.one_in(25)) queue.pop_front();
          else if (random.one_in(20)) queue.push_front(Bytes(queue.front()));
          else if (queue.size() > 1 && random.one_in(20)) std::swap(queue[0], queue[1]);
        };
        disturb(line.up);
        disturb(line.down);
        if (!line.up.empty() && random.one_in(2)) line.deliver_up(Line::take(line.up));
        if (!line.storing.empty() && random.one_in(2)) line.store_one();
        if (!line.down.empty() && random.one_in(2)) line.deliver_down(Line::take(line.down));
        if (!calm && random.one_in(60)) break;
      }
      REQUIRE(line.sender().settle().ok());
      REQUIRE(world.source.received[log].seq <= world.inbox.logs[log].size());
      if (world.source.received[log].seq != 0) {
        const TextLog there{log, world.inbox.logs[log]};
        REQUIRE(there.hash_at(world.source.received[log].seq) == world.source.received[log].hash);
      }
    }
    REQUIRE(world.inbox.logs[log] == world.source.kept.front().texts);
    REQUIRE(world.source.received[log].seq == world.source.kept.front().texts.size());
    REQUIRE(world.source.kept.size() == 1);
  }
}

}  // namespace lantaarn::sync

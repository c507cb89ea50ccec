#include "sync_server/access/access_log.hpp"

#include <catch2/catch.hpp>

#include "common/crypto/random.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using namespace lantaarn::server::access;

namespace {

const UserId kUser{{1}};
const ClientId kWoman{{9}}, kOther{{8}};

AccessRecord reading(const ClientId& client, std::int64_t at_ms = 1000) {
  AccessRecord record;
  record.at_ms = at_ms;
  record.event = "GET clients/{client}";
  record.object = "dossier";
  record.user = kUser;
  record.role = "coordinator";
  record.peer = "127.0.0.1";
  record.clients = {client};
  record.reason = "weekly review of this record";
  return record;
}

struct Book {
  support::TempFolder folder;
  crypto::SignSeed seed = crypto::random_secret<32>();
  crypto::Key key = crypto::random_secret<32>();
  std::optional<AccessLog> log;
  Book() {
    REQUIRE(crypto::initialise().ok());
    reopen();
  }
  void reopen() {
    log.reset();
    auto opened = AccessLog::open(folder.file("access_log.db"), seed, key);
    REQUIRE(opened.ok());
    log.emplace(std::move(*opened));
  }
  void fill(int entries) {
    for (int i = 0; i < entries; ++i) {
      log->add(reading(i % 2 == 0 ? kWoman : kOther, 1000 + i));
      REQUIRE(log->commit().ok());
    }
  }
  // As somebody does who has the file but not the keys.
  void bend(const std::string& sql) {
    log.reset();
    auto database = database::Database::open(folder.file("access_log.db"), {});
    REQUIRE(database.ok());
    REQUIRE(database->execute(sql).ok());
  }
};

}  // namespace

TEST_CASE("what was added is there after the log was opened again", "[access][log]") {
  Book book;
  book.log->add(reading(kWoman));
  book.log->add(reading(kOther));
  REQUIRE(book.log->commit().ok());
  book.reopen();
  const auto all = book.log->read({});
  REQUIRE(all.ok());
  REQUIRE(all->size() == 2);
  CHECK(all->front().seq == 2);
  CHECK(all->front().record.reason == "weekly review of this record");
  LogFilter hers;
  hers.client = kWoman;
  REQUIRE(book.log->read(hers)->size() == 1);
  CHECK(book.log->read(hers)->front().record.clients == std::vector<ClientId>{kWoman});
  CHECK(book.log->verify(book.log->head()).value() == 2);
}

TEST_CASE("a reason or a search stands nowhere in the log's files in clear", "[access][log]") {
  Book book;
  AccessRecord record = reading(kWoman);
  record.detail = "canary-search-text";
  record.reason = "canary-reason-text";
  book.log->add(record);
  REQUIRE(book.log->commit().ok());
  std::string found_in;
  CHECK_FALSE(support::folder_contains(book.folder.path(), "canary", found_in));
}

TEST_CASE("any edit or cut of the access log is found", "[access][log]") {
  const std::vector<std::pair<std::string, std::string>> kBends = {
      {"UPDATE entry SET at_ms = at_ms + 1 WHERE seq = 3", "access_log_altered"},
      {"UPDATE entry SET action = 'E' WHERE seq = 3", "access_log_altered"},
      {"UPDATE entry SET user = x'00000000000000000000000000000002' WHERE seq = 3", "access_log_altered"},
      {"UPDATE entry SET flags = 4 WHERE seq = 3", "access_log_altered"},
      {"UPDATE entry SET body = (SELECT body FROM entry WHERE seq = 4) WHERE seq = 3", "access_log_altered"},
      {"UPDATE entry SET hash = zeroblob(32) WHERE seq = 3", "access_log_altered"},
      {"UPDATE signature SET signature = zeroblob(64) WHERE seq = 3", "access_log_altered"},
      {"DELETE FROM involved WHERE seq = 3", "access_log_altered"},
      {"INSERT INTO involved VALUES(x'00000000000000000000000000000007', 3)", "access_log_altered"},
      {"DELETE FROM entry WHERE seq = 3", "access_log_cut"},
      {"DELETE FROM entry WHERE seq = 1", "access_log_cut"},
      {"DELETE FROM entry WHERE seq > 3", "access_log_cut"},
      {"DELETE FROM entry WHERE seq > 3; DELETE FROM signature WHERE seq > 3; DELETE FROM involved WHERE seq > 3", "access_log_cut"},
      {"DELETE FROM entry; DELETE FROM signature; DELETE FROM involved", "access_log_cut"},
      {"DELETE FROM signature WHERE seq = 6", "access_log_cut"},
      {"DELETE FROM entry WHERE seq = 6; DELETE FROM involved WHERE seq = 6", "access_log_cut"},
  };
  for (const auto& [sql, code] : kBends) {
    INFO(sql);
    Book book;
    book.fill(6);
    const LogHead anchor = book.log->head();
    book.bend(sql);
    book.reopen();
    const auto verified = book.log->verify(anchor);
    REQUIRE_FALSE(verified.ok());
    CHECK(verified.error().code == code);
  }
}

TEST_CASE("a log written with other keys is not this server's", "[access][log]") {
  Book book;
  book.fill(2);
  book.seed = crypto::random_secret<32>();
  book.reopen();
  CHECK(book.log->verify(std::nullopt).error().code == "access_log_altered");
}

TEST_CASE("many entries are one commit, with one signature", "[access][log]") {
  Book book;
  for (int i = 0; i < 100; ++i) book.log->add(reading(kWoman, i));
  REQUIRE(book.log->commit().ok());
  CHECK(book.log->head().seq == 100);
  CHECK(book.log->verify(book.log->head()).value() == 100);
  LogFilter page;
  page.limit = 10;
  page.before_seq = 51;
  const auto read = book.log->read(page);
  REQUIRE(read->size() == 10);
  CHECK(read->front().seq == 50);
}

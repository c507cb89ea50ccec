// The second copy's bytes as tests/vectors/backup keeps them.
#include <catch2/catch.hpp>
#include <fstream>
#include <map>

#include "common/model/event.hpp"
#include "sync_server/backup/manifest.hpp"
#include "sync_server/backup/own_log_file.hpp"
#include "sync_server/backup/sealed_file.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::backup;

namespace {

std::map<std::string, Bytes> golden() {
  std::ifstream file(LANTAARN_VECTORS "/backup/second_copy_v1.txt");
  std::map<std::string, Bytes> values;
  for (std::string name, hex; file >> name >> hex;) values[name] = from_hex(hex).value_or(Bytes{});
  REQUIRE(values.size() == 5);
  return values;
}

crypto::Key key_of(std::uint8_t byte) {
  crypto::Key key;
  std::fill_n(key.data(), crypto::Key::kBytes, byte);
  return key;
}

TargetHead head() {
  TargetHead head;
  head.server.bytes.fill(1);
  head.target.bytes.fill(2);
  head.recovery.box.fill(3);
  head.recovery.verify.fill(4);
  head.made_at_ms = 1'795'377'600'000;
  return head;
}

pb::Manifest manifest() {
  pb::Manifest made;
  made.set_backup_id(std::string(16, '\5'));
  made.set_server_id(model::id_field(head().server));
  made.set_target_id(model::id_field(head().target));
  made.set_epoch(1);
  made.set_made_at_ms(1'795'377'600'000);
  made.set_fold_version(2);
  made.set_digest(std::string(32, '\6'));
  made.set_events(7);
  made.set_own_log(std::string(16, '\7'));
  made.set_own_seq(3);
  made.set_own_hash(std::string(32, '\10'));
  made.set_inbox_cursor(9);
  auto& chunk = *made.add_chunks();
  chunk.set_kind(1);
  chunk.set_mark(std::string(16, '\11'));
  chunk.set_hash(std::string(32, '\12'));
  chunk.set_bytes(1000);
  return made;
}

}  // namespace

TEST_CASE("the second copy's files keep their bytes", "[backup][vectors]") {
  const auto values = golden();
  const crypto::BoxKey recovery(key_of(11));
  const auto opened = open_file(recovery, kChunkMagic, values.at("sealed"));
  REQUIRE(opened.ok());
  CHECK(as_text(*opened) == "a chunk of the second copy");
  CHECK(open_file(recovery, kKeyringMagic, values.at("sealed")).error().code == "backup_damaged");

  const crypto::SignKey authority(key_of(12));
  const std::string text = manifest().SerializeAsString();
  CHECK(to_hex(sign_file(authority, kManifestContext, with_magic(kManifestMagic, as_bytes(text)))) == to_hex(values.at("manifest")));
  CHECK(manifest_name(manifest()) == "001795377600000-0505050505050505");
  CHECK(chunk_name(manifest().chunks(0)) == "chunks/0a/" + to_hex(Bytes(32, 10)));

  Bytes shipped = shipped_head(kOwnLogMagic, head());
  append_record(shipped, as_bytes("a record"));
  CHECK(to_hex(shipped) == to_hex(values.at("shipped")));
  OwnEntry entry;
  entry.at.seq = 5;
  entry.at.hash.fill(13);
  entry.signature.fill(14);
  entry.entry = Bytes(3, 15);
  LogId log;
  log.bytes.fill(16);
  EventId dropped;
  dropped.bytes.fill(17);
  CHECK(to_hex(own_record(entry, log, std::nullopt)) == to_hex(values.at("own_whole")));
  CHECK(to_hex(own_record(entry, log, dropped)) == to_hex(values.at("own_blank")));
}

TEST_CASE("a sealed file that is altered, cut off or longer does not open", "[backup]") {
  const crypto::BoxKey recovery(key_of(11));
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kSealedPartBytes, kSealedPartBytes + 1, 3 * kSealedPartBytes}) {
    const Bytes plain(size, 7);
    const Bytes file = seal_file(recovery.public_key(), kChunkMagic, plain);
    const auto opened = open_file(recovery, kChunkMagic, file);
    REQUIRE(opened.ok());
    CHECK(*opened == plain);
    for (std::size_t at = 0; at < file.size(); at += 1 + file.size() / 61) {
      Bytes changed = file;
      changed[at] ^= 0x40;
      CHECK_FALSE(open_file(recovery, kChunkMagic, changed).ok());
      CHECK_FALSE(open_file(recovery, kChunkMagic, ByteView(file).first(at)).ok());
    }
    Bytes longer = file;
    longer.push_back(0);
    CHECK(open_file(recovery, kChunkMagic, longer).error().code == "backup_damaged");
  }
  const crypto::BoxKey other(key_of(12));
  CHECK(open_file(other, kChunkMagic, seal_file(recovery.public_key(), kChunkMagic, {})).error().code == "recovery_key_wrong");
}

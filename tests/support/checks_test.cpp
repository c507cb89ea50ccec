// The checks of tools/ against a small tree that breaks their rules one at a time.

#include <catch2/catch.hpp>

#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn::support;

namespace {

struct Tree {
  TempFolder folder;

  void put(const std::string& path, const std::string& content) const {
    std::filesystem::create_directories((folder.path() / path).parent_path());
    write_file(folder.file(path), content);
  }
  [[nodiscard]] Finished check(const std::string& tool) const {
    return run(source_path("tools/" + tool), {"--root", folder.path().string()});
  }
};

struct LayeredTree : Tree {
  LayeredTree() {
    put("common/base/CMakeLists.txt", "lantaarn_room(common_base SOURCES a.cpp)");
    put("common/crypto/CMakeLists.txt", "lantaarn_room(common_crypto SOURCES a.cpp DEPENDS common_base)");
    put("common/database/CMakeLists.txt", "lantaarn_room(common_database SOURCES a.cpp DEPENDS common_base)");
    put("sync_server/merge/CMakeLists.txt", "lantaarn_room(server_merge SOURCES a.cpp DEPENDS common_crypto common_database)");
    put("common/crypto/a.cpp", "#include \"common/base/b.hpp\"\n#include <sodium.h>\n");
    put("sync_server/merge/a.cpp", "#include \"common/base/b.hpp\"\n");
  }
  [[nodiscard]] Finished with(const std::string& path, const std::string& included) const {
    put(path, "#include \"" + included + "\"\n");
    return check("check-layers");
  }
};

struct WordyTree : Tree {
  WordyTree() {
    put("common/words/nl.po", po("nl", "Er is {0} mis."));
    put("common/words/en.po", po("en", "{0} is wrong."));
    put("common/base/a.cpp", "return refused(\"it_broke\", {name});\n");
  }
  static std::string po(const std::string& language, const std::string& sentence) {
    return "msgid \"\"\nmsgstr \"\"\n\"Language: " + language + "\\n\"\n\nmsgid \"error:it_broke\"\nmsgstr \"" + sentence + "\"\n";
  }
};

}  // namespace

TEST_CASE("a tree that keeps the layers passes", "[checks]") {
  const Finished done = LayeredTree().check("check-layers");
  CHECK(done.out == "check-layers: 2 files, 0 violations\n");
  CHECK(done.exit_code == 0);
}

TEST_CASE("an include against the layers is refused", "[checks]") {
  const auto [path, included] = GENERATE(table<std::string, std::string>({
      {"common/base/x.cpp", "common/crypto/a.hpp"},            // upward
      {"common/base/x.cpp", "tests/support/a.hpp"},            // into the tests
      {"common/crypto/x.cpp", "common/database/a.hpp"},        // sideways
      {"common/base/x.cpp", "sodium.h"},                       // a library with one owner
      {"common/crypto/x.cpp", "sqlite3.h"},                    //
      {"firmware_app/vault/x.cpp", "sync_server/merge/a.hpp"}, // the other application
      {"firmware_app/vault/x.cpp", "common/base/a.hpp"},       // not in its DEPENDS
      {"sync_server/merge/x.cpp", "common/database/a.hpp"},    // a deciding room and SQL
      {"sync_server/merge/x.cpp", "boost/asio/io_context.hpp"},
  }));
  const Finished done = LayeredTree().with(path, included);
  CAPTURE(path, included);
  CHECK(done.exit_code == 1);
  CHECK(done.out.find(path + ": includes " + included + ": ") == 0);
}

TEST_CASE("tests may use both applications", "[checks]") {
  const LayeredTree tree;
  CHECK(tree.with("tests/e2e/x.cpp", "firmware_app/vault/a.hpp").exit_code == 0);
  CHECK(tree.with("tests/e2e/y.cpp", "sync_server/merge/a.hpp").exit_code == 0);
}

TEST_CASE("words that agree pass", "[checks]") {
  const Finished done = WordyTree().check("check-words");
  CHECK(done.out == "check-words: 1 keys, 0 problems\n");
  CHECK(done.exit_code == 0);
}

TEST_CASE("words that do not agree are refused", "[checks]") {
  const WordyTree tree;
  std::string complaint;
  SECTION("an error without a sentence") {
    tree.put("firmware_app/a.cpp", "return retry(\"it_hid\");");
    complaint = "error:it_hid: named in firmware_app/a.cpp, not in nl.po";
  }
  SECTION("a label without a text") {
    tree.put("firmware_app/a.cpp", "text(\"label:shelf\")");
    complaint = "label:shelf: named in firmware_app/a.cpp, not in nl.po";
  }
  SECTION("a placeholder lost in translation") {
    tree.put("common/words/en.po", WordyTree::po("en", "It is wrong."));
    complaint = "error:it_broke: nl and en do not use the same {0}, {1}, …";
  }
  SECTION("English left in Dutch") {
    tree.put("common/words/nl.po", WordyTree::po("nl", "{0} is wrong."));
    complaint = "error:it_broke: the same in nl and en";
  }
  SECTION("a key in one language only") {
    tree.put("common/words/nl.po", WordyTree::po("nl", "{0}") + "\nmsgid \"label:x\"\nmsgstr \"x\"\n");
    complaint = "label:x: only in nl.po";
  }
  const Finished done = tree.check("check-words");
  CHECK(done.exit_code == 1);
  CHECK(done.out.find(complaint) == 0);
}

#include "sync_server/admin/recovery_sheets.hpp"

#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>

#include "common/crypto/random.hpp"
#include "sync_server/admin/new_file.hpp"
#include "sync_server/admin/recovery.hpp"
#include "sync_server/admin/screen_words.hpp"
#include "sync_server/backup/sheet_page.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

// Gone again unless kept.
class SheetFiles {
 public:
  [[nodiscard]] static Result<SheetFiles> claim(const std::string& folder) {
    std::error_code failed;
    std::filesystem::create_directory(folder, failed);
    if (failed) return storage_error("file_not_written", {folder});
    SheetFiles files;
    for (int number = 1; number <= static_cast<int>(backup::kShares); ++number) {
      const std::string path = (std::filesystem::absolute(folder) / backup::sheet_file_name(number)).string();
      LANTAARN_ASSIGN(NewFile file, NewFile::claim(path));
      files.claimed_.push_back(std::move(file));
      files.paths_.push_back(path);
    }
    return files;
  }
  SheetFiles(SheetFiles&& other) noexcept
      : claimed_(std::move(other.claimed_)), paths_(std::exchange(other.paths_, {})), kept_(other.kept_) {}
  SheetFiles& operator=(SheetFiles&&) = delete;
  ~SheetFiles() {
    if (kept_) return;
    claimed_.clear();
    for (const std::string& path : paths_) ::unlink(path.c_str());
  }
  [[nodiscard]] Status fill(std::size_t index, ByteView content) { return claimed_[index].fill(content); }
  void keep() { kept_ = true; }
  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }

 private:
  SheetFiles() = default;
  std::vector<NewFile> claimed_;
  std::vector<std::string> paths_;
  bool kept_ = false;
};

using Sheets = std::array<backup::Sheet, backup::kShares>;

// Before anybody relies on them: each two of what is printed give this key.
Status check_pairs(const Sheets& sheets, const backup::RecoveryPublic& key) {
  for (std::size_t one = 0; one < sheets.size(); ++one) {
    for (std::size_t other = one + 1; other < sheets.size(); ++other) {
      LANTAARN_ASSIGN(const auto joined, backup::join_sheets(sheets[one], sheets[other]));
      if (!(joined.public_half() == key)) return bug("recovery: two sheets give another key");
    }
  }
  return {};
}

Status write_sheets(SheetFiles& files, const Sheets& sheets, const backup::SheetFacts& facts) {
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    LANTAARN_ASSIGN(Bytes pdf, backup::sheet_pdf(sheets[i], facts));
    const Status written = files.fill(i, pdf);
    crypto::wipe(pdf);
    LANTAARN_TRY(written);
  }
  return {};
}

}  // namespace

Answer create_recovery_sheets(const Arguments& arguments, const AskServer& ask_server) {
  LANTAARN_ASSIGN(const Output allowed, ask_server(arguments));
  const json::object& server = allowed.document.as_object();
  LANTAARN_ASSIGN(SheetFiles files, SheetFiles::claim(arguments.one("sheets")));

  const auto secret = crypto::random_secret<backup::RecoverySecret::kBytes>();
  const backup::RecoveryPublic key = backup::recovery_key_of(secret).public_half();
  const Sheets sheets = backup::make_sheets(secret);
  LANTAARN_TRY(check_pairs(sheets, key));
  LANTAARN_TRY(write_sheets(files, sheets, {text_in(server, "date"), text_in(server, "server_id"), to_hex(backup::recovery_fingerprint(key))}));

  Arguments made = arguments;
  made.values[std::string(kPublicKeyValue)] = {to_hex(backup::to_bytes(key))};
  Answer answered = ask_server(made);
  // Unless it surely did not, the server may have written the key down: then these sheets are all there is of it.
  if (answered.ok() || answered.error().kind != ErrorKind::kRefused) files.keep();
  LANTAARN_ASSIGN(Output answer, std::move(answered));
  json::array paths;
  for (const std::string& path : files.paths()) paths.push_back(json::value(path));
  answer.document.as_object()["sheets"] = std::move(paths);
  return answer;
}

}  // namespace lantaarn::server::admin

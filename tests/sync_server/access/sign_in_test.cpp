#include "sync_server/access/sign_in.hpp"

#include <catch2/catch.hpp>

#include "common/crypto/base64url.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"
#include "sync_server/access/invitations.hpp"
#include "sync_server/access/limits.hpp"
#include "sync_server/access/one_time_code.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/sync_server/access/virtual_passkey.hpp"

using namespace lantaarn;
using namespace lantaarn::server::access;

namespace {

const UserId kUser{{1}}, kMaker{{2}};
constexpr std::string_view kPassword = "correct paard batterij";

Result<crypto::Key> quick(ByteView password, ByteView salt, const crypto::KdfParameters&) {
  return crypto::Key(std::span<const std::uint8_t, 32>(crypto::blake2b_256({password, salt})));
}

struct Door {
  support::TempFolder folder;
  Site site{"localhost", "https://localhost:8443"};
  Instant now{1'700'000'000'000, 50'000};
  Accounts accounts;
  Ceremonies ceremonies;
  SignIn sign_in;
  Invitations invitations;
  Door() : accounts(open(folder)), sign_in(accounts, ceremonies, site, quick), invitations(accounts, ceremonies, sign_in) {}
  static Accounts open(const support::TempFolder& folder) {
    REQUIRE(crypto::initialise().ok());
    auto opened = Accounts::open(folder.file("accounts.db"), crypto::random_secret<32>());
    REQUIRE(opened.ok());
    return std::move(*opened);
  }
  Bytes secret;
  void set_password() {
    const auto begun = invitations.begin_password(kUser, "Fatima", kPassword, now);
    REQUIRE(begun.ok());
    // What an app is given as text is the secret.
    secret.clear();
    std::uint32_t bits = 0;
    int count = 0;
    for (const char letter : begun->totp_secret) {
      bits = bits << 5 | static_cast<std::uint32_t>(letter >= 'A' ? letter - 'A' : letter - '2' + 26);
      count += 5;
      if (count >= 8) secret.push_back(static_cast<std::uint8_t>(bits >> (count -= 8)));
    }
    REQUIRE(invitations.confirm_password(kUser, begun->ceremony, code(), now).ok());
    wait(60);
  }
  void wait(std::int64_t seconds) {
    now.wall_ms += seconds * 1000;
    now.monotonic_ms += seconds * 1000;
  }
  std::string code() const { return code_at(secret, now.wall_ms / 1000 / kStepSeconds); }
  Result<UserId> enter(std::string_view password, const std::string& typed, bool is_recovery = false) {
    return sign_in.with_password(kUser, "fatima", password, typed, is_recovery, now);
  }
};

}  // namespace

TEST_CASE("password and code together open, neither alone", "[access][sign-in]") {
  Door door;
  door.set_password();
  CHECK(door.enter(kPassword, "000000").error().code == "sign_in_refused");
  CHECK(door.enter("wrong wrong wrong", door.code()).error().code == "sign_in_refused");
  const auto in = door.enter(kPassword, door.code());
  REQUIRE(in.ok());
  CHECK(*in == kUser);
  // The same code once more, as somebody who looked over her shoulder would.
  CHECK(door.enter(kPassword, door.code()).error().code == "sign_in_refused");
}

TEST_CASE("failures wait longer each time, and success forgets them", "[access][sign-in]") {
  Door door;
  door.set_password();
  for (std::uint32_t i = 0; i <= kFreeFailures; ++i) CHECK(door.enter("wrong wrong wrong", "000000").error().code == "sign_in_refused");
  const auto told = door.enter(kPassword, door.code());
  REQUIRE(told.error().code == "wait_seconds");
  CHECK(told.error().args.front() == "2");
  door.wait(2);
  CHECK(door.enter("wrong wrong wrong", "000000").error().code == "sign_in_refused");
  CHECK(door.enter(kPassword, door.code()).error().args.front() == "4");
  // A clock that is put back is no way around it.
  door.now.wall_ms -= 3'600'000;
  CHECK(door.enter(kPassword, door.code()).error().code == "wait_seconds");
  door.now.wall_ms += 3'600'000;
  door.wait(30);
  REQUIRE(door.enter(kPassword, door.code()).ok());
  CHECK(door.enter("wrong wrong wrong", "000000").error().code == "sign_in_refused");
}

TEST_CASE("a name that nobody has waits and refuses like one that somebody has", "[access][sign-in]") {
  Door door;
  for (std::uint32_t i = 0; i <= kFreeFailures; ++i) {
    CHECK(door.sign_in.with_password(std::nullopt, "nobody", kPassword, "000000", false, door.now).error().code == "sign_in_refused");
  }
  CHECK(door.sign_in.with_password(std::nullopt, "nobody", kPassword, "000000", false, door.now).error().code == "wait_seconds");
}

TEST_CASE("a recovery code stands in for the app, once", "[access][sign-in]") {
  Door door;
  door.set_password();
  const auto codes = renew_recovery_codes(door.accounts, kUser);
  REQUIRE(codes.ok());
  REQUIRE(codes->size() == kRecoveryCodes);
  std::string shouted = codes->front();
  for (char& letter : shouted) letter = static_cast<char>(letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter);
  // Beside a wrong password it is not spent.
  CHECK(door.enter("wrong wrong wrong", shouted, true).error().code == "sign_in_refused");
  CHECK(door.enter(kPassword, shouted, true).ok());
  CHECK(door.enter(kPassword, codes->front(), true).error().code == "sign_in_refused");
  REQUIRE(renew_recovery_codes(door.accounts, kUser).ok());
  CHECK(door.enter(kPassword, codes->at(1), true).error().code == "sign_in_refused");
}

TEST_CASE("an invitation serves once, soon ends, and a newer one ends it", "[access][invitations]") {
  Door door;
  const auto first = door.invitations.invite(kUser, kMaker, door.now.wall_ms);
  const auto second = door.invitations.invite(kUser, kMaker, door.now.wall_ms);
  CHECK(door.invitations.look(*first, door.now.wall_ms).error().code == "invitation_invalid");
  REQUIRE(door.invitations.look(*second, door.now.wall_ms)->user == kUser);
  CHECK(door.invitations.look(*second, door.now.wall_ms + kInvitationMs).error().code == "invitation_invalid");
  REQUIRE(door.invitations.spend(*second, door.now.wall_ms).ok());
  CHECK(door.invitations.look(*second, door.now.wall_ms).error().code == "invitation_invalid");
  CHECK(door.invitations.look("", door.now.wall_ms).error().code == "invitation_invalid");
}

TEST_CASE("an invited passkey signs in, and its question serves once", "[access][sign-in]") {
  Door door;
  VirtualPasskey passkey("localhost");
  const auto challenge_of = [](const boost::json::object& options) {
    return *crypto::from_base64url(std::string_view(options.at("publicKey").at("challenge").as_string()));
  };
  const auto options = door.invitations.passkey_options(Purpose::kInvitedPasskey, kUser, "Fatima", door.now);
  const auto made = passkey.create(door.site, challenge_of(options));
  const std::string ceremony(options.at("ceremony").as_string());
  const auto add = [&](const UserId& user) {
    return door.invitations.add_passkey(Purpose::kInvitedPasskey, user, ceremony, made.client_data_json, made.authenticator_data, "laptop", door.now);
  };
  SECTION("of another user it is not taken") {
    CHECK(add(kMaker).error().code == "passkey_invalid");
  }
  SECTION("and it opens") {
    REQUIRE(add(kUser).ok());
    CHECK(add(kUser).error().code == "passkey_invalid");
    const auto asked = door.sign_in.passkey_options(door.now);
    const std::string question(asked.at("ceremony").as_string());
    const auto answer = passkey.use(door.site, challenge_of(asked));
    REQUIRE(door.sign_in.with_passkey(question, passkey.id, answer, door.now).value() == kUser);
    CHECK(door.sign_in.with_passkey(question, passkey.id, answer, door.now).error().code == "sign_in_refused");
    const auto late = door.sign_in.passkey_options(door.now);
    door.wait(kCeremonyMs / 1000);
    CHECK(door.sign_in.with_passkey(std::string(late.at("ceremony").as_string()), passkey.id, passkey.use(door.site, challenge_of(late)), door.now)
              .error()
              .code == "sign_in_refused");
  }
}

TEST_CASE("one address may try so often a minute", "[access][sign-in]") {
  Door door;
  for (std::size_t i = 0; i < kTriesPerPeerPerMinute; ++i) REQUIRE(door.sign_in.admit_try("10.0.0.1", door.now).ok());
  CHECK(door.sign_in.admit_try("10.0.0.1", door.now).error().code == "wait_seconds");
  CHECK(door.sign_in.admit_try("10.0.0.2", door.now).ok());
  door.wait(60);
  CHECK(door.sign_in.admit_try("10.0.0.1", door.now).ok());
}

TEST_CASE("a short password is refused, a long sentence is not", "[access][sign-in]") {
  Door door;
  CHECK(door.sign_in.hash_password("elf tekens!").error().code == "password_short");
  CHECK(door.sign_in.hash_password("ééééééééééé").error().code == "password_short");  // characters, not bytes
  CHECK(door.sign_in.hash_password("twaalf teken").ok());
  CHECK(door.sign_in.hash_password(std::string(kPasswordBytesMax, 'a')).ok());
  CHECK(door.sign_in.hash_password(std::string(kPasswordBytesMax + 1, 'a')).error().code == "text_too_long");
}

TEST_CASE("nothing of how people prove themselves stands in clear on disk", "[access][accounts]") {
  Door door;
  door.set_password();
  const auto codes = renew_recovery_codes(door.accounts, kUser);
  const auto token = door.invitations.invite(kUser, kMaker, door.now.wall_ms);
  std::string found_in;
  for (const std::string& secret : {std::string(kPassword), codes->front(), *token, to_string(door.secret)}) {
    CHECK_FALSE(support::folder_contains(door.folder.path(), secret, found_in));
  }
}

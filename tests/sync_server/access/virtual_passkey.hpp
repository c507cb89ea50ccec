#pragma once
// An authenticator of the tests: makes and uses one ES256 passkey as WebAuthn Level 2 section 6 lays it out.

#include <memory>
#include <string>

#include "common/base/bytes.hpp"
#include "sync_server/access/passkeys.hpp"

namespace lantaarn::server::access {

class VirtualPasskey {
 public:
  explicit VirtualPasskey(std::string site_name, int algorithm = kEs256);
  ~VirtualPasskey();
  struct Made {
    Bytes client_data_json, authenticator_data;
  };
  [[nodiscard]] Made create(const Site& site, ByteView challenge, std::uint8_t flags = 0x45) const;
  [[nodiscard]] Assertion use(const Site& site, ByteView challenge, std::uint8_t flags = 0x05);
  Bytes id{'k', 'e', 'y', '-', '1'};
  std::uint32_t count = 0;

 private:
  struct Key;
  std::unique_ptr<Key> key_;
  std::string site_name_;
  int algorithm_;
};

}  // namespace lantaarn::server::access

#include "sync_server/admin/lookup.hpp"

#include <catch2/catch.hpp>

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;

namespace {

Client client_named(std::vector<std::string> aliases, std::uint8_t first_id_byte) {
  Client client;
  client.id.bytes.fill(first_id_byte);
  client.aliases = std::move(aliases);
  return client;
}

}  // namespace

TEST_CASE("a woman is found by a whole name, an id or the beginning of one", "[lookup]") {
  const std::vector<Client> clients = {client_named({"Roos", "Rosa"}, 0xaa), client_named({"Zoë"}, 0xab), client_named({"Lia"}, 0x12)};
  CHECK(find_client(clients, "rosa")->id == clients[0].id);
  CHECK(find_client(clients, "zoe")->id == clients[1].id);
  CHECK(find_client(clients, clients[2].id.hex())->id == clients[2].id);
  CHECK(find_client(clients, "121212")->id == clients[2].id);
  CHECK(find_client(clients, "Roo").error().code == "client_not_found");
  CHECK(find_client(clients, "1212").error().code == "client_not_found");
}

TEST_CASE("an ambiguous name is refused with ids, never with names", "[lookup]") {
  const std::vector<Client> clients = {client_named({"Roos"}, 0xaa), client_named({"roos"}, 0xbb)};
  const auto found = find_client(clients, "ROOS");
  REQUIRE_FALSE(found.ok());
  CHECK(found.error().code == "client_ambiguous_here");
  CHECK(found.error().args == std::vector<std::string>{clients[0].id.hex() + ", " + clients[1].id.hex()});
}

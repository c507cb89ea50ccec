// The enrolment ticket, which people carry about: as it came, and with its checksum set right.
#include <boost/json.hpp>

#include "common/crypto/hash.hpp"
#include "common/sync/ticket.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace lantaarn::fuzz {
namespace {

std::string with_right_checksum(const std::string& text) {
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(text, error);
  if (error || !value.is_object()) return text;
  boost::json::object& object = value.as_object();
  object.stable_erase("checksum");
  const Hash hash = crypto::blake2b_256({as_bytes("lantaarn ticket v1"), as_bytes(boost::json::serialize(object))});
  object["checksum"] = to_hex(hash);
  return boost::json::serialize(value);
}

}  // namespace
}  // namespace lantaarn::fuzz

LANTAARN_FUZZ_TARGET(ticket) {
  const std::string text = to_string(input);
  for (const std::string& one : {text, with_right_checksum(text)}) {
    const auto ticket = sync::read_ticket(one);
    if (!ticket.ok()) continue;
    const std::string written = sync::write_ticket(*ticket);
    const auto again = sync::read_ticket(written);
    promise(again.ok() && sync::write_ticket(*again) == written);
  }
}

#include "common/channel/preamble.hpp"

namespace lantaarn::channel {
namespace {

constexpr std::string_view kMagic = "LNTN";
static_assert(kMagic.size() + 4 == kPreambleBytes);
static_assert(kTicketIdBytes == kIdBytes);

}  // namespace

ByteArray<kPreambleBytes> make_preamble(Purpose purpose) {
  ByteArray<kPreambleBytes> out{};
  std::memcpy(out.data(), kMagic.data(), kMagic.size());
  out[4] = kVersion;
  out[5] = static_cast<std::uint8_t>(purpose);
  return out;
}

Result<Purpose> read_preamble(ByteView preamble) {
  if (preamble.size() != kPreambleBytes || as_text(preamble.first(4)) != kMagic) return reject_peer("peer_garbage");
  if (preamble[4] != kVersion) return reject_peer("peer_version", {std::to_string(preamble[4])});
  if (preamble[5] > static_cast<std::uint8_t>(Purpose::kEnrolment) || preamble[6] != 0 || preamble[7] != 0) {
    return reject_peer("peer_garbage");
  }
  return static_cast<Purpose>(preamble[5]);
}

Bytes make_prologue(const ServerId& server, ByteView preamble) {
  Bytes out;
  out.reserve(kMagic.size() + 1 + kIdBytes + preamble.size());
  append(out, as_bytes(kMagic));
  out.push_back(kVersion);
  append(out, server.view());
  append(out, preamble);
  return out;
}

}  // namespace lantaarn::channel

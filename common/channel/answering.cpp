#include "common/channel/answering.hpp"

#include <algorithm>

#include "common/crypto/random.hpp"

namespace lantaarn::channel {

Status Answering::take_preamble() {
  const auto preamble = room_for_preamble();
  LANTAARN_ASSIGN(peer_->purpose, read_preamble(preamble));
  std::copy(preamble.begin(), preamble.end(), preamble_.begin());
  responder_.emplace(*server_->key, make_prologue(server_->id, preamble_));
  return {};
}

Status Answering::read_message1(std::span<std::uint8_t> ticket) {
  Status status = responder_->read_message_1(room_for_message1(), ticket);
  for (const DhKeyPair* former : server_->former.first(std::min(server_->former.size(), kServerKeysMax - 1))) {
    if (status.ok()) break;
    Responder other = std::move(*responder_).as_holder_of(*former, make_prologue(server_->id, preamble_));
    responder_.emplace(std::move(other));
    status = responder_->read_message_1(room_for_message1(), ticket);
  }
  return status;
}

Status Answering::take_message1() {
  const bool enrols = peer_->purpose == Purpose::kEnrolment;
  const std::span<std::uint8_t> ticket(peer_->ticket.bytes);
  Status status = read_message1(ticket.first(enrols ? kTicketIdBytes : 0));
  bytes_.fill(0);
  LANTAARN_TRY(std::move(status));
  LANTAARN_ASSIGN(const Bytes message2, responder_->write_message_2({}));
  std::copy(message2.begin(), message2.end(), bytes_.begin());
  return {};
}

Status Answering::take_message3() {
  LANTAARN_ASSIGN(peer_->device_key, responder_->read_device_key(bytes_));
  return {};
}

Status Answering::admit(const crypto::Key* psk) {
  if (psk != nullptr) return responder_->admit(bytes_, *psk, {});
  return responder_->admit(bytes_, crypto::random_secret<32>(), {});
}

}  // namespace lantaarn::channel

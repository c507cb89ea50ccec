// What comes over the server's own sockets: frames from the gateway process, which may have been taken over, and requests
// on the control socket.
#include "sync_server/admin/control.hpp"
#include "sync_server/gateway/ipc.hpp"
#include "sync_server/gateway/ipc.pb.h"
#include "tests/fuzz/fuzz.hpp"

namespace lantaarn::fuzz {
namespace {

void frames(Pieces pieces) {
  server::ipc::FrameReader reader;
  server::ipc::Frame frame;
  while (!pieces.empty()) {
    reader.push(pieces.next());
    while (true) {
      const auto found = reader.next(frame);
      if (!found.ok()) {
        promise(!reader.next(frame).ok());
        return;
      }
      if (!*found) break;
    }
  }
}

}  // namespace
}  // namespace lantaarn::fuzz

LANTAARN_FUZZ_TARGET(local) {
  Pieces pieces(input);
  switch (pieces.byte() % 3) {
    case 0: return frames(pieces);
    case 1: {
      const auto request = server::admin::decode_request(as_text(pieces.rest()));
      if (request.ok()) promise(server::admin::decode_request(server::admin::encode_request(*request)).ok());
      return;
    }
    default: static_cast<void>(server::admin::decode_answer(as_text(pieces.rest())));
  }
}

#include "sync_server/gateway/ipc.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "sync_server/gateway/half_open.hpp"
#include "sync_server/gateway/ipc.pb.h"
#include "sync_server/gateway/launch.hpp"
#include "tests/support/temp_folder.hpp"

namespace lantaarn::server {

TEST_CASE("frames come out of any pieces they were cut into", "[gateway]") {
  Bytes stream;
  for (std::uint64_t id = 1; id <= 3; ++id) {
    ipc::Frame frame;
    frame.set_request_id(id);
    frame.mutable_start_failed()->set_detail(std::string(1000 * id, 'x'));
    append(stream, ipc::encode_frame(frame).value());
  }
  for (const std::size_t piece : {1U, 7U, 1000U, 10'000U}) {
    ipc::FrameReader reader;
    std::uint64_t expected = 1;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      reader.push(ByteView(stream).subspan(at, std::min(piece, stream.size() - at)));
      ipc::Frame frame;
      while (reader.next(frame).value()) CHECK(frame.request_id() == expected++);
    }
    CHECK(expected == 4);
  }
}

TEST_CASE("a length over the limit, or no frame, breaks the reader for good", "[gateway]") {
  ipc::Frame frame;
  ipc::FrameReader oversized;
  Bytes length;
  append_le(length, static_cast<std::uint32_t>(ipc::kFrameBytesMax + 1));
  oversized.push(length);
  CHECK(oversized.next(frame).error().code == "ipc_broken");
  CHECK(oversized.next(frame).error().code == "ipc_broken");
  ipc::FrameReader garbage;
  garbage.push(Bytes{2, 0, 0, 0, 0xff, 0xff});
  CHECK_FALSE(garbage.next(frame).ok());
}

namespace gateway {

TEST_CASE("the program that is launched gets its command and the socket, and ends when that is closed", "[gateway]") {
  support::TempFolder folder;
  const std::string program = folder.file("echo");
  support::write_file(program, "#!/bin/sh\n[ \"$1 $2 $3\" = 'gateway --fd 3' ] && exec cat <&3 >&3\n");
  REQUIRE(::chmod(program.c_str(), 0700) == 0);
  const auto launched = launch_gateway(program);
  REQUIRE(launched.ok());
  ipc::Frame frame;
  frame.set_request_id(7);
  frame.mutable_shutdown();
  CHECK(ipc::write_frame(launched->descriptor, frame).ok());
  ipc::FrameReader reader;
  ipc::Frame echoed;
  CHECK(ipc::read_frame(launched->descriptor, reader, echoed).ok());
  CHECK(echoed.request_id() == 7);
  ::close(launched->descriptor);
  int ended = -1;
  CHECK(::waitpid(launched->pid, &ended, 0) == launched->pid);
  CHECK(ended == 0);
}

TEST_CASE("an address that keeps failing gets a smaller share, until it is forgotten", "[gateway]") {
  GatewayLimits limits;
  limits.half_open_max = 100;
  limits.half_open_per_address = 4;
  limits.half_open_per_failing_address = 1;
  limits.failures_tolerated = 3;
  limits.failure_memory = std::chrono::seconds(60);
  HalfOpen half_open(limits);
  const auto start = HalfOpen::Clock::now();
  int closed = 0;
  const auto add = [&](const std::string& address, HalfOpen::Clock::time_point now) {
    return half_open.add(address, [&] { ++closed; }, now);
  };
  for (int i = 0; i < 3; ++i) half_open.remove(add("a", start), true, start);
  static_cast<void>(add("a", start));
  static_cast<void>(add("b", start));
  CHECK(closed == 0);
  static_cast<void>(add("a", start));
  CHECK(closed == 1);
  const auto later = start + std::chrono::seconds(61);
  static_cast<void>(add("a", later));
  CHECK(closed == 1);
  CHECK(half_open.failed() == 3);
  CHECK(half_open.size() == 3);
  half_open.evict_oldest();
  CHECK(half_open.size() == 2);
}

}  // namespace gateway
}  // namespace lantaarn::server

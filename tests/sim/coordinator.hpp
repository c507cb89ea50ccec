#pragma once
// What people at the server do meanwhile: they add, change, link, unlink, write down, erase, admit and revoke, whenever
// chance wants, on a disk that may fail in it.

#include "tests/sim/server.hpp"

namespace lantaarn::sim {

class Coordinator {
 public:
  Coordinator(World& world, Server& server) : world_(world), server_(server) {}

  void act(const std::vector<std::unique_ptr<Handheld>>& handhelds);
  /// Admits everything that is set apart and may be; never fails.
  void admit_all();

 private:
  /// False: the disk refused it, and it does not count.
  bool state(const model::Event& event);
  [[nodiscard]] model::Event add_client();
  [[nodiscard]] model::Event change_client();
  [[nodiscard]] std::optional<model::Event> link();
  [[nodiscard]] std::optional<model::Event> unlink();
  [[nodiscard]] model::Event add_record();
  [[nodiscard]] std::optional<model::Event> admit_some();
  void erase();
  void revoke(const Handheld& handheld);

  World& world_;
  Server& server_;
  std::vector<EventId> links_;
};

}  // namespace lantaarn::sim

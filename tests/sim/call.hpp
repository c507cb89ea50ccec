#pragma once
// One session between a handheld and the server: real Sender, real Receiver, real frames, over wires that chance empties
// frame by frame and meddles with. The two ends learn of a cut at different times: what was on its way up may still be
// worked off.

#include <memory>

#include "tests/sim/server.hpp"
#include "tests/sim/wire.hpp"

namespace lantaarn::sim {

class Call : public std::enable_shared_from_this<Call> {
 public:
  Call(Handheld& handheld, Server& server);

  /// One thing that can happen now, by chance. False: nothing can (it waits for the disk, or it is over).
  bool step();
  /// Somebody touches what is on its way. False: nothing is.
  bool meddle();
  /// The handheld learns that the connection is gone; the server may not yet. What is on its way down is lost.
  void cut();
  /// The server learns it (or dies): what is on its way up is lost.
  void server_leaves() { server_there_ = false; }
  void on_stored(const std::vector<sync::StoreResult>& results) { perform(receiver_.on_stored(results)); }

  [[nodiscard]] Wire& up() { return up_; }
  [[nodiscard]] Wire& down() { return down_; }
  [[nodiscard]] Handheld& handheld() { return handheld_; }
  [[nodiscard]] bool handheld_there() const { return sender_.has_value(); }
  [[nodiscard]] bool over() const { return !handheld_there() && (!server_there_ || up_.empty()); }
  /// The whole session was done: everything that was there at its start is received.
  [[nodiscard]] bool succeeded() const { return succeeded_; }
  /// A batch was on its way: there may be more.
  [[nodiscard]] bool sent_something() const { return sent_something_; }
  /// Why the handheld gave up, if it did.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

 private:
  bool hang_up_with(const Error& error);
  bool handheld_sends();
  bool server_receives();
  bool handheld_receives();
  void perform(sync::Actions actions);
  void learn_from(const Bytes& message);
  void learn_what_is_secured(const sync::pb::Down& down);
  void hang_up();

  Handheld& handheld_;
  Server& server_;
  std::optional<sync::Sender> sender_;
  sync::Receiver receiver_;
  std::uint32_t server_epoch_;  // of the server that was called
  bool server_there_ = true;
  bool succeeded_ = false;
  bool sent_something_ = false;
  std::string trouble_;
  Wire up_;
  Wire down_;
};

}  // namespace lantaarn::sim

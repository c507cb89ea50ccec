#pragma once
// Plays a programme's facts against a running server: what happens outside through the handhelds' own code, what happens
// at the office through the server's commands, and in between a sync whenever one is due.

#include <functional>
#include <mutex>

#include "tools/programme/device.hpp"
#include "tools/programme/fact.hpp"
#include "tools/programme/office.hpp"

namespace lantaarn::programme {

struct Ground {
  std::string folder;          ///< the handhelds' folders are made in it
  std::string server_data;
  std::string server_address;  ///< HOST:PORT
  std::string clock_file;      ///< office.hpp
};

struct Tally {
  std::uint64_t at_office = 0, saved = 0, received = 0, merged = 0, syncs = 0;
  double sync_seconds = 0;     ///< in all sessions together: sent, received, merged, cards
};

/// One line of what happened, for whoever watches.
using Tell = std::function<void(const boost::json::object&)>;

class Player {
 public:
  Player(const Scenario& scenario, Ground ground, Tell tell);

  /// Staff, women and handhelds, the afternoon before the first day; every user enrolled and with her cards.
  [[nodiscard]] Status prepare();
  /// The facts in their order. An error says at which one it stopped.
  [[nodiscard]] Status play(const std::vector<Fact>& facts);
  [[nodiscard]] const Tally& tally() const { return tally_; }

 private:
  [[nodiscard]] Status add_staff_and_women();
  [[nodiscard]] Status enrol_all();
  [[nodiscard]] Status enrol_one(const Handheld& handheld, Device& device);
  [[nodiscard]] Result<std::string> ticket(const Handheld& handheld, const std::string& user, bool is_first);

  [[nodiscard]] Status happen(const Fact& fact);
  [[nodiscard]] Status happen_at_office(const Fact& fact);
  [[nodiscard]] Status happen_outside(const Fact& fact);
  [[nodiscard]] Status happen_to_clock(const Fact& fact, Device& device);
  [[nodiscard]] Status log(const Fact& fact, firmware::Capture& capture);
  [[nodiscard]] Status change_woman(const Fact& fact, firmware::Capture& capture);
  [[nodiscard]] Status write_record(const Fact& fact, firmware::Capture& capture);
  [[nodiscard]] Status sync(const std::string& handheld, std::int64_t at_ms);
  /// "@label" as that record's id.
  [[nodiscard]] model::FieldValues with_ids(model::FieldValues fields) const;
  [[nodiscard]] std::optional<ClientId> client(const std::string& alias) const;

  const Scenario& scenario_;
  Ground ground_;
  Tell tell_;
  Office office_;
  std::map<std::string, std::unique_ptr<Device>> devices_;
  std::map<std::string, firmware::OutboxCounts> counts_;
  std::map<std::string, std::uint64_t> since_sync_;  // facts of a handheld
  std::map<std::string, ClientId> clients_;
  std::map<std::string, EventId> events_, follow_ups_;  // by label
  std::mutex ticket_mutex_;
  Tally tally_;
};

}  // namespace lantaarn::programme

#pragma once
// Room on the disk that holds a folder, said early; and a piece of it kept back, so that a disk that fills up tonight
// does not eat tonight's contacts.

#include <cstdint>
#include <string>

#include "common/base/result.hpp"

namespace lantaarn::firmware {

/// What an unprivileged program may still write there. kStorage "disk_error" {path}.
[[nodiscard]] Result<std::uint64_t> free_disk_bytes(const std::string& folder);

/// Given back when the disk is full: some hundreds of contacts.
inline constexpr std::uint64_t kReserveBytes = 1024 * 1024;
/// A round takes at least so much in all: journal, WAL, index, what is kept beside it.
inline constexpr std::uint64_t kRoundBytesMin = 128 * 1024;
/// How much more a round takes than its entries weigh.
inline constexpr std::uint64_t kRoundOverhead = 2;
inline constexpr std::uint64_t kWarnDays = 14;
inline constexpr std::uint64_t kDaysShownMax = 9999;

/// Days of rounds, one a day, for which there is room when the last `rounds` rounds took `bytes`.
[[nodiscard]] std::uint64_t days_left(std::uint64_t free_bytes, std::uint64_t rounds, std::uint64_t bytes);

/// A file of kReserveBytes that holds nothing. Never an error: without it there is simply no reserve.
class Reserve {
 public:
  explicit Reserve(const std::string& folder) : path_(folder + "/reserve"), folder_(folder) {}
  [[nodiscard]] bool is_kept() const;
  /// Makes it when it is not there and there is plenty of room; gives it up before there is too little for a save.
  void tend();
  /// Gives it up. True when there is room now that was not there before; durable.
  bool release();

 private:
  std::string path_;
  std::string folder_;
};

}  // namespace lantaarn::firmware

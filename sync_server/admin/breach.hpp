#pragma once
// A handheld that is lost: reported, shut out, and accounted for. The breach sheet says what stood on it, how it was sealed,
// whom it concerns, and until when the supervisory authority must know (GDPR art. 33: 72 hours after the loss was known;
// art. 34: the women themselves, when the risk is high).

#include <boost/json/object.hpp>

#include "sync_server/admin/context.hpp"

namespace lantaarn::server::admin {

inline constexpr std::int64_t kNotifyWithinMs = 72LL * 3600 * 1000;

/// RFC 3339, or a day or a day and a time as they are said in Amsterdam: "2026-11-22", "2026-11-22 20:30".
/// kRefused "instant_invalid".
[[nodiscard]] Result<std::int64_t> read_instant(const std::string& typed);

/// `device lost`: written down (from now on the loss is known), revoked, and to be wiped should it ever connect: one
/// transaction. kRefused "device_already_lost", "instant_invalid", "instant_in_future".
[[nodiscard]] Answer report_lost(Context& context, const Arguments& arguments);
/// `device breach-sheet`: what the server knows; women by name only for a role that may open every record.
[[nodiscard]] Answer breach_sheet(Context& context, const Arguments& arguments);

/// The document of `device breach-sheet` as people read it: headings, and under each what is what and loose lines.
struct BreachSection {
  std::string heading;
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<std::string> lines;
};
[[nodiscard]] std::vector<BreachSection> breach_sections(const boost::json::object& breach);
[[nodiscard]] std::string breach_title(const boost::json::object& breach);
/// The same on paper, in the words of whoever asks. Errors: those of paper/document.hpp.
[[nodiscard]] Result<Bytes> breach_pdf(const boost::json::object& breach);

}  // namespace lantaarn::server::admin

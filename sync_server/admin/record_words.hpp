#pragma once
// Records in words: kinds, fields and values as people read them.

#include <boost/json/object.hpp>
#include <string>

namespace lantaarn::server::admin {

/// "toeleiding".
[[nodiscard]] std::string kind_word(const std::string& kind);
/// One value of a record's document: a code's words, a date, euros, hours, "niet beoordeeld".
[[nodiscard]] std::string value_words(const std::string& kind, const std::string& field, const std::string& value);
/// "partner F-ACT, stand wachtlijst": everything stated but the day.
[[nodiscard]] std::string record_summary(const boost::json::object& record);
/// "12 dagen, 1671.24 euro, bijna voorbij": what follows from it today; "" when nothing does.
[[nodiscard]] std::string record_remark(const boost::json::object& record);
/// The record's day, "22-11-2026".
[[nodiscard]] std::string record_day(const boost::json::object& record);

}  // namespace lantaarn::server::admin

#include "common/model/own_codes.hpp"

#include "common/model/codes.hpp"
#include "common/model/fields.hpp"
#include "common/model/record_kinds.hpp"

namespace lantaarn::model {

void OwnCodes::put(OwnCode code) {
  auto key = std::pair(code.list, code.code);
  codes_.insert_or_assign(std::move(key), std::move(code));
}

const OwnCode* OwnCodes::find(std::string_view list, std::string_view code) const {
  const auto found = codes_.find(std::pair(std::string(list), std::string(code)));
  return found == codes_.end() ? nullptr : &found->second;
}

std::vector<OwnCode> OwnCodes::all() const {
  std::vector<OwnCode> all;
  for (const auto& [key, code] : codes_) all.push_back(code);
  return all;
}

Status OwnCodes::check_value(std::string_view list, std::string_view value, bool is_new) const {
  if (!is_extensible(list)) return {};
  for (const auto& code : split_codes(value)) {
    if (!is_own_code(code)) continue;
    const OwnCode* known = find(list, code);
    if (known == nullptr) {
      std::string valid;
      for (const std::string_view one : codes_of(list)) valid += (valid.empty() ? "" : ", ") + std::string(one);
      for (const auto& [key, own] : codes_) {
        if (own.list == list && !own.withdrawn) valid += ", " + own.code;
      }
      return refused("unknown_code", {std::string(list), code, valid});
    }
    if (known->withdrawn && is_new) return refused("code_withdrawn", {code});
  }
  return {};
}

template <typename Values>
Status OwnCodes::check_values(std::string_view kind, const Values& values, bool is_new) const {
  const RecordKind* known = find_record_kind(kind);
  if (known == nullptr) return {};
  for (const auto& value : values) {
    const RecordField* field = known->field(value.field());
    if (field != nullptr && !field->codes.empty()) LANTAARN_TRY(check_value(field->codes, value.value(), is_new));
  }
  return {};
}

Status OwnCodes::check_offered(const pb::Event& event) const {
  for (const auto& topic : event.contact_logged().topics()) LANTAARN_TRY(check_value("topic", topic, true));
  for (const auto& change : event.contact_amended().changes()) {
    if (change.field() == "topics") LANTAARN_TRY(check_value("topic", change.value(), false));
  }
  LANTAARN_TRY(check_values(event.record_added().kind(), event.record_added().fields(), true));
  return check_values(event.record_changed().kind(), event.record_changed().changes(), false);
}

}  // namespace lantaarn::model

#pragma once
// The codes a customer added to the lists that are extensible (codes.hpp): what may be written down from now on, and what
// they are called. A value; the server folds it from CodeChanged, a handheld keeps what CODE_LISTS told.

#include <map>

#include "common/base/result.hpp"
#include "common/model/event.pb.h"

namespace lantaarn::model {

struct OwnCode {
  std::string list;
  std::string code;
  std::string label_nl, label_en;
  bool withdrawn = false;  ///< not offered any more; what was written with it stays
  bool operator==(const OwnCode&) const = default;
};

class OwnCodes {
 public:
  void put(OwnCode code);
  /// nullptr when unknown.
  [[nodiscard]] const OwnCode* find(std::string_view list, std::string_view code) const;
  /// In order of list, then code.
  [[nodiscard]] std::vector<OwnCode> all() const;
  [[nodiscard]] std::size_t size() const { return codes_.size(); }

  /// What a person is about to write down: its own codes must be known here, and in a new fact not withdrawn. (A correction
  /// may repeat what was written before.) For the program it is typed into, never for the merge.
  /// kRefused "unknown_code" as check_code, "code_withdrawn" {code}.
  [[nodiscard]] Status check_offered(const pb::Event& event) const;

 private:
  [[nodiscard]] Status check_value(std::string_view list, std::string_view value, bool is_new) const;
  template <typename Values>
  [[nodiscard]] Status check_values(std::string_view kind, const Values& values, bool is_new) const;
  std::map<std::pair<std::string, std::string>, OwnCode, std::less<>> codes_;
};

}  // namespace lantaarn::model

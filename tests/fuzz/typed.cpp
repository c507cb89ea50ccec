// What people type and what settings say: fields, dates, codes, names, addresses.
#include "common/base/civil_time.hpp"
#include "common/model/codes.hpp"
#include "common/model/fields.hpp"
#include "common/model/fold_name.hpp"
#include "common/model/record_input.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace lantaarn::fuzz {
namespace {

void record(Pieces pieces) {
  const auto kinds = model::record_kinds();
  const model::RecordKind& kind = kinds[pieces.byte() % kinds.size()];
  std::vector<std::string> words;
  while (!pieces.empty() && words.size() < 40) words.push_back(to_string(pieces.next()));
  auto values = model::typed_fields(kind, words);
  if (!values.ok()) return;
  model::fill_defaults(kind, {2026, 11, 22}, *values);
  if (!model::check_record(kind, *values).ok()) return;
  for (const auto& [field, value] : *values) static_cast<void>(model::check_record_field(kind, field, value));
}

void field(Pieces pieces) {
  const std::string name = to_string(pieces.next());
  const std::string value = to_string(pieces.rest());
  static_cast<void>(model::check_contact_field(name, value));
  static_cast<void>(model::check_client_field(name, value));
  const std::string folded = model::fold_name(value);
  promise(model::fold_name(folded) == folded);
}

}  // namespace
}  // namespace lantaarn::fuzz

LANTAARN_FUZZ_TARGET(typed) {
  Pieces pieces(input);
  switch (pieces.byte() % 3) {
    case 0: return record(pieces);
    case 1: return field(pieces);
    default: {
      const auto text = as_text(pieces.rest());
      if (const auto date = parse_date(text)) promise(parse_date(to_string(*date)) == date);
    }
  }
}

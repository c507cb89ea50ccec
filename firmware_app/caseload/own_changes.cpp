#include "firmware_app/caseload/own_changes.hpp"

#include <algorithm>
#include <set>

namespace lantaarn::firmware {
namespace {

template <typename Items>
auto* named(Items& items, std::string_view field) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& one) { return one.field() == field; });
  return found == items.end() ? nullptr : &*found;
}

bool apply_field(const pb::OwnFieldChange& own, model::pb::Card& card) {
  auto* shown = named(*card.mutable_fields(), own.field());
  if (shown != nullptr) {
    const std::set<std::string> replaced(own.replaced().begin(), own.replaced().end());
    const auto& heads = shown->heads();
    if (!std::all_of(heads.begin(), heads.end(), [&](const auto& head) { return replaced.contains(head); })) return false;
  } else {
    shown = card.add_fields();
    shown->set_field(own.field());
  }
  shown->set_value(own.value());
  shown->clear_heads();
  shown->add_heads(own.head());
  return true;
}

}  // namespace

bool apply_own_changes(const pb::OwnChanges& changes, model::pb::Card& card) {
  bool applied = false;
  for (const auto& own : changes.fields()) applied = apply_field(own, card) || applied;
  for (const auto& alias : changes.aliases()) {
    if (std::find(card.aliases().begin(), card.aliases().end(), alias) != card.aliases().end()) continue;
    card.add_aliases(alias);
    applied = true;
  }
  return applied;
}

void note_own_change(const model::pb::Card& card, const std::string& field, const std::string& value, const std::string& change,
                     pb::OwnChanges& changes) {
  auto* own = named(*changes.mutable_fields(), field);
  if (own == nullptr) own = changes.add_fields();
  own->set_field(field);
  own->set_value(value);
  own->set_head(change);
  const auto* seen = field_of(card, field);
  if (seen != nullptr) own->mutable_replaced()->MergeFrom(seen->heads());
}

const model::pb::CardField* field_of(const model::pb::Card& card, std::string_view field) { return named(card.fields(), field); }

}  // namespace lantaarn::firmware

#include "firmware_app/capture/heads.hpp"

#include <algorithm>
#include <set>

#include "common/model/limits.hpp"

namespace lantaarn::firmware {

std::vector<std::string> heads_seen(const pb::ContactHeads& own, const CardFields* card, const std::string& field,
                                    const EventId& contact) {
  std::set<std::string> heads;
  std::set<std::string> superseded;
  bool changed_here = false;
  for (const auto& known : own.fields()) {
    if (known.field() != field) continue;
    changed_here = true;
    heads.insert(known.heads().begin(), known.heads().end());
    superseded.insert(known.superseded().begin(), known.superseded().end());
  }
  if (!changed_here) heads.insert(to_string(contact.view()));
  if (card != nullptr) {
    for (const auto& known : *card) {
      if (known.field() == field) heads.insert(known.heads().begin(), known.heads().end());
    }
  }
  std::vector<std::string> seen;
  std::set_difference(heads.begin(), heads.end(), superseded.begin(), superseded.end(), std::back_inserter(seen));
  if (seen.size() > model::kHeadsPerChangeMax) seen.resize(model::kHeadsPerChangeMax);
  return seen;
}

std::optional<pb::ContactHeads> open_heads(const crypto::BoxKey& key, ByteView companion) {
  const auto plain = open_companion(key, companion);
  pb::ContactHeads heads;
  if (!plain || !heads.ParseFromArray(plain->view().data(), static_cast<int>(plain->size()))) return std::nullopt;
  return heads;
}

journal::Companion seal_heads(ByteView companion_key, const UnlockedUser& owner, const pb::ContactHeads& heads) {
  return seal_companion(kHeadsCompanion, companion_key, owner, as_bytes(heads.SerializeAsString()));
}

bool card_is_older(const pb::FieldHeads& own, const CardFields& card) {
  const std::set<std::string> replaced(own.superseded().begin(), own.superseded().end());
  for (const auto& known : card) {
    if (known.field() != own.field()) continue;
    return std::all_of(known.heads().begin(), known.heads().end(), [&](const std::string& head) { return replaced.contains(head); });
  }
  return true;
}

void note_change(pb::ContactHeads& own, const std::string& field, const std::vector<std::string>& seen, const EventId& change) {
  pb::FieldHeads* known = nullptr;
  for (auto& each : *own.mutable_fields()) {
    if (each.field() == field) known = &each;
  }
  if (known == nullptr) known = own.add_fields();
  known->set_field(field);
  known->clear_heads();
  known->add_heads(to_string(change.view()));
  for (const std::string& replaced : seen) known->add_superseded(replaced);
}

}  // namespace lantaarn::firmware

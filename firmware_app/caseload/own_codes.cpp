#include "firmware_app/caseload/own_codes.hpp"

#include "common/model/codes.hpp"
#include "common/sync/sync.pb.h"

namespace lantaarn::firmware {

Result<model::OwnCodes> own_codes_of(Vault& vault) {
  LANTAARN_ASSIGN(const Bytes stated, vault.code_lists());
  sync::pb::CodeLists lists;
  model::OwnCodes codes;
  if (!lists.ParseFromArray(stated.data(), static_cast<int>(stated.size()))) return codes;
  for (const auto& code : lists.codes()) {
    // A newer server may extend a list that this program does not.
    if (!model::is_extensible(code.list()) || !model::is_own_code(code.code())) continue;
    codes.put({code.list(), code.code(), code.label_nl(), code.label_en(), code.withdrawn()});
  }
  return codes;
}

}  // namespace lantaarn::firmware

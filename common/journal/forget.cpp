#include "common/journal/state.hpp"

namespace lantaarn::journal {

Status Journal::forget_everything() {
  {
    LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(state_->database));
    LANTAARN_TRY(state_->database.execute("DELETE FROM entry; DELETE FROM companion; DELETE FROM log;"));
    LANTAARN_TRY(transaction.commit());
  }
  // How much there was is nobody's business either.
  LANTAARN_TRY(state_->database.execute("VACUUM"));
  return state_->database.checkpoint_truncate();
}

}  // namespace lantaarn::journal

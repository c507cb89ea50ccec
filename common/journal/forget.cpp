#include "common/journal/state.hpp"

namespace lantaarn::journal {

// In pieces: what is overwritten stands in the write-ahead log first, and on a full disk there is little room for that. Logs
// last: as long as they are there, the receipts are that say why the rest may go.
Status Journal::forget_everything() {
  do {
    LANTAARN_TRY(state_->database.execute("DELETE FROM entry WHERE place IN (SELECT place FROM entry LIMIT 500)"));
  } while (state_->database.changed_rows() > 0);
  {
    LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(state_->database));
    LANTAARN_TRY(state_->database.execute("DELETE FROM companion; DELETE FROM log;"));
    LANTAARN_TRY(transaction.commit());
  }
  // How much there was is nobody's business either.
  LANTAARN_TRY(state_->database.execute("VACUUM"));
  return state_->database.checkpoint_truncate();
}

}  // namespace lantaarn::journal

#pragma once
// The server's log: ids, codes, sequence numbers and sizes; never a name, a note or a key. LOG.md is the document.
// Where standard error is systemd's journal, an entry with fields goes there; elsewhere one line to standard error.

#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "sync_server/log/kinds.hpp"

namespace lantaarn::server::log {

/// "DEVICE", "CODE", … (capitals); in the journal it is LANTAARN_DEVICE.
struct Field {
  std::string_view name;
  std::string value;
};

/// Once per process, before it is confined (the journal's socket is opened here) and before a second thread.
/// `process` is "gateway" or "registry": what each line begins with. Without it lines still go to standard error.
void open(std::string_view process);

/// `text` says it whole, for people; `fields` say the same for programs. From any thread; never blocks for the journal's
/// sake, never fails: a log that cannot be written is no reason to stop receiving.
void write(Kind kind, const std::string& text, const std::vector<Field>& fields = {});

/// Where a part of the server writes: write() itself, or what a test looks at.
class Sink {
 public:
  using Write = std::function<void(Kind, const std::string&, const std::vector<Field>&)>;
  /// Takes all of it, or lines only.
  template <typename Take, typename = std::enable_if_t<!std::is_same_v<std::decay_t<Take>, Sink>>>
  Sink(Take take) {
    if constexpr (std::is_invocable_v<Take, const std::string&>) {
      write_ = [take = std::move(take)](Kind, const std::string& text, const std::vector<Field>&) { take(text); };
    } else {
      write_ = std::move(take);
    }
  }

  void operator()(const std::string& text) const { write_(Kind::kNote, text, {}); }
  void operator()(Kind kind, const std::string& text, const std::vector<Field>& fields = {}) const { write_(kind, text, fields); }

 private:
  Write write_;
};

}  // namespace lantaarn::server::log

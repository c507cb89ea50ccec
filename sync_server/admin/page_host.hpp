#pragma once
// What serve knows of the page (sync_server/review): one more thing in its poll loop. The page asks the server's commands
// like any other caller; its answers leave when settle() has made durable what they showed.

#include <poll.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "sync_server/admin/control_server.hpp"
#include "sync_server/admin/folder.hpp"

namespace lantaarn::server::admin {

class OpenServer;
struct Context;

/// serve's flags.
struct PageOptions {
  std::string listen;           ///< "HOST:PORT", or "unix:PATH"
  std::string origin;           ///< as browsers name it; "" = made of the rest
  std::string certificate, key; ///< paths; "" = plain HTTP, loopback or unix socket only
};

class PageHost {
 public:
  virtual ~PageHost() = default;
  using Ask = std::function<void(CallerId, const Arguments&)>;
  /// Before the first attend(). Answers come through answer(), perhaps from within `ask`.
  virtual void connect(Ask ask) = 0;
  /// "https://…" where it is.
  [[nodiscard]] virtual std::string origin() const = 0;
  /// A link for the first administrator; nothing when somebody can sign in already. Makes her when there is nobody.
  [[nodiscard]] virtual Result<std::optional<std::string>> first_invitation() = 0;
  virtual void add_to(std::vector<pollfd>& polled) const = 0;
  /// Takes what was asked. kRetry "web_died".
  [[nodiscard]] virtual Status attend(const std::vector<pollfd>& polled) = 0;
  virtual void answer(CallerId caller, const Answer& answer) = 0;
  /// Makes the access log durable, then lets replies leave, then tells who listens what is new. kRetry "web_died".
  [[nodiscard]] virtual Status settle() = 0;
  /// When settle() wants to be called again, at the latest; nothing: when something happens.
  [[nodiscard]] virtual std::optional<std::int64_t> deadline_ms() const = 0;
  /// Somebody clicked in the last seconds: long work goes in small pieces.
  [[nodiscard]] virtual bool is_in_use() const = 0;
  /// Commands that are the page's own ("user invite", "access-log verify"); nothing: not one of these.
  [[nodiscard]] virtual std::optional<Answer> run(const Arguments& arguments) = 0;
};

using OpenPage = std::function<Result<std::unique_ptr<PageHost>>(OpenServer&, const Folder&, const PageOptions&, const Clock&)>;

/// What a server that shows no page answers to the page's own commands; nothing: not one of these.
using RunPageCommand = std::function<std::optional<Answer>(Context&, const Arguments&)>;

struct PageRoom {
  OpenPage open;
  RunPageCommand run;
};

/// Callers of the page are numbered from here on; those of control.sock never come so far.
inline constexpr CallerId kPageCallers = CallerId{1} << 63;

}  // namespace lantaarn::server::admin

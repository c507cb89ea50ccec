#include "firmware_app/ui/refresh.hpp"

#include <utility>

namespace lantaarn::firmware::ui {

Refresh::Refresh(Office& office) : office_(office) { connect(&office, &Office::changed, this, &Refresh::request); }

void Refresh::request() {
  if (under_way_) {
    again_ = true;
    return;
  }
  under_way_ = true;
  std::vector<Look> looks;
  for (const auto& prepare : parts_) looks.push_back(prepare());
  office_.ask(
      [looks](Hand& hand) -> Result<std::vector<Show>> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        Capture capture = session->capture();
        LANTAARN_ASSIGN(const ReadableEntries entries, capture.readable());
        LANTAARN_ASSIGN(const auto follow_ups, capture.follow_ups(entries));
        std::vector<Show> shows;
        for (const Look& look : looks) shows.push_back(look({*session, entries, follow_ups}));
        return shows;
      },
      [this](const Result<std::vector<Show>>& shows) {
        under_way_ = false;
        ++readings_;
        if (!shows.ok() && shows.error().code != "locked") emit failed(shows.error());
        if (shows.ok()) {
          for (const Show& show : *shows) show();
        }
        if (std::exchange(again_, false)) request();
      });
}

}  // namespace lantaarn::firmware::ui

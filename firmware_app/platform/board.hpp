#pragma once
// What a handheld's board may have: a light behind its screen, a motor that shakes it. Where there is none, nothing happens.

namespace lantaarn::firmware {

[[nodiscard]] bool can_dim_screen();
/// 1 … 100 percent of what the light can give.
void dim_screen(int percent);
/// Once, briefly.
void vibrate();

}  // namespace lantaarn::firmware

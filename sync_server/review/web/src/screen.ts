// The privacy key: F9, or Escape twice, and nothing stands on the screen any more. What was typed stays where it was.
import { Store } from "./store";

export const blank = new Store(false);

/** Two presses within `withinMs` are one wish. */
export class Twice {
  #last = -Infinity;
  constructor(private readonly withinMs: number) {}
  pressed(at: number): boolean {
    const twice = at - this.#last <= this.withinMs;
    this.#last = twice ? -Infinity : at;
    return twice;
  }
}

export function watchPrivacyKey(): () => void {
  const escape = new Twice(600);
  const pressed = (event: KeyboardEvent) => {
    if (event.repeat) return;
    const wish = event.key === "F9" || (event.key === "Escape" && escape.pressed(event.timeStamp));
    if (!wish) return;
    event.preventDefault();
    event.stopPropagation();
    blank.set(!blank.value);
  };
  addEventListener("keydown", pressed, { capture: true });
  return () => removeEventListener("keydown", pressed, { capture: true });
}

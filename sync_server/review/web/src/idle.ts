// Two minutes without a key, a click or a touch: the page locks itself. While somebody types, the server hears of it.

export interface Clock { now(): number }

/** Decides, without timers of its own: told of input, asked what is due. */
export class Idle {
  #input: number;
  #told: number;

  constructor(private readonly clock: Clock, private readonly limitMs: number, private readonly tellMs = 30_000) {
    this.#input = this.#told = clock.now();
  }

  input(): void { this.#input = this.clock.now(); }

  /** A request that she made told the server already. */
  told(): void { this.#told = this.clock.now(); }

  due(): "lock" | "tell" | "nothing" {
    const now = this.clock.now();
    if (now - this.#input >= this.limitMs) return "lock";
    if (this.#input > this.#told && now - this.#told >= this.tellMs) return "tell";
    return "nothing";
  }
}

const kInputs = ["keydown", "pointerdown", "wheel", "touchstart", "input"];

export function watchIdle(limitSeconds: number, lock: () => void, tell: () => void): () => void {
  const idle = new Idle({ now: () => Date.now() }, limitSeconds * 1000);
  const heard = () => idle.input();
  const look = () => {
    const due = idle.due();
    if (due === "lock") lock();
    if (due === "tell") { idle.told(); tell(); }
  };
  for (const name of kInputs) addEventListener(name, heard, { capture: true, passive: true });
  // A machine that slept comes back with its timers late: look at once when the page is seen again.
  document.addEventListener("visibilitychange", look);
  const timer = setInterval(look, 1000);
  return () => {
    for (const name of kInputs) removeEventListener(name, heard, { capture: true });
    document.removeEventListener("visibilitychange", look);
    clearInterval(timer);
  };
}

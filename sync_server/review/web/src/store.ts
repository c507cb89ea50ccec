// What several parts of the page look at. A component that calls use() is drawn again when it changes.
import { useEffect, useState } from "preact/hooks";

export class Store<T> {
  #value: T;
  #listeners = new Set<() => void>();

  constructor(value: T) { this.#value = value; }

  get value(): T { return this.#value; }

  set(value: T): void {
    if (value === this.#value) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  }

  use(): T {
    const [, redraw] = useState(0);
    useEffect(() => this.listen(() => redraw((n) => n + 1)), [this]);
    return this.#value;
  }
}

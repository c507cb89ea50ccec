// What comes in while the page stands open (GET events), with the words of the handhelds: saved, received, merged.
import { locked, left } from "./session";
import { Store } from "./store";

export interface Sync { name: string; saved: number; received: number; merged: number; at: number }

export const syncs = new Store<Record<string, Sync>>({});
export const openCases = new Store<number | null>(null);
/** Turns when figures changed: pages that show them look again. */
export const turned = new Store(0);

/** Told of every event; nothing about a woman comes this way. */
export function heard(kind: string, text: string, at = Date.now()): void {
  let document: Record<string, unknown>;
  try { document = JSON.parse(text) as Record<string, unknown>; } catch { return; }
  if (kind === "handheld" && typeof document.name === "string") {
    const sync = { name: document.name, saved: Number(document.saved), received: Number(document.received), merged: Number(document.merged), at };
    syncs.set({ ...syncs.value, [sync.name]: sync });
    turned.set(turned.value + 1);
  }
  if (kind === "review" && typeof document.open === "number") openCases.set(document.open);
  if (kind === "session") {
    if (document.state === "locked" || document.locked === true || document.what === "locked") locked();
    else left();
  }
}

export function listen(): () => void {
  const source = new EventSource("/api/v1/events");
  for (const kind of ["handheld", "review", "session"]) {
    source.addEventListener(kind, (event) => heard(kind, (event as MessageEvent<string>).data));
  }
  return () => {
    source.close();
    syncs.set({});
    openCases.set(null);
  };
}

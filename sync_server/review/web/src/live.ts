// What comes in while the page stands open (GET events), with the words of the handhelds: saved, received, merged.
import { get } from "./api";
import { locked } from "./session";
import type { Session } from "./session";
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
}

const kAgainMs = 15_000;

/** The server hangs up when the session is over or locked: then it is asked which, and else listened to again. */
export function listen(): () => void {
  let source: EventSource, timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource("/api/v1/events");
    for (const kind of ["handheld", "review"]) source.addEventListener(kind, (event) => heard(kind, (event as MessageEvent<string>).data));
    source.onerror = () => {
      void get<Session>("session", { background: true }).then((of) => { if (of.locked) locked(); }, () => {});
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, kAgainMs);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
    syncs.set({});
    openCases.set(null);
  };
}

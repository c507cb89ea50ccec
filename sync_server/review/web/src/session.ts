// Who is at work, what she may, and when the page goes blank.
import { get, post, remove, useToken } from "./api";
import { Store } from "./store";
import { ownCodes } from "./words";

export interface Session {
  user: { user_id: string; name: string; role: string };
  csrf: string;
  locked: boolean;
  idle_seconds: number;
  expires_at: string;
  may: string[];
  version: string;
  /** For the data protection officer: how many dossiers were opened as an emergency in the last 30 days. */
  emergencies?: number;
}

export type Presence = "starting" | "out" | "in" | "locked";

export const session = new Store<Session | null>(null);
export const presence = new Store<Presence>("starting");
/** What other parts let go of when the page locks or she leaves. */
const forgetters = new Set<() => void>();

export function onForget(forget: () => void): void { forgetters.add(forget); }

function forgetAll(): void {
  ownCodes.set({});
  for (const forget of forgetters) forget();
}

function plain(route: string): string { return route.replace(/\{[^}]*\}/g, "{}"); }

/** May this be asked for? In the words of the API: "POST clients/{client}/records". */
export function may(route: string): boolean {
  return session.value?.may.some((one) => plain(one) === plain(route)) ?? false;
}

export function entered(document: Session): void {
  useToken(document.csrf);
  session.set(document);
  presence.set(document.locked ? "locked" : "in");
}

export function left(): void {
  forgetAll();
  useToken("");
  session.set(null);
  presence.set("out");
}

export function locked(): void {
  if (presence.value !== "in") return;
  forgetAll();
  presence.set("locked");
}

/** At two minutes without input. The page goes blank at once; whether the server heard it is looked at when it is unlocked. */
export async function lock(): Promise<void> {
  if (presence.value !== "in") return;
  locked();
  await post("session/lock", {}, { background: true }).catch(() => {});
}

export async function leave(): Promise<void> {
  await remove("session").catch(() => {});
  left();
}

export async function start(): Promise<void> {
  try { entered(await get<Session>("session", { background: true })); } catch { left(); }
}

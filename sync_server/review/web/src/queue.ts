// The review queue as a list: in which order, what may be decided of each, and which key does it. No drawing here.
import type { Head } from "./types";

export interface Evidence { code: string; args: string[]; bits: number }
export interface Missed { device_name: string; from_seq: number; through_seq: number; entries: number; noted_at: string }
export interface QueueItem {
  id: string; kind: "match" | "conflict" | "shared" | "quarantine" | "fork" | "loss";
  // match
  clients?: string[]; names?: string[]; probability?: number; evidence?: Evidence[]; nl?: string; en?: string;
  // conflict
  about?: string; client_id?: string | null; contact?: string | null; record?: string | null; field?: string; values?: Head[]; name?: string | null;
  // shared
  contacts?: string[]; authors?: string[];
  // quarantine, fork
  reason?: string; author_name?: string; received_at?: string; device_name?: string; seq?: number; through_seq?: number; entry?: string; entries?: string[]; count?: number; admissible?: boolean;
  missed?: Missed | null;
}

const kOrder: QueueItem["kind"][] = ["conflict", "match", "shared", "quarantine", "fork", "loss"];

/** What changes a dossier first, the surest proposals before the doubtful; what was put off comes last, in the order of putting off. */
export function ordered(items: QueueItem[], later: string[]): QueueItem[] {
  const place = (one: QueueItem) => later.indexOf(one.id);
  return [...items].sort((a, b) =>
    place(a) - place(b)
    || kOrder.indexOf(a.kind) - kOrder.indexOf(b.kind)
    || (b.probability ?? 0) - (a.probability ?? 0)
    || a.id.localeCompare(b.id));
}

/** Which item the selection moves to when `id` has left the list. */
export function nextAfter(items: QueueItem[], id: string): string | null {
  const at = items.findIndex((one) => one.id === id);
  return (items[at + 1] ?? items[at - 1])?.id ?? null;
}

export interface Decision { words: string; path: string; body: Record<string, unknown>; danger?: boolean; values?: (string | number)[]; combine?: boolean }

function conflict(item: QueueItem): Decision[] {
  const heads = item.values ?? [];
  const about = item.about ?? "client";
  const owner = about === "contact" ? item.contact : about === "record" ? item.record : item.client_id;
  if (!owner || heads.length === 0) return [];
  const body = { owner_kind: about, owner, field: item.field, heads: heads.map((head) => head.event_id) };
  const distinct = heads.filter((head, n) => heads.findIndex((one) => one.value === head.value) === n);
  return distinct.map((head): Decision => ({ words: "page:review:choose", path: "review/choose", body: { ...body, value: head.value }, values: [head.value] }))
    .concat({ words: "page:review:combine", path: "review/choose", body, combine: true });
}

function match(item: QueueItem): Decision[] {
  const [client, other] = item.clients ?? [];
  if (!client || !other) return [];
  return [{ words: "page:review:same", path: "review/link", body: { client, other } }, { words: "page:review:not_same", path: "review/apart", body: { client, other } }];
}

function shared(item: QueueItem): Decision[] {
  const contacts = item.contacts ?? [];
  if (contacts.length < 2) return [];
  return [{ words: "page:review:together", path: "review/share", body: { contacts } },
    { words: "page:review:separate", path: "review/contacts-apart", body: { contact: contacts[0], other: contacts[1] } }];
}

/** What is set apart is not merged as long as nobody says so: there is nothing to reject. */
function apart(item: QueueItem): Decision[] {
  if (!item.admissible || !item.entries?.length) return [];
  return [{ words: "page:review:admit", path: "review/admit", body: { entries: item.entries } }];
}

/** In the order of their keys: 1, 2, 3 … */
export function decisions(item: QueueItem): Decision[] {
  switch (item.kind) {
    case "match": return match(item);
    case "conflict": return conflict(item);
    case "shared": return shared(item);
    case "quarantine":
    case "fork": return apart(item);
    case "loss": return [];
  }
}

export type Command = { what: "next" | "previous" | "later" } | { what: "decide"; n: number } | null;

/** What a key asks for; null while somebody types or holds a modifier. */
export function commandOf(key: string, typing: boolean, modified: boolean): Command {
  if (typing || modified) return null;
  if (key === "j" || key === "ArrowDown") return { what: "next" };
  if (key === "k" || key === "ArrowUp") return { what: "previous" };
  if (key === "l") return { what: "later" };
  if (key === "Enter") return { what: "decide", n: 0 };
  return /^[1-9]$/.test(key) ? { what: "decide", n: Number(key) - 1 } : null;
}

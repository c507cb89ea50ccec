// Kinds of record and code lists, as the server has them: asked once, let go of when the page locks.
import { useEffect } from "preact/hooks";
import { get } from "./api";
import { onForget } from "./session";
import { Store } from "./store";
import type { Kind, KindField, RecordDocument, User } from "./types";
import { codeWord, has, ownCodes, t } from "./words";
import type { OwnCode } from "./words";
import { euros, hours, showDay } from "./dates";

interface GivenField extends Partial<KindField> { field?: string; name?: string; codes?: any }
type Codes = Record<string, (OwnCode & { withdrawn?: boolean })[]>;

export const kinds = new Store<Kind[] | null>(null);
export const codeLists = new Store<Codes>({});
export const users = new Store<User[] | null>(null);
let asking: Promise<void> | null = null;

onForget(() => { kinds.set(null); codeLists.set({}); users.set(null); asking = null; });

function kindOf(given: { kind: string; about: Kind["about"]; fields: GivenField[] }): Kind {
  return {
    kind: given.kind, about: given.about,
    fields: given.fields.map((one) => ({
      name: one.name ?? one.field ?? "", type: one.type ?? "text", required: one.required ?? false, max: one.max ?? null,
      codes: one.list ?? (typeof one.codes === "string" ? one.codes : null),
    })),
  };
}

async function askAll(): Promise<void> {
  const [given, codes] = await Promise.all([
    get<Parameters<typeof kindOf>[0][]>("records/kinds", { background: true }).catch(() => []),
    get<Codes>("codes", { background: true }).catch(() => ({} as Codes)),
  ]);
  ownCodes.set(codes);
  codeLists.set(codes);
  kinds.set(given.map(kindOf));
}

export function useCatalogue(): Kind[] | null {
  useEffect(() => { asking ??= askAll(); }, []);
  codeLists.use();
  return kinds.use();
}

export function useUsers(): User[] {
  const known = users.use();
  useEffect(() => {
    if (known === null) get<User[]>("users", { background: true }).then((all) => users.set(all), () => users.set([]));
  }, [known]);
  return known ?? [];
}

export function kindNamed(name: string): Kind | undefined { return kinds.value?.find((one) => one.kind === name); }

/** Codes that may be chosen now: what was withdrawn is still read, no longer written. */
export function codesOf(list: string): [string, string][] {
  return (codeLists.value[list] ?? []).filter((one) => !one.withdrawn).map((one) => [one.code, codeWord(list, one.code)]);
}

/** The page's own word first: what a file has in cents and minutes is shown in euros and hours. */
export function fieldWord(name: string): string {
  return has("page:field:" + name) ? t("page:field:" + name) : has("field:" + name) ? t("field:" + name) : name;
}
export function kindWord(kind: string): string { return has("record:" + kind) ? t("record:" + kind) : kind; }

/** One value in words. */
export function valueWords(field: KindField | undefined, value: string): string {
  switch (field?.type) {
    case "code": return codeWord(field.codes ?? "", value);
    case "codes": return value.split(",").map((code) => codeWord(field.codes ?? "", code)).join(", ");
    case "date": return showDay(value);
    case "cents": return euros(Number(value));
    case "minutes": return t("label:derived:hours", hours(Number(value)));
    case "yes_no": return value === "yes" ? t("label:yes") : t("label:no");
    case "score": return (value === "none" ? "" : value + " · ") + t("zrm_level:" + value);
    case "record": return "";
    default: return value;
  }
}

/** Everything that was stated, in the order of its kind. */
export function recordParts(record: RecordDocument, without: string[] = []): [string, string][] {
  const kind = kindNamed(record.kind);
  const names = kind ? kind.fields.map((field) => field.name) : Object.keys(record.values);
  return names.filter((name) => record.values[name] && !without.includes(name))
    .map((name): [string, string] => [fieldWord(name), valueWords(kind?.fields.find((field) => field.name === name), record.values[name]!)])
    .filter(([, value]) => value !== "");
}

/** The day a record is about; each kind has its own. */
export function recordDay(record: RecordDocument): string {
  return record.values.date ?? record.values.announced ?? record.values.from ?? record.values.since ?? record.recorded_at.slice(0, 10);
}

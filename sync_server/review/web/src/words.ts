// Words in the language that was chosen; the keys and sentences stand in common/words.
import { Store } from "./store";

export type Language = "nl" | "en";

const kKept = "lantaarn-language";

function kept(): Language {
  try { return localStorage.getItem(kKept) === "en" ? "en" : "nl"; } catch { return "nl"; }
}

export const language = new Store<Language>(kept());
let table: Record<string, string> = {};

/** Words of the language in force, by key. */
export function useWords(words: Record<string, string>): void { table = words; }

/** Fetches the words of a language: a file beside the script, the same for everybody. */
export async function learn(chosen: Language): Promise<void> {
  const response = await fetch(`/words-${chosen}.json`);
  if (!response.ok) throw new Error(`words-${chosen}.json: ${response.status}`);
  useWords((await response.json()) as Record<string, string>);
}

export async function speak(chosen: Language): Promise<void> {
  await learn(chosen);
  try { localStorage.setItem(kKept, chosen); } catch { /* a browser that keeps nothing: this visit only */ }
  language.set(chosen);
}

export function has(key: string): boolean { return key in table; }

/** The sentence of a key, with {0}, {1} … filled in. A key without words is shown as it is: the tests find it. */
export function t(key: string, ...values: (string | number)[]): string {
  const sentence = table[key];
  if (sentence === undefined) return key;
  return sentence.replace(/\{(\d)\}/g, (_, n: string) => String(values[Number(n)] ?? ""));
}

/** One or several: "page:days" has "page:days:one" beside it. */
export function count(key: string, n: number, ...more: (string | number)[]): string {
  return n === 1 && has(key + ":one") ? t(key + ":one", n, ...more) : t(key, n, ...more);
}

/** A sentence begins with a capital; the words of records and fields are kept as they stand within one. */
export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

export interface OwnCode { code: string; nl: string; en: string }
/** Codes that the customer added (GET codes), by list. */
export const ownCodes = new Store<Record<string, OwnCode[]>>({});

export function codeWord(list: string, code: string | null | undefined): string {
  if (!code) return "";
  const own = ownCodes.value[list]?.find((one) => one.code === code);
  if (own) return language.value === "en" ? own.en : own.nl;
  return has("code:" + list + ":" + code) ? t("code:" + list + ":" + code) : code;
}

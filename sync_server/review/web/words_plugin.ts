// Gives the page its words: of common/words/{nl,en}.po what the sources name, as words-nl.json and words-en.json.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.env.LANTAARN_WORDS ?? join(here, "../../../common/words");

/** {msgid: msgstr}; only the plain form that these files use. */
export function readPo(text: string): Record<string, string> {
  const entries: Record<string, string> = {};
  let key = "", part = "";
  for (const line of text.split("\n")) {
    const found = /^(?:(msgid|msgstr)\s+)?(".*")$/.exec(line.trim());
    if (!found) continue;
    part = found[1] ?? part;
    const value = JSON.parse(found[2]!) as string;
    if (found[1] === "msgid") { key = value; entries[key] = ""; }
    else if (part === "msgstr") entries[key] += value;
  }
  delete entries[""];
  return entries;
}

/** Keys that stand in the sources, and prefixes to which a code is added ("code:channel:"). */
export function namedIn(sources: string[]): { keys: Set<string>; prefixes: string[] } {
  const keys = new Set<string>(), prefixes = new Set<string>();
  for (const source of sources) {
    for (const [, key] of source.matchAll(/["`]((?:page|code|label|record|field|zrm_level|error|breach):[A-Za-z0-9_:.-]*)/g)) {
      if (key!.endsWith(":")) prefixes.add(key!);
      else keys.add(key!);
    }
  }
  return { keys, prefixes: [...prefixes] };
}

export function chosen(words: Record<string, string>, sources: string[]): Record<string, string> {
  const { keys, prefixes } = namedIn(sources);
  const wanted = Object.keys(words).sort().filter((key) => keys.has(key) || prefixes.some((prefix) => key.startsWith(prefix)));
  // A sentence about one has ":one" beside the sentence about several; the source names the latter.
  const ones = Object.keys(words).filter((key) => key.endsWith(":one") && keys.has(key.slice(0, -4)));
  return Object.fromEntries([...new Set([...wanted, ...ones])].sort().map((key) => [key, words[key]!]));
}

export function sourcesIn(of: string): string[] {
  return readdirSync(of, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sourcesIn(join(of, entry.name))
      : /\.tsx?$/.test(entry.name) ? [readFileSync(join(of, entry.name), "utf8")] : []);
}

/** What the page knows in a language, as it is built. */
export function pageWords(language: string): Record<string, string> {
  return chosen(readPo(readFileSync(join(folder, `${language}.po`), "utf8")), sourcesIn(join(here, "src")));
}

/** Keys that stand in the sources word for word, as short as can be; those made of a prefix and a code stay as they are. */
export function shortened(keys: string[], prefixes: string[]): Map<string, string> {
  const whole = keys.filter((key) => !prefixes.some((prefix) => key.startsWith(prefix)) && !key.endsWith(":one"));
  const short = new Map(whole.map((key, n) => [key, "~" + n.toString(36)]));
  for (const key of keys) {
    const several = short.get(key.replace(/:one$/, ""));
    if (key.endsWith(":one") && several) short.set(key, several + ":one");
  }
  return short;
}

/** In what is built, and only there, keys are numbers: the script has a tenth less to carry. */
export function words(): Plugin {
  let short = new Map<string, string>();
  return {
    name: "lantaarn-words",
    apply: "build",
    renderChunk(code) {
      short = shortened(Object.keys(pageWords("nl")), namedIn(sourcesIn(join(here, "src"))).prefixes);
      return { code: code.replace(/(["`])((?:page|code|label|record|field|zrm_level|error|breach):[A-Za-z0-9_:.-]*)\1/g, (all, quote: string, key: string) => (short.has(key) ? quote + short.get(key)! + quote : all)), map: null };
    },
    generateBundle() {
      for (const language of ["nl", "en"]) {
        const words = Object.fromEntries(Object.entries(pageWords(language)).map(([key, sentence]) => [short.get(key) ?? key, sentence]));
        this.emitFile({ type: "asset", fileName: `words-${language}.json`, source: JSON.stringify(words) });
      }
    },
  };
}

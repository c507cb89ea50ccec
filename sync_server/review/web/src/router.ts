// Which page is shown stands behind the # and never reaches a server. Ids only, never a name.
import { Store } from "./store";

export function parse(hash: string): string[] {
  return hash.replace(/^#?\/?/, "").split("/").filter((part) => part !== "").map((part) => {
    try { return decodeURIComponent(part); } catch { return part; }
  });
}

export const route = new Store<string[]>(parse(globalThis.location?.hash ?? ""));

if (typeof addEventListener === "function") addEventListener("hashchange", () => route.set(parse(location.hash)));

export function link(...parts: string[]): string { return "#/" + parts.map(encodeURIComponent).join("/"); }

export function go(...parts: string[]): void { location.hash = link(...parts).slice(1); }

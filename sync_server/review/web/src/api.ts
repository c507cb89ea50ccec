// The one way to the server. Knows the session's token, tells of its end, and asks for a reason where the server wants one.
import { language, t, has } from "./words";

export class ApiError extends Error {
  constructor(readonly status: number, readonly code: string, message: string) { super(message); }
}

export interface Hooks {
  /** The server wants to know why this dossier is opened; true: the reason was given, ask again. */
  reason(client: string, why: string | undefined): Promise<boolean>;
  ended(): void;
  locked(): void;
}

export interface Ask {
  method?: string;
  body?: unknown;
  /** Asked by the page by itself: no sign of anybody being there. */
  background?: boolean;
  /** Whose dossier it is about, where the address does not say it. */
  client?: string | null;
  /** The reason that was given for this already: it opens the dossier too, without another question. */
  why?: string;
}

let token = "";
let hooks: Hooks = { reason: async () => false, ended: () => {}, locked: () => {} };

export function useToken(csrf: string): void { token = csrf; }
export function setHooks(chosen: Hooks): void { hooks = chosen; }

/** "clients/0a1b…/records" → "0a1b…". */
export function clientIn(path: string): string | null {
  return /^clients\/([0-9a-f]{32})(?:\/|$|\?)/.exec(path)?.[1] ?? null;
}

/** "a/b" with {query: "x", mine: ""} → "a/b?query=x": what is empty is not asked for. */
export function withQuery(path: string, query: Record<string, string | number | boolean | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== "" && value !== null && value !== undefined && value !== false) search.set(name, value === true ? "1" : String(value));
  }
  const text = search.toString();
  return text ? path + "?" + text : path;
}

/** The page's own words first: the server answers in its language, not in the reader's. */
function sentence(status: number, code: string, args: string[], given: string): string {
  if (has("page:error:" + code)) return t("page:error:" + code, ...args);
  if (has("error:" + code)) return t("error:" + code, ...args);
  return given || t("page:error:status", status);
}

async function failure(response: Response): Promise<ApiError> {
  let code = "", given = "", args: string[] = [];
  try {
    const document = (await response.json()) as { code?: string; error?: string; args?: string[] };
    args = document.args ?? [];
    code = document.code ?? "";
    given = document.error ?? "";
  } catch { /* not the server's own answer */ }
  return new ApiError(response.status, code, sentence(response.status, code, args, given));
}

async function send(path: string, ask: Ask): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language.value };
  if (ask.method && ask.method !== "GET") headers["X-Lantaarn"] = token;
  if (ask.body !== undefined) headers["Content-Type"] = "application/json";
  if (ask.background) headers["X-Background"] = "1";
  try {
    return await fetch("/api/v1/" + path, {
      method: ask.method ?? "GET", headers, credentials: "same-origin", cache: "no-store", redirect: "error",
      ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
    });
  } catch {
    throw new ApiError(0, "unreachable", t("page:error:unreachable"));
  }
}

/** Throws ApiError; never anything else. */
export async function ask(path: string, options: Ask = {}): Promise<Response> {
  for (let again = false; ; again = true) {
    const response = await send(path, options);
    if (response.ok) return response;
    const problem = await failure(response);
    const client = options.client ?? clientIn(path);
    if (problem.code === "reason_needed" && response.status === 403 && client && !again && !options.background) {
      if (await hooks.reason(client, options.why)) continue;
    }
    if (problem.code === "session_locked") hooks.locked();
    if (problem.code === "not_signed_in" && response.status === 401) hooks.ended();
    throw problem;
  }
}

async function document<T>(path: string, options: Ask): Promise<T> {
  const response = await ask(path, options);
  const text = await response.text();
  return (text === "" ? {} : JSON.parse(text)) as T;
}

export const get = <T>(path: string, options: Ask = {}): Promise<T> => document<T>(path, options);
export const post = <T = unknown>(path: string, body: unknown = {}, options: Ask = {}): Promise<T> => document<T>(path, { ...options, method: "POST", body });
export const patch = <T = unknown>(path: string, body: unknown, options: Ask = {}): Promise<T> => document<T>(path, { ...options, method: "PATCH", body });
export const put = <T = unknown>(path: string, body: unknown, options: Ask = {}): Promise<T> => document<T>(path, { ...options, method: "PUT", body });
export const remove = <T = unknown>(path: string, body: unknown = {}, options: Ask = {}): Promise<T> => document<T>(path, { ...options, method: "DELETE", body });

/** Hands a file to the browser to keep. The name is neutral: the server's, else ours. */
export function keepFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = window.document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export async function download(path: string, fallback: string): Promise<void> {
  const response = await ask(path);
  const named = /filename="?([A-Za-z0-9._-]+)"?/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  keepFile(await response.blob(), named ?? fallback);
}

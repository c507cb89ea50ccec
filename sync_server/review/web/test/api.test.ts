import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, clientIn, get, post, setHooks, useToken, withQuery } from "../src/api";
import { useWords } from "../src/words";

const kHer = "0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d";
let sent: { url: string; init: RequestInit }[] = [];
let answers: Response[] = [];
const refusal = (status: number, code: string, args: string[] = []) => new Response(JSON.stringify({ error: "zin van de server", code, args }), { status });
const hooks = { reason: vi.fn(async () => true), ended: vi.fn(), locked: vi.fn() };

beforeEach(() => {
  sent = [];
  hooks.reason.mockClear(); hooks.ended.mockClear(); hooks.locked.mockClear();
  setHooks(hooks);
  useToken("tok");
  useWords({ "error:known": "Onze zin over {0}." });
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => { sent.push({ url, init }); return answers.shift()!; });
});
afterEach(() => vi.unstubAllGlobals());

describe("asking the server", () => {
  test("a reading carries no token, a writing does", async () => {
    answers = [new Response("{}"), new Response("{}")];
    await get("overview", { background: true });
    await post("users", { name: "x" });
    expect(sent[0]!.init.headers).not.toHaveProperty("X-Lantaarn");
    expect(sent[0]!.init.headers).toMatchObject({ "X-Background": "1" });
    expect(sent[1]!.init.headers).toMatchObject({ "X-Lantaarn": "tok", "Content-Type": "application/json" });
  });
  test("a dossier that wants a reason is asked for once more after it was given", async () => {
    answers = [refusal(403, "reason_needed"), new Response('{"a":1}')];
    expect(await get(`clients/${kHer}/summary`)).toEqual({ a: 1 });
    expect(hooks.reason).toHaveBeenCalledExactlyOnceWith(kHer, undefined);
    answers = [refusal(403, "reason_needed"), refusal(403, "reason_needed")];
    await expect(get(`clients/${kHer}`)).rejects.toMatchObject({ code: "reason_needed" });
    expect(hooks.reason).toHaveBeenCalledTimes(2);
  });
  test("whose dossier a record is of is told by who asks", async () => {
    answers = [refusal(403, "reason_needed"), new Response("{}")];
    await get("records/1", { client: kHer, why: "overdracht" });
    expect(hooks.reason).toHaveBeenCalledWith(kHer, "overdracht");
  });
  test("what the page asks by itself puts no question", async () => {
    answers = [refusal(403, "reason_needed")];
    await expect(get(`clients/${kHer}`, { background: true })).rejects.toBeInstanceOf(ApiError);
    expect(hooks.reason).not.toHaveBeenCalled();
  });
  test("the end of a session and its lock are told", async () => {
    answers = [refusal(401, "not_signed_in"), refusal(403, "session_locked"), refusal(401, "sign_in_refused")];
    for (let i = 0; i < 3; i++) await get("overview").catch(() => {});
    expect(hooks.ended).toHaveBeenCalledTimes(1);
    expect(hooks.locked).toHaveBeenCalledTimes(1);
  });
  test("an error is told in the page's words, else in the server's", async () => {
    answers = [refusal(422, "known", ["dit"]), refusal(422, "strange"), new Response("<html>", { status: 502 })];
    await expect(get("a")).rejects.toMatchObject({ message: "Onze zin over dit." });
    await expect(get("a")).rejects.toMatchObject({ message: "zin van de server", status: 422 });
    await expect(get("a")).rejects.toMatchObject({ status: 502 });
  });
  test("a server that is away is an error like any other", async () => {
    vi.stubGlobal("fetch", async () => { throw new TypeError("network"); });
    await expect(get("a")).rejects.toMatchObject({ code: "unreachable", status: 0 });
  });
});

test("a dossier's id is read from the address, and from no other", () => {
  expect(clientIn(`clients/${kHer}/records`)).toBe(kHer);
  expect(clientIn(`clients/${kHer}`)).toBe(kHer);
  expect(clientIn("clients?query=noor")).toBeNull();
  expect(clientIn(`devices/${kHer}`)).toBeNull();
});
test("what is empty is not asked for", () => {
  expect(withQuery("clients", { query: "noor & co", mine: true, offset: "", limit: 50 })).toBe("clients?query=noor+%26+co&mine=1&limit=50");
  expect(withQuery("clients", { query: "" })).toBe("clients");
});

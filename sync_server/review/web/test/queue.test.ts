import { describe, expect, test } from "vitest";
import { commandOf, decisions, nextAfter, ordered } from "../src/queue";
import type { QueueItem } from "../src/queue";

const head = (value: string, event_id: string) => ({ value, event_id, effective_date: null, author: "", author_name: "", device: "", device_name: "", recorded_at: "", clock_ok: true });
const items: QueueItem[] = [
  { id: "q", kind: "quarantine", entry: "ab" }, { id: "m1", kind: "match", clients: ["1", "2"], probability: 0.6 }, { id: "m2", kind: "match", clients: ["3", "4"], probability: 0.9 },
  { id: "c", kind: "conflict", about: "client", client_id: "1", field: "status", values: [head("in_view", "e1"), head("closed", "e2"), head("closed", "e3")] },
];

describe("the queue", () => {
  test("begins with what changes a dossier, the surest proposal first", () => {
    expect(ordered(items, []).map((one) => one.id)).toEqual(["c", "m2", "m1", "q"]);
  });
  test("what was put off comes last, in that order", () => {
    expect(ordered(items, ["m2", "c"]).map((one) => one.id)).toEqual(["m1", "q", "m2", "c"]);
  });
  test("the selection goes on to the next, at the end to the one before", () => {
    const list = ordered(items, []);
    expect(nextAfter(list, "m2")).toBe("m1");
    expect(nextAfter(list, "q")).toBe("m1");
    expect(nextAfter([items[0]!], "q")).toBeNull();
  });
});

describe("what may be decided", () => {
  test("of a conflict every value once, with all heads, and another value", () => {
    const of = decisions(items[3]!);
    expect(of.map((one) => one.body.value)).toEqual(["in_view", "closed", undefined]);
    expect(of[0]!.body.heads).toEqual(["e1", "e2", "e3"]);
    expect(of[0]!.body).toMatchObject({ owner_kind: "client", owner: "1", field: "status" });
  });
  test("of a conflict without an owner nothing", () => {
    expect(decisions({ id: "x", kind: "conflict", about: "contact", contact: null, values: [head("a", "e")] })).toEqual([]);
  });
  test("of a proposal the same or not; of a loss nothing", () => {
    expect(decisions(items[1]!).map((one) => one.path)).toEqual(["review/link", "review/apart"]);
    expect(decisions({ id: "l", kind: "loss" })).toEqual([]);
  });
  test("of entries that may not be admitted nothing", () => {
    expect(decisions({ id: "q", kind: "quarantine", entries: ["a"], admissible: false })).toEqual([]);
  });
  test("of several entries all at once", () => {
    expect(decisions({ id: "f", kind: "fork", entries: ["a", "b"], admissible: true })[0]!.body).toEqual({ entries: ["a", "b"] });
  });
});

describe("keys", () => {
  test("move, put off and decide", () => {
    expect(commandOf("j", false, false)).toEqual({ what: "next" });
    expect(commandOf("k", false, false)).toEqual({ what: "previous" });
    expect(commandOf("l", false, false)).toEqual({ what: "later" });
    expect(commandOf("2", false, false)).toEqual({ what: "decide", n: 1 });
    expect(commandOf("Enter", false, false)).toEqual({ what: "decide", n: 0 });
  });
  test("do nothing while somebody types, or with a modifier", () => {
    expect(commandOf("j", true, false)).toBeNull();
    expect(commandOf("j", false, true)).toBeNull();
    expect(commandOf("0", false, false)).toBeNull();
  });
});

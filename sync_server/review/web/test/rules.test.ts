import { describe, expect, test } from "vitest";
import { answered, askedOf, madeOf, registered, toBytes, toText } from "../src/binary";
import { cell, totalOf } from "../src/hours_rules";
import { Idle } from "../src/idle";
import { heard, openCases, syncs } from "../src/live";
import { parse } from "../src/router";
import { Twice } from "../src/screen";
import { trends } from "../src/zrm_rules";
import type { RecordDocument } from "../src/types";

describe("base64url", () => {
  test("goes there and back, whatever the bytes and the length", () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, n) => (n * 37 + length) & 255);
      const text = toText(bytes);
      expect(text).toMatch(/^[A-Za-z0-9_-]*$/);
      expect([...toBytes(text)]).toEqual([...bytes]);
    }
    expect(toText(Uint8Array.of(251, 255))).toBe("-_8");
  });
  test("WebAuthn's options become bytes, its answers texts", () => {
    const asked = askedOf({ challenge: "AQID", rpId: "localhost", userVerification: "required", allowCredentials: [{ id: "BAU" }] });
    expect([...(asked.challenge as Uint8Array)]).toEqual([1, 2, 3]);
    expect(asked.allowCredentials![0]!.type).toBe("public-key");
    const made = madeOf({ challenge: "AQ", rp: { name: "x" }, user: { id: "Ag", name: "n", displayName: "n" }, pubKeyCredParams: [{ alg: -7 }, { alg: -8 }] });
    expect([...(made.user.id as Uint8Array)]).toEqual([2]);
    expect(made.pubKeyCredParams).toEqual([{ type: "public-key", alg: -7 }, { type: "public-key", alg: -8 }]);
    const bytes = Uint8Array.of(1, 2).buffer;
    const response = { clientDataJSON: bytes, authenticatorData: bytes, signature: bytes, userHandle: null, getAuthenticatorData: () => bytes };
    const credential = { rawId: bytes, response } as unknown as PublicKeyCredential;
    expect(answered(credential)).toEqual({ id: "AQI", response: { clientDataJSON: "AQI", authenticatorData: "AQI", signature: "AQI", userHandle: null } });
    expect(registered(credential)).toEqual({ id: "AQI", response: { clientDataJSON: "AQI", authenticatorData: "AQI" } });
  });
});

describe("two minutes without input", () => {
  test("lock; typing tells the server twice a minute at most", () => {
    let now = 0;
    const idle = new Idle({ now: () => now }, 120_000);
    now = 119_999; expect(idle.due()).toBe("nothing");
    now = 120_000; expect(idle.due()).toBe("lock");
    idle.input(); expect(idle.due()).toBe("tell");
    idle.told(); now += 10_000; idle.input(); expect(idle.due()).toBe("nothing");
    now += 20_000; expect(idle.due()).toBe("tell");
  });
  test("Escape twice is one wish, three times not two", () => {
    const escape = new Twice(600);
    expect([0, 500, 900, 2000, 2700].map((at) => escape.pressed(at))).toEqual([false, true, false, false, false]);
  });
});

const record = (values: Record<string, string>, retracted = false) => ({ kind: "zrm_assessment", values, retracted }) as unknown as RecordDocument;
describe("assessments", () => {
  test("not assessed is no score: neither first nor last", () => {
    const [of] = trends([record({ date: "2026-05-01", instrument: "zrm_2017", finances: "none", housing: "2" }), record({ date: "2026-02-01", instrument: "zrm_2017", finances: "3", housing: "1" }),
      record({ date: "2026-08-01", instrument: "zrm_2017", finances: "2", housing: "none" }), record({ date: "2026-09-01", instrument: "zrm_2017", finances: "5" }, true)]);
    expect(of!.dates).toEqual(["2026-02-01", "2026-05-01", "2026-08-01"]);
    expect(of!.domains[0]).toMatchObject({ domain: "finances", scores: [3, null, 2], first: 3, last: 2 });
    expect(of!.domains[3]).toMatchObject({ domain: "housing", scores: [1, 2, null], first: 1, last: 2 });
    expect([of!.higher, of!.same, of!.lower]).toEqual([1, 0, 1]);
  });
  test("two versions of the instrument stay two", () => {
    const of = trends([record({ date: "2026-05-01", instrument: "zrm_2013", finances: "2" }), record({ date: "2026-06-01", instrument: "zrm_2017", finances: "4" })]);
    expect(of.map((one) => one.domains.length).sort()).toEqual([11, 13]);
  });
});

test("hours: blank is unknown, nothing is a dash, and both are told apart in a total", () => {
  const rows = [{ activity: "a", role: "leader", minutes: 0, unknown: 1 }, { activity: "b", role: "leader", minutes: 0, unknown: 0 }, { activity: "c", role: "leader", minutes: 990, unknown: 0 }];
  expect(["a", "b", "c", "d"].map((activity) => cell(rows, activity, "leader").state)).toEqual(["unknown", "none", "stated", "blank"]);
  expect(totalOf(rows)).toEqual({ minutes: 990, unknown: 1 });
});

test("what comes in is kept by handheld; nonsense is left alone", () => {
  heard("handheld", '{"name":"Handheld 3","saved":43,"received":40,"merged":39}', 7);
  heard("handheld", "{", 8);
  heard("review", '{"open":4}');
  expect(syncs.value["Handheld 3"]).toEqual({ name: "Handheld 3", saved: 43, received: 40, merged: 39, at: 7 });
  expect(openCases.value).toBe(4);
});

test("an address behind the hash is read in parts", () => {
  expect(parse("#/clienten/0a/zrm")).toEqual(["clienten", "0a", "zrm"]);
  expect(parse("")).toEqual([]);
  expect(parse("#/uitnodiging/%")).toEqual(["uitnodiging", "%"]);
});

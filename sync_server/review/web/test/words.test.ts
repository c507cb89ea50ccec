import { describe, expect, test } from "vitest";
import { capital, codeWord, count, has, ownCodes, t, useWords } from "../src/words";
import { chosen, namedIn, pageWords, readPo, shortened } from "../words_plugin";

describe("the page's words", () => {
  test("are the same keys in both languages, each with words", () => {
    const nl = pageWords("nl"), en = pageWords("en");
    expect(Object.keys(nl)).toEqual(Object.keys(en));
    expect(Object.entries({ ...nl, ...en }).filter(([, words]) => words === "")).toEqual([]);
  });
  test("use the same gaps in both", () => {
    const nl = pageWords("nl"), en = pageWords("en");
    const gaps = (text: string) => [...new Set(text.match(/\{\d\}/g) ?? [])].sort().join();
    expect(Object.keys(nl).filter((key) => gaps(nl[key]!) !== gaps(en[key]!))).toEqual([]);
  });
  test("hold no label for a person", () => {
    const all = Object.values({ ...pageWords("nl") }).join(" ") + Object.values(pageWords("en")).join(" ");
    expect(all).not.toMatch(/prostitu|verslaafde|zorgmijder|overlastgever|rood licht|addict\b|red light/i);
  });
  test("what is named is taken, and with a prefix all that begin so", () => {
    expect(namedIn(['t("page:a") + t("code:" + x) + t(`page:b:c`)']).prefixes).toEqual(["code:"]);
    expect(chosen({ "page:a": "x", "page:a:one": "y", "page:b": "z", "code:q:r": "w" }, ['t("page:a") "code:"'])).toEqual({ "code:q:r": "w", "page:a": "x", "page:a:one": "y" });
  });
  test("keys are shortened where they stand whole, never where a code is added", () => {
    expect([...shortened(["page:a", "page:a:one", "code:x:y"], ["code:"])]).toEqual([["page:a", "~0"], ["page:a:one", "~0:one"]]);
  });
  test("PO over several lines is read as one sentence", () => {
    expect(readPo('msgid ""\nmsgstr ""\n"Language: nl\\n"\n\n#. x\nmsgid "page:a"\nmsgstr "een "\n"twee \\"drie\\""\n')).toEqual({ "page:a": 'een twee "drie"' });
  });
});

describe("a sentence", () => {
  test("is filled in, once or for several", () => {
    useWords({ k: "{0} van {1}", "k:one": "één van {1}" });
    expect(count("k", 2, 5)).toBe("2 van 5");
    expect(count("k", 1, 5)).toBe("één van 5");
    expect(t("missing")).toBe("missing");
    expect(has("k")).toBe(true);
    expect(capital("écht")).toBe("Écht");
  });
  test("a code of the customer's own has its own words", () => {
    useWords({ "code:partner:domus": "Domus" });
    ownCodes.set({ partner: [{ code: "x_inloop", nl: "Inloop", en: "Drop-in" }] });
    expect(codeWord("partner", "x_inloop")).toBe("Inloop");
    expect(codeWord("partner", "domus")).toBe("Domus");
    expect(codeWord("partner", "x_other")).toBe("x_other");
    expect(codeWord("partner", null)).toBe("");
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import { addDays, ago, centsTyped, daysBetween, euros, hours, localDay, minutesTyped, showDay } from "../src/dates";
import { language, useWords } from "../src/words";
import { pageWords } from "../words_plugin";

beforeAll(() => useWords(pageWords("nl")));

describe("days in words", () => {
  test("near days have a name, far ones a number", () => {
    const now = "2026-11-26";
    expect(ago("2026-11-26", now)).toBe("vandaag");
    expect(ago("2026-11-25", now)).toBe("gisteren");
    expect(ago("2026-11-27", now)).toBe("morgen");
    expect(ago("2026-11-14", now)).toBe("12 dagen geleden");
    expect(ago("2026-12-01", now)).toBe("over 5 dagen");
    expect(ago(null, now)).toBe("");
  });
  test("a summer-time night has no half day", () => {
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
    expect(addDays("2026-10-24", 2)).toBe("2026-10-26");
    expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
  });
  test("a day is the calendar's, whatever the clock's zone", () => {
    expect(showDay("2026-11-26")).toBe("do 26 nov 2026");
    expect(showDay("geen dag")).toBe("geen dag");
    expect(localDay(new Date(2026, 0, 5, 23, 59))).toBe("2026-01-05");
  });
  test("in English too", () => {
    language.set("en");
    useWords(pageWords("en"));
    expect(ago("2026-11-25", "2026-11-26")).toBe("yesterday");
    expect(showDay("2026-11-26")).toContain("Nov");
    language.set("nl");
    useWords(pageWords("nl"));
  });
});

describe("euros and hours", () => {
  test("are shown with two decimals", () => {
    expect(euros(584934).replace(/\s/g, " ")).toBe("€ 5.849,34");
    expect(hours(3990)).toBe("66,50");
  });
  test("are typed with a comma or a point, and nothing else", () => {
    expect(centsTyped("12,50")).toBe(1250);
    expect(centsTyped("€ 7.5")).toBe(750);
    expect(centsTyped("139.27")).toBe(13927);
    expect(centsTyped("1.000,00")).toBeNull();
    expect(centsTyped("twaalf")).toBeNull();
    expect(minutesTyped("23,25")).toBe(1395);
    expect(minutesTyped("0")).toBe(0);
    expect(minutesTyped("-1")).toBeNull();
  });
});

// Days, moments, euros and hours as people read them. A day ("2026-11-26") is the calendar's, a moment is in local time.
import { language, t, count } from "./words";

const kDayMs = 86_400_000;

function locale(): string { return language.value === "en" ? "en-GB" : "nl-NL"; }

/** Midnight UTC of a calendar day: for counting days, never for showing a moment. */
export function dayNumber(day: string): number {
  const [year, month, date] = day.split("-").map(Number);
  return Math.round(Date.UTC(year!, month! - 1, date!) / kDayMs);
}

export function dayOf(number: number): string { return new Date(number * kDayMs).toISOString().slice(0, 10); }

/** The local calendar day of a moment. */
export function localDay(moment: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

export function today(): string { return localDay(new Date()); }

export function daysBetween(from: string, through: string): number { return dayNumber(through) - dayNumber(from); }

export function addDays(day: string, days: number): string { return dayOf(dayNumber(day) + days); }

/** "do 26 nov 2026". Anything that is not a day is shown as it came. */
export function showDay(day: string | null | undefined): string {
  if (!day) return "";
  if (!/^\d{4}-\d{2}-\d{2}/.test(day)) return day;
  if (day.length > 10) return showDay(localDay(new Date(day)));
  return new Intl.DateTimeFormat(locale(), { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" })
    .format(dayNumber(day) * kDayMs);
}

/** "26 nov", for axes and narrow places. */
export function shortDay(day: string): string {
  return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", timeZone: "UTC" }).format(dayNumber(day) * kDayMs);
}

/** "nov 2026", of "2026-11". */
export function showMonth(month: string): string {
  return new Intl.DateTimeFormat(locale(), { month: "short", year: "numeric", timeZone: "UTC" }).format(dayNumber(month + "-01") * kDayMs);
}

/** "do 26 nov 2026 10:08". */
export function showMoment(moment: string | null | undefined): string {
  if (!moment) return "";
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return moment;
  return showDay(localDay(at)) + " " + showTime(at);
}

export function showTime(at: Date): string {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(at);
}

/** "vandaag", "gisteren", "12 dagen geleden", "over 3 dagen". */
export function ago(day: string | null | undefined, now = today()): string {
  if (!day) return "";
  const days = daysBetween(day.length > 10 ? localDay(new Date(day)) : day, now);
  if (days === 0) return t("page:day:today");
  if (days === 1) return t("page:day:yesterday");
  if (days === -1) return t("page:day:tomorrow");
  return days > 0 ? t("page:day:ago", days) : t("page:day:ahead", -days);
}

export function showDays(days: number): string { return count("page:days", days); }

export function euros(cents: number | null | undefined): string {
  if (cents === null || cents === undefined) return "";
  return new Intl.NumberFormat(locale(), { style: "currency", currency: "EUR" }).format(cents / 100);
}

/** Hours with two decimals, of minutes. */
export function hours(minutes: number): string {
  return new Intl.NumberFormat(locale(), { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(minutes / 60);
}

export function number(value: number): string { return new Intl.NumberFormat(locale()).format(value); }

/** "€ 12,50" or "12.5" as cents; null when it is no amount. */
export function centsTyped(text: string): number | null {
  const found = /^\s*(?:€\s*)?(\d{1,8})(?:[.,](\d{1,2}))?\s*$/.exec(text);
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "0").padEnd(2, "0")) : null;
}

/** "7,5" hours as minutes; null when it is no number of hours that is whole in minutes. */
export function minutesTyped(text: string): number | null {
  const found = /^\s*(\d{1,6})(?:[.,](\d{1,2}))?\s*$/.exec(text);
  return found ? Number(found[1]) * 60 + Math.round(Number("0." + (found[2] ?? "0")) * 60) : null;
}

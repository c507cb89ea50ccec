/** Hours of one activity and role in a period: stated minutes, and how often nothing was known. */
export interface HoursRow { activity: string; role: string; minutes: number | null; unknown: number }

export interface HoursCell { state: "blank" | "none" | "unknown" | "stated"; minutes: number; unknown: number }

/** Nobody stated anything: blank. Stated as nothing: none. Only unknowns: unknown. */
export function cell(rows: HoursRow[], activity: string, role: string): HoursCell {
  const found = rows.filter((one) => one.activity === activity && one.role === role);
  if (found.length === 0) return { state: "blank", minutes: 0, unknown: 0 };
  const { minutes, unknown } = totalOf(found);
  if (minutes > 0) return { state: "stated", minutes, unknown };
  return { state: unknown > 0 ? "unknown" : "none", minutes, unknown };
}

export function totalOf(rows: HoursRow[]): { minutes: number; unknown: number } {
  return { minutes: rows.reduce((n, one) => n + (one.minutes ?? 0), 0), unknown: rows.reduce((n, one) => n + one.unknown, 0) };
}

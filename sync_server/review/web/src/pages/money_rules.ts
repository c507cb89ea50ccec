/** Cents, of a field in cents or of one in euros. */
export function dayCents(cents: number | null | undefined, inEuros: number | string | null | undefined): number {
  if (cents !== null && cents !== undefined) return cents;
  return Math.round(Number(inEuros ?? 0) * 100);
}

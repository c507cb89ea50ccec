// What may be said of assessments. Not assessed is null: never averaged, never 0. Versions of the instrument are never mixed.
import type { RecordDocument } from "./types";

export const kDomains: Record<string, string[]> = {
  zrm_2017: ["finances", "work_education", "time_use", "housing", "domestic_relations", "mental_health", "physical_health", "substance_use",
    "adl_basic", "adl_instrumental", "social_network", "participation", "justice"],
  zrm_2013: ["finances", "day_activities", "housing", "domestic_relations", "mental_health", "physical_health", "addiction", "adl",
    "social_network", "participation", "justice"],
};

export interface DomainTrend { domain: string; scores: (number | null)[]; first: number | null; last: number | null }
export interface InstrumentTrend { instrument: string; dates: string[]; domains: DomainTrend[]; higher: number; lower: number; same: number }

export function score(value: string | undefined): number | null {
  return value && /^[1-5]$/.test(value) ? Number(value) : null;
}

function trendOf(instrument: string, assessments: RecordDocument[]): InstrumentTrend {
  const domains = kDomains[instrument]!.map((domain): DomainTrend => {
    const scores = assessments.map((one) => score(one.values[domain]));
    const known = scores.filter((one): one is number => one !== null);
    return { domain, scores, first: known.length > 1 ? known[0]! : null, last: known.length ? known[known.length - 1]! : null };
  });
  const compared = domains.filter((one) => one.first !== null && one.last !== null);
  const count = (of: (difference: number) => boolean) => compared.filter((one) => of(one.last! - one.first!)).length;
  return { instrument, dates: assessments.map((one) => one.values.date!), domains, higher: count((d) => d > 0), lower: count((d) => d < 0), same: count((d) => d === 0) };
}

/** By instrument, oldest assessment first; what was taken back does not count. */
export function trends(records: RecordDocument[]): InstrumentTrend[] {
  const counted = records.filter((one) => one.kind === "zrm_assessment" && !one.retracted && one.values.date).sort((a, b) => a.values.date!.localeCompare(b.values.date!));
  return Object.keys(kDomains).map((instrument) => trendOf(instrument, counted.filter((one) => one.values.instrument === instrument)))
    .filter((one) => one.dates.length > 0);
}

// Hours: activity by role. Blank is unknown, a dash is none: they are not the same and are not added up as one.
import { useState } from "preact/hooks";
import { withQuery } from "../api";
import { useCatalogue } from "../catalogue";
import { hours } from "../dates";
import { useDocument } from "../load";
import { Load, Page, Period, Section, Table, Waiting } from "../parts";
import { AddRecord, RecordTable } from "../record_table";
import { may } from "../session";
import type { RecordDocument } from "../types";
import { codeWord, t } from "../words";
import { cell, totalOf } from "../hours_rules";
import type { HoursRow } from "../hours_rules";

const kActivities = ["core_team", "project_group", "steering_committee", "governance", "other_parties", "casework_direct", "casework_indirect"];
const kRolesOfHours = ["leader", "support"];

function Total({ rows, role }: { rows: HoursRow[]; role: string }) {
  const total = totalOf(rows.filter((one) => one.role === role));
  return <strong>{hours(total.minutes)}{total.unknown > 0 && <small> {t("page:hours:and_unknown", total.unknown)}</small>}</strong>;
}

function Matrix({ rows }: { rows: HoursRow[] }) {
  const activities = [...kActivities, ...new Set(rows.map((one) => one.activity).filter((one) => !kActivities.includes(one)))];
  return <Table caption={t("page:menu:hours")} rows={[...activities, ""]} columns={[
    { head: t("label:activity"), rowHead: true, cell: (activity) => (activity ? codeWord("activity", activity) : <strong>{t("page:total")}</strong>) },
    ...kRolesOfHours.map((role) => ({ head: codeWord("hours_role", role), right: true, cell: (activity: string) => {
      if (!activity) return <Total rows={rows} role={role} />;
      const of = cell(rows, activity, role);
      return of.state === "none" ? <span title={t("page:hours:nil")}>–</span> : of.state === "blank" ? <span class="unseen">{t("page:hours:unknown")}</span>
        : <>{of.state === "unknown" ? "" : hours(of.minutes)}{of.unknown > 0 && <small> {t("page:hours:and_unknown", of.unknown)}</small>}</>;
    } })),
  ]} />;
}

export function HoursPage() {
  const year = new Date().getFullYear();
  const [period, setPeriod] = useState({ from: `${year}-01-01`, through: `${year}-12-31` });
  const kinds = useCatalogue();
  const document = useDocument<{ rows: HoursRow[] } | HoursRow[]>(withQuery("hours", period));
  const records = useDocument<RecordDocument[]>(may("GET records") ? withQuery("records", { kind: "hours", ...period }) : null);
  const reload = () => { document.reload(); records.reload(); };
  return (
    <Page title={t("page:menu:hours")} lead={t("page:hours:lead")} actions={<AddRecord kind="hours" primary words={t("page:hours:add")} reload={reload} />}>
      <Period {...period} onChange={(from, through) => setPeriod({ from, through })} />
      <Section title={t("page:hours:table")}><Load of={document}>{(of) => <Matrix rows={Array.isArray(of) ? of : of.rows} />}</Load></Section>
      {may("GET records") && <Section title={t("page:hours:entries")}>{kinds === null ? <Waiting /> : <Load of={records}>{(of) => (
        <RecordTable kind="hours" records={of} reload={reload} head="activity" fields={["from", "through", "activity", "role", "minutes"]}
          more={{ role: (one) => codeWord("hours_role", one.values.role), minutes: (one) => (one.values.minutes === undefined ? t("page:hours:unknown") : one.values.minutes === "0" ? "–" : hours(Number(one.values.minutes))) }} />
      )}</Load>}</Section>}
    </Page>
  );
}

// Evening rounds, and how many came to the living room.
import { useMemo, useState } from "preact/hooks";
import { withQuery } from "../api";
import { Chart } from "../chart";
import { dayNumber, dayOf, number, shortDay, showMoment, showTime } from "../dates";
import { useDocument } from "../load";
import { Empty, Load, Page, Period, Section, Table } from "../parts";
import { AddRecord, RecordTable } from "../record_table";
import { may } from "../session";
import type { RecordDocument } from "../types";
import { codeWord, t } from "../words";

interface Round { round_id: string; started_at: string | null; ended_at: string | null; owner_name: string | null; colleagues: string[]; places: string[]; head_count: number }

function RoundTable({ rounds }: { rounds: Round[] }) {
  return <Table caption={t("page:menu:rounds")} rows={rounds} empty={t("page:rounds:none")} columns={[
    { head: t("page:rounds:evening"), rowHead: true, cell: (one) => showMoment(one.started_at) },
    { head: t("page:through"), cell: (one) => (one.ended_at ? showTime(new Date(one.ended_at)) : t("page:rounds:open")) },
    { head: t("page:rounds:by"), cell: (one) => one.owner_name ?? "" },
    { head: t("page:rounds:with"), cell: (one) => one.colleagues.join(", ") },
    { head: t("page:rounds:where"), cell: (one) => one.places.map((code) => codeWord("place", code)).join(", ") },
    { head: t("page:rounds:heads"), right: true, cell: (one) => one.head_count },
  ]} />;
}

function Visits({ visits, reload }: { visits: RecordDocument[]; reload: () => void }) {
  const counted = visits.filter((one) => !one.retracted).sort((a, b) => a.values.date!.localeCompare(b.values.date!));
  const data = useMemo(() => ({
    x: counted.map((one) => dayNumber(one.values.date!)), xWord: (x: number) => shortDay(dayOf(Math.round(x))),
    series: [{ name: t("page:rounds:visits"), colour: "--c1", values: counted.map((one) => Number(one.values.visits)) }],
  }), [visits]);
  const total = counted.reduce((n, one) => n + Number(one.values.visits), 0);
  const table = <RecordTable kind="visit_count" records={[...counted].reverse()} reload={reload} fields={["date", "visits", "unique", "new", "left"]} />;
  if (counted.length === 0) return <Empty>{t("page:rounds:no_visits")}</Empty>;
  return <Chart title={t("page:rounds:visits_title", number(total), counted.length, Math.round(total / counted.length))} data={data} table={table} />;
}

export function Rounds() {
  const [period, setPeriod] = useState({ from: "", through: "" });
  const rounds = useDocument<Round[]>(withQuery("rounds", period));
  const visits = useDocument<RecordDocument[]>(may("GET records") ? withQuery("records", { kind: "visit_count", ...period }) : null);
  return (
    <Page title={t("page:menu:rounds")} lead={t("page:rounds:lead")}>
      <Period {...period} onChange={(from, through) => setPeriod({ from, through })} />
      <Section title={t("page:menu:rounds")}><Load of={rounds}>{(of) => <RoundTable rounds={of} />}</Load></Section>
      {may("GET records") && <Section title={t("page:rounds:visits")} actions={<AddRecord kind="visit_count" words={t("page:rounds:add_visits")} reload={visits.reload} />}>
        <Load of={visits}>{(of) => <Visits visits={of} reload={visits.reload} />}</Load></Section>}
    </Page>
  );
}

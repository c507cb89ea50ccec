// Time-out stays against the year's cap, and what is left of the flex budget.
import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import { useCatalogue } from "../catalogue";
import { Bars, Chart, Figure } from "../chart";
import { addDays, daysBetween, dayNumber, dayOf, euros, shortDay, showDay, showDays, today } from "../dates";
import { useDocument } from "../load";
import { Facts, Load, Page, Section, Table, Tag } from "../parts";
import { AddRecord, RecordTable } from "../record_table";
import { link } from "../router";
import { may } from "../session";
import type { RecordDocument } from "../types";
import { codeWord, count, t } from "../words";

interface Stay { record_id: string; client_id: string | null; name: string | null; from: string; through: string | null; days: number; cents: number; warning: string | null }
interface TimeOut { year: number; cap: number; used: number; above_cap: boolean; days: number; cents: number; stays: Stay[] }
interface Flex { year: number; granted_cents: number; spent_cents: number; balance_cents: number; overdrawn: boolean; grants: RecordDocument[]; spendings: (RecordDocument & { name?: string | null })[] }

/** The year as a strip: a bar where somebody stays. Who it is does not stand in it. */
function Calendar({ year, stays }: { year: number; stays: Stay[] }) {
  const first = `${year}-01-01`, length = daysBetween(first, `${year + 1}-01-01`);
  const rows: Stay[][] = [];
  for (const stay of [...stays].sort((a, b) => a.from.localeCompare(b.from))) {
    const row = rows.find((one) => (one[one.length - 1]!.through ?? today()) < stay.from);
    if (row) row.push(stay); else rows.push([stay]);
  }
  const x = (day: string) => (Math.max(0, Math.min(length, daysBetween(first, day))) / length) * 720;
  const months = Array.from({ length: 12 }, (_, n) => `${year}-${String(n + 1).padStart(2, "0")}-01`);
  const height = Math.max(1, rows.length) * 22 + 26;
  return (
    <svg class="calendar" viewBox={`0 0 720 ${height}`} aria-hidden="true">
      {months.map((month) => <g><line x1={x(month)} x2={x(month)} y1="0" y2={height - 18} class="grid-line" /><text x={x(month) + 3} y={height - 5}>{shortDay(month).replace(/^\d+ | \d+$/g, "")}</text></g>)}
      {rows.map((row, n) => row.map((stay) => {
        const from = x(stay.from), width = Math.max(4, x(addDays(stay.through ?? today(), 1)) - from);
        return <g><rect x={from} y={n * 22 + 4} width={width} height="16" rx="3" class={stay.warning ? "stay warn" : "stay"} /><text x={from + width + 3} y={n * 22 + 16}>{stay.days}{stay.warning ? " ▲" : ""}</text></g>;
      }))}
      {String(year) === today().slice(0, 4) && <line x1={x(today())} x2={x(today())} y1="0" y2={height - 18} class="today" />}
    </svg>
  );
}

function TimeOutSection({ of, reload }: { of: TimeOut; reload: () => void }) {
  const stays = [...of.stays].sort((a, b) => b.from.localeCompare(a.from)), above = of.above_cap;
  const table = <Table caption={t("page:money:stays")} rows={stays} empty={t("page:money:no_stays")} columns={[
    { head: t("page:from"), rowHead: true, cell: (one) => showDay(one.from) }, { head: t("page:through"), cell: (one) => (one.through ? showDay(one.through) : t("page:money:still")) },
    { head: t("page:money:days"), right: true, cell: (one) => one.days }, { head: t("page:money:costs"), right: true, cell: (one) => euros(one.cents) },
    { head: t("page:remark"), cell: (one) => (one.warning ? <Tag tone="warn">{t("label:derived:" + one.warning)}</Tag> : "") },
    { head: t("page:who"), cell: (one) => (one.client_id && may("GET clients/{client}") ? <a href={link("clienten", one.client_id)}>{one.name ?? t("page:open_dossier")}</a> : "") },
  ]} />;
  return (
    <Section title={t("page:money:time_out", of.year)} actions={<AddRecord kind="tariff" words={t("page:money:tariff_add")} reload={reload} />}>
      <Facts rows={[[t("page:money:used"), <>{t("page:overview:of", of.used, of.cap)} {above && <Tag tone="warn">{t("page:money:above_cap")}</Tag>}</>], [t("page:money:days"), showDays(of.days)], [t("page:money:costs"), euros(of.cents)]]} />
      {above && <p>{t("page:money:cap_means")}</p>}
      <Figure title={count("page:money:calendar", stays.length, of.year, showDays(of.days))} table={table}><Calendar year={of.year} stays={stays} /></Figure>
    </Section>
  );
}

function Balance({ grant, spendings, year, table }: { grant: number; spendings: RecordDocument[]; year: number; table: VNode }) {
  const data = useMemo(() => {
    let left = grant;
    const points = [...spendings].sort((a, b) => a.values.date!.localeCompare(b.values.date!)).map((one) => ({ day: one.values.date!, left: (left -= Number(one.values.cents)) }));
    const all = [{ day: `${year}-01-01`, left: grant }, ...points];
    if (String(year) === today().slice(0, 4) && today() > all[all.length - 1]!.day) all.push({ day: today(), left });
    const days = [...new Set(all.map((one) => one.day))];
    const values = days.map((day) => all.filter((one) => one.day === day).pop()!.left / 100);
    return { x: days.map(dayNumber), xWord: (x: number) => shortDay(dayOf(Math.round(x))), yWord: (y: number) => "€ " + y, floor: Math.min(0, left / 100), series: [{ name: t("page:money:balance"), colour: "--c1", values, stepped: true }] };
  }, [grant, spendings]);
  return <Chart title={t("page:money:balance_title", euros(grant), euros(data.series[0]!.values[data.x.length - 1]! * 100))} data={data} table={table} />;
}

function FlexSection({ of, reload }: { of: Flex; reload: () => void }) {
  const spendings = of.spendings.filter((one) => !one.retracted);
  const byItem = [...new Set(spendings.map((one) => one.values.what!))].map((what) => ({ name: codeWord("budget_item", what), value: spendings.filter((one) => one.values.what === what).reduce((n, one) => n + Number(one.values.cents), 0) })).sort((a, b) => b.value - a.value);
  const list = <RecordTable kind="budget_spending" records={[...spendings].sort((a, b) => b.values.date!.localeCompare(a.values.date!))} reload={reload} empty={t("page:money:no_spendings")} fields={["date", "what", "cents", "text", "override"]} />;
  return (
    <Section title={t("page:money:flex", of.year)} actions={<>
      <AddRecord kind="budget_spending" primary words={t("page:money:spend")} reload={reload} />
      <AddRecord kind="budget_grant" words={t("page:money:grant_add")} reload={reload} /></>}>
      <Facts rows={[[t("page:money:grant"), euros(of.granted_cents)], [t("page:money:spent"), euros(of.spent_cents)], [t("page:money:balance"), <>{euros(of.balance_cents)} {of.overdrawn && <Tag tone="bad">{t("page:money:overdrawn")}</Tag>}</>]]} />
      {spendings.length > 0 && <Balance grant={of.granted_cents} spendings={spendings} year={of.year} table={list} />}
      {byItem.length > 0 && <Figure title={t("page:money:items_title", byItem[0]!.name, euros(byItem[0]!.value))} table={list}><Bars bars={byItem} words={(bar) => euros(bar.value)} /></Figure>}
      {byItem.length === 0 && list}
    </Section>
  );
}

/** This year, or one before it. */
export function Money() {
  const kinds = useCatalogue();
  const now = new Date().getFullYear();
  const [year, setYear] = useState(now);
  const timeOut = useDocument<TimeOut>(may("GET programme/time-out") ? "programme/time-out?year=" + year : null);
  const flex = useDocument<Flex>(may("GET programme/flex-budget") ? "programme/flex-budget?year=" + year : null);
  const pages = <div class="actions"><button type="button" onClick={() => setYear(year - 1)}>{t("page:previous")}</button> <strong>{year}</strong> <button type="button" disabled={year >= now} onClick={() => setYear(year + 1)}>{t("page:next")}</button></div>;
  return (
    <Page title={t("page:menu:money")} actions={pages}>
      {may("GET programme/time-out") && <Load of={timeOut}>{(of) => <TimeOutSection of={of} reload={timeOut.reload} />}</Load>}
      {may("GET programme/flex-budget") && kinds && <Load of={flex}>{(of) => <FlexSection of={of} reload={flex.reload} />}</Load>}
    </Page>
  );
}

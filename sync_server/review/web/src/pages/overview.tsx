// Monday morning: what cannot wait first, then the women, then the handhelds.
import type { ComponentChildren } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { ago, showDay, showDays, showMoment, showMonth } from "../dates";
import { useDocument } from "../load";
import { turned } from "../live";
import { Empty, Load, Page, Section, Table, Tag } from "../parts";
import { Bars, Chart, Figure, kColours } from "../chart";
import { link } from "../router";
import { may } from "../session";
import type { Handheld } from "../types";
import { kIntensities } from "../types";
import { codeWord, count, t } from "../words";

interface Overdue { due_date: string; owner_name: string | null; client_id?: string | null; name?: string | null; text?: string | null }
interface Silent { device_id: string; name: string; last_seen_at: string | null }
interface OverviewDocument {
  at: string; date: string; in_view: number; in_contact: number;
  women: { status: string; intensity: string | null; women: number; in_contact: number }[];
  contacts: { total: number; unknown_persons: number };
  follow_ups_due: Overdue[]; handhelds: Handheld[]; unknown_facts: number;
  queue: Record<string, number>; by_month: { month: string; channel: string; contacts: number }[];
  silent_handhelds: Silent[]; gaps: { device: string; first: number; last: number }[]; overdue: Overdue[];
  out_of_sight: { count: number; own: { client_id: string; name: string | null; days: number | null }[] };
}

const kChannels = ["in_person", "phone", "message", "accompanied", "home_visit", "video"];
const kCases = ["conflicts", "matches", "shared", "quarantine", "forks", "losses"];

function First({ of }: { of: OverviewDocument }) {
  const cases = kCases.filter((kind) => (of.queue?.[kind] ?? 0) > 0);
  const duress = of.handhelds.flatMap((one) => one.duress ?? []);
  const items: [string, ComponentChildren][] = [
    ...duress.map((one): [string, ComponentChildren] => ["duress", <><Tag tone="bad">{t("page:overview:duress")}</Tag> {one.name}, {showMoment(one.recorded_at)}</>]),
    ...(of.overdue.length ? [["overdue", <a href="#due">{count("page:overview:overdue", of.overdue.length)}</a>] as [string, ComponentChildren]] : []),
    ...of.silent_handhelds.map((one): [string, ComponentChildren] => ["silent", t("page:overview:silent", one.name, one.last_seen_at ? ago(one.last_seen_at) : t("page:never"))]),
    ...cases.map((kind): [string, ComponentChildren] => [kind, may("GET review/queue")
      ? <a href={link("nakijken")}>{count("page:overview:queue:" + kind, of.queue[kind]!)}</a> : count("page:overview:queue:" + kind, of.queue[kind]!)]),
    ...of.gaps.map((one): [string, ComponentChildren] => ["gap", one.first === one.last ? t("page:overview:gap:one", one.device, one.first) : t("page:overview:gap", one.device, one.first, one.last)]),
  ];
  return (
    <Section title={t("page:overview:first")}>
      {items.length === 0 ? <Empty>{t("page:overview:nothing_first")}</Empty>
        : <ul class="todo">{items.map(([key, words]) => <li key={key}>{words}</li>)}</ul>}
    </Section>
  );
}

function Due({ of }: { of: OverviewDocument }) {
  if (of.overdue.length === 0) return null;
  return (
    <Section title={t("page:overview:due")} id="due">
      <Table caption={t("page:overview:due")} rows={of.overdue} columns={[
        { head: t("page:overview:since"), cell: (row) => <>{showDay(row.due_date)} <small>{ago(row.due_date, of.date)}</small></> },
        { head: t("page:overview:owner"), cell: (row) => row.owner_name ?? t("page:nobody") },
        { head: t("page:who"), cell: (row) => row.client_id && may("GET clients/{client}") ? <a href={link("clienten", row.client_id)}>{row.name ?? t("page:open_dossier")}</a> : "" },
        { head: t("page:what"), cell: (row) => row.text ?? "" },
      ]} />
    </Section>
  );
}

function Women({ of }: { of: OverviewDocument }) {
  const rows = [...kIntensities, null].map((intensity) => {
    const found = of.women.filter((one) => one.status === "in_view" && one.intensity === intensity);
    return { name: intensity ? codeWord("intensity", intensity) : t("label:overview:no_intensity"), of: found.reduce((n, one) => n + one.women, 0), value: found.reduce((n, one) => n + one.in_contact, 0) };
  });
  const table = <Table caption={t("page:overview:women")} rows={[...rows, { name: t("label:overview:together"), of: of.in_view, value: of.in_contact }]} columns={[
    { head: t("label:intensity"), cell: (row) => row.name, rowHead: true },
    { head: t("page:overview:in_view"), cell: (row) => row.of, right: true }, { head: t("page:overview:in_contact"), cell: (row) => row.value, right: true }]} />;
  return (
    <Section title={t("page:overview:women")}>
      <Figure title={t("page:overview:women_title", of.in_contact, of.in_view)} table={table}>
        <Bars bars={rows} words={(bar) => t("page:overview:of", bar.value, bar.of ?? 0)} />
      </Figure>
      <OutOfSight of={of} />
    </Section>
  );
}

function OutOfSight({ of }: { of: OverviewDocument }) {
  const given = of.out_of_sight;
  return (
    <>
      <h3>{t("page:overview:out_of_sight")}</h3>
      <p>{given.count === 0 ? t("page:overview:nobody_out_of_sight") : count("page:overview:out_of_sight_count", given.count)}</p>
      {given.own.length > 0 && (
        <ul>{given.own.map((one) => <li><a href={link("clienten", one.client_id)}>{one.name ?? t("page:open_dossier")}</a> <small>{one.days === null ? t("page:never_spoken") : t("page:overview:not_spoken", showDays(one.days))}</small></li>)}</ul>
      )}
    </>
  );
}

function Contacts({ of }: { of: OverviewDocument }) {
  const months = [...new Set(of.by_month.map((one) => one.month))].sort();
  const at = (month: string, channel: string) => of.by_month.find((one) => one.month === month && one.channel === channel)?.contacts ?? 0;
  const channels = kChannels.filter((channel) => of.by_month.some((one) => one.channel === channel && one.contacts > 0));
  const sum = (month: string) => channels.reduce((n, channel) => n + at(month, channel), 0);
  const data = useMemo(() => ({
    x: months.map((_, n) => n), xWord: (x: number) => (months[x] ? showMonth(months[x]).replace(/ \d+$/, "") : ""),
    series: channels.map((channel, n) => ({ name: codeWord("channel", channel), colour: kColours[n % kColours.length]!, values: months.map((month) => at(month, channel)), dash: n % 2 ? [6, 3] : [] })),
  }), [of]);
  if (months.length === 0) return <Section title={t("page:overview:contacts")}><Empty>{t("page:overview:no_contacts")}</Empty></Section>;
  const best = months.reduce((a, b) => (sum(b) > sum(a) ? b : a));
  const title = t("page:overview:contacts_title", months.reduce((n, month) => n + sum(month), 0), months.length, showMonth(best), sum(best));
  const table = <Table caption={t("page:overview:contacts")} rows={months} columns={[
    { head: t("page:month"), cell: (month) => showMonth(month), rowHead: true },
    ...channels.map((channel) => ({ head: codeWord("channel", channel), cell: (month: string) => at(month, channel), right: true })),
    { head: t("page:total"), cell: sum, right: true }]} />;
  return <Section title={t("page:overview:contacts")}><Chart title={title} data={data} table={table} /></Section>;
}

// What was set apart was merged as far as can be: it waits for a decision, not for a handheld.
function state(one: Handheld): ComponentChildren {
  if (one.state !== "enrolled") return <Tag>{t("label:device_state:" + one.state)}</Tag>;
  return one.saved === one.received && one.received === one.merged ? <Tag tone="good">{t("page:overview:all_here")}</Tag> : <Tag tone="warn">{t("page:overview:waiting", one.saved - one.merged)}</Tag>;
}

export function HandheldTable({ handhelds }: { handhelds: Handheld[] }) {
  return <Table caption={t("page:overview:handhelds")} rows={handhelds} empty={t("label:overview:no_handhelds")} keyOf={(one) => one.device_id} columns={[
    { head: t("page:device"), cell: (one) => one.name, rowHead: true },
    { head: t("label:overview:saved"), cell: (one) => one.saved, right: true },
    { head: t("label:overview:received"), cell: (one) => one.received, right: true },
    { head: t("label:overview:merged"), cell: (one) => one.merged, right: true },
    { head: t("label:overview:set_apart"), cell: (one) => one.set_apart || "", right: true },
    { head: t("page:state"), cell: state },
    { head: t("page:overview:last_sync"), cell: (one) => (one.last_seen_at ? <>{showMoment(one.last_seen_at)} <small>{ago(one.last_seen_at)}</small></> : t("page:never")) },
    ...(handhelds.some((one) => one.clock_drift_seconds) ? [{ head: t("page:overview:drift"), cell: (one: Handheld) => (one.clock_drift_seconds ? t("page:overview:seconds", one.clock_drift_seconds) : "") }] : []),
    ...(handhelds.some((one) => one.lease_ends_at) ? [{ head: t("page:overview:lease"), cell: (one: Handheld) => showDay(one.lease_ends_at) }] : []),
    ...(handhelds.some((one) => one.version) ? [{ head: t("page:overview:version"), cell: (one: Handheld) => one.version ?? "" }] : []),
  ]} />;
}

export function Overview() {
  const overview = useDocument<OverviewDocument>("overview");
  const turn = turned.use();
  useEffect(() => { if (turn > 0) overview.reload(); }, [turn]);
  return (
    <Page title={t("page:menu:overview")} lead={overview.data ? t("page:overview:at", showMoment(overview.data.at)) : ""}>
      <Load of={overview}>{(of) => (
        <div class="grid">
          <First of={of} />
          <Women of={of} />
          <Due of={of} />
          <Contacts of={of} />
          <Section title={t("page:overview:handhelds")}><HandheldTable handhelds={of.handhelds} />
            {of.unknown_facts > 0 && <p>{t("label:overview:unknown_facts", of.unknown_facts)}</p>}</Section>
        </div>
      )}</Load>
    </Page>
  );
}

// Zelfredzaamheid-Matrix: how it was and how it is, per domain; and the form of an assessment.
import { useState } from "preact/hooks";
import { post } from "../api";
import { fieldWord } from "../catalogue";
import { Figure } from "../chart";
import { dayNumber, shortDay, showDay, today } from "../dates";
import { Form, FormButton } from "../form";
import { Empty, Input, Radios, Section, Select, Table } from "../parts";
import { RecordTable } from "../record_table";
import { may } from "../session";
import { capital, codeWord, t } from "../words";
import { kDomains, trends } from "../zrm_rules";
import type { DomainTrend, InstrumentTrend } from "../zrm_rules";
import { recordsOf } from "./dossier";
import type { DossierProps } from "./dossier";

const level = (score: number | null): string => (score === null ? t("zrm_level:none") : `${score} · ${t("zrm_level:" + score)}`);

/** Where a domain stood first and where it stands now: a line from ring to disc. */
function BeforeAfter({ trend }: { trend: InstrumentTrend }) {
  const at = (score: number) => 20 + (score - 1) * 65;
  return (
    <div class="dumbbells">
      <p class="scale" aria-hidden="true"><span /><svg viewBox="0 0 300 16">{[1, 2, 3, 4, 5].map((n) => <text x={at(n)} y="12" text-anchor="middle">{n}</text>)}</svg><span /></p>
      {trend.domains.map((one) => (
        <p>
          <span>{capital(fieldWord(one.domain))}</span>
          <svg viewBox="0 0 300 20" aria-hidden="true">
            {[1, 2, 3, 4, 5].map((n) => <line x1={at(n)} x2={at(n)} y1="0" y2="20" class="grid-line" />)}
            {one.first !== null && one.last !== null && <line x1={at(one.first)} x2={at(one.last)} y1="10" y2="10" class="between" />}
            {one.first !== null && <circle cx={at(one.first)} cy="10" r="6" class="ring" />}
            {one.last !== null && <circle cx={at(one.last)} cy="10" r="4.5" class="disc" />}
          </svg>
          <span class="bar-figure">{change(one)}</span>
        </p>
      ))}
      <p class="legend"><svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6" class="ring" /></svg> {t("page:zrm:before")} <svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="4.5" class="disc" /></svg> {t("page:zrm:after")}</p>
    </div>
  );
}

function change(one: DomainTrend): string {
  if (one.last === null) return t("zrm_level:none");
  if (one.first === null) return String(one.last);
  const difference = one.last - one.first;
  return `${one.first} → ${one.last} (${difference > 0 ? "+" + difference : difference === 0 ? "=" : "−" + -difference})`;
}

/** A small line for each domain, on one scale of days and of 1 to 5. A gap where nothing was assessed. */
function Small({ trend, of }: { trend: InstrumentTrend; of: DomainTrend }) {
  const days = trend.dates.map(dayNumber), span = Math.max(1, days[days.length - 1]! - days[0]!);
  const points = of.scores.map((score, n) => (score === null ? null : { x: 8 + ((days[n]! - days[0]!) / span) * 150, y: 52 - (score - 1) * 11, score }));
  let path = "", pen = false;
  for (const point of points) {
    path += point ? `${pen ? "L" : "M"}${point.x} ${point.y}` : "";
    pen = point !== null;
  }
  const last = [...points].reverse().find((one) => one !== null);
  return (
    <div class="small-chart">
      <h3 class="small-head">{capital(fieldWord(of.domain))}</h3>
      <svg viewBox="0 0 180 60" role="img" aria-label={`${fieldWord(of.domain)}: ${of.scores.map((one) => one ?? t("zrm_level:none")).join(", ")}`}>
        {[1, 3, 5].map((n) => <line x1="4" x2="162" y1={52 - (n - 1) * 11} y2={52 - (n - 1) * 11} class="grid-line" />)}
        <path d={path} class="line" />
        {points.map((one) => one && <circle cx={one.x} cy={one.y} r="3" class="disc" />)}
        {last && <text x={last.x + 7} y={last.y + 4}>{last.score}</text>}
      </svg>
    </div>
  );
}

function TrendTable({ trend }: { trend: InstrumentTrend }) {
  return <Table caption={t("page:dossier:zrm")} rows={trend.domains} columns={[
    { head: t("page:zrm:domain"), rowHead: true, cell: (one) => capital(fieldWord(one.domain)) },
    ...trend.dates.map((date, n) => ({ head: showDay(date), cell: (one: DomainTrend) => level(one.scores[n] ?? null) })),
  ]} />;
}

function Instrument({ trend }: { trend: InstrumentTrend }) {
  const several = trend.dates.length > 1, from = showDay(trend.dates[0]);
  const title = several ? t("page:zrm:title", from, trend.higher, trend.same, trend.lower) : t("page:zrm:title_one", from);
  return (
    <Section title={codeWord("instrument", trend.instrument)}>
      <Figure title={title} table={<TrendTable trend={trend} />}><BeforeAfter trend={trend} /></Figure>
      {several && (
        <Figure title={t("page:zrm:trend", shortDay(trend.dates[0]!), shortDay(trend.dates[trend.dates.length - 1]!))} table={<TrendTable trend={trend} />}>
          <div class="small-charts">{trend.domains.map((one) => <Small trend={trend} of={one} />)}</div>
        </Figure>
      )}
    </Section>
  );
}

function Assessment({ client, done }: { client: string; done: (value?: true) => void }) {
  const [instrument, setInstrument] = useState("zrm_2017");
  const send = (form: Record<string, string>) => {
    const fields: Record<string, string> = { date: form.date!, instrument, trained: form.trained! };
    for (const domain of kDomains[instrument]!) if (form[domain]) fields[domain] = form[domain]!;
    return post(`clients/${client}/records`, { kind: "zrm_assessment", fields });
  };
  const levels = [1, 2, 3, 4, 5, "none"].map((one) => [String(one), one === "none" ? t("zrm_level:none") : `${one} ${t("zrm_level:" + one)}`] as const);
  return (
    <Form send={send} done={done}>
      <p>{t("page:zrm:form_lead")}</p>
      <div class="inline">
        <Input name="date" label={capital(fieldWord("date"))} type="date" required value={today()} />
        <Select name="instrument" label={capital(fieldWord("instrument"))} required value={instrument} options={Object.keys(kDomains).map((code) => [code, codeWord("instrument", code)] as const)} onChange={setInstrument} />
      </div>
      <Radios name="trained" legend={capital(fieldWord("trained"))} required options={[["yes", t("label:yes")], ["no", t("label:no")]]} />
      <div class="levels">{kDomains[instrument]!.map((domain) => <Radios key={domain} name={domain} legend={capital(fieldWord(domain))} value="none" options={levels} />)}</div>
    </Form>
  );
}

export function ZrmPage({ dossier, client, reload }: DossierProps) {
  const found = trends(dossier.records);
  return (
    <>
      <div class="actions">{may("POST clients/{client}/records") && <FormButton wide primary title={t("page:zrm:add")} changed={reload} body={(done) => <Assessment client={client} done={done} />} />}</div>
      {found.length === 0 && <Empty>{t("page:zrm:none")}</Empty>}
      {found.map((trend) => <Instrument key={trend.instrument} trend={trend} />)}
      {found.length > 0 && <Section title={t("page:zrm:assessments")}>
        <RecordTable kind="zrm_assessment" records={recordsOf(dossier, "zrm_assessment")} reload={reload} fields={["date", "instrument", "trained"]} last={[{ head: t("page:review:by"), cell: (one) => one.author_name }]} /></Section>}
    </>
  );
}

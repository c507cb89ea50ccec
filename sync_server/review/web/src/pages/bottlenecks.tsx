// Bottlenecks of the system, not of a woman: how long they last, who was asked, what was answered.
import { useCatalogue } from "../catalogue";
import { Bars, Figure } from "../chart";
import { showDays } from "../dates";
import { useDocument } from "../load";
import { Load, Page, Section, Tag, Waiting } from "../parts";
import { AddRecord, RecordTable } from "../record_table";
import type { RecordDocument } from "../types";
import { codeWord, t } from "../words";

function List({ all, reload }: { all: RecordDocument[]; reload: () => void }) {
  const records = all.filter((one) => !one.retracted).sort((a, b) => (b.derived.waiting_days ?? 0) - (a.derived.waiting_days ?? 0));
  const open = records.filter((one) => one.derived.waiting);
  const kinds = [...new Set(open.map((one) => one.values.what!))].map((what) => ({
    name: codeWord("bottleneck", what), value: Math.max(...open.filter((one) => one.values.what === what).map((one) => one.derived.waiting_days ?? 0)) })).sort((a, b) => b.value - a.value);
  const lasts = (one: RecordDocument) => <>{showDays(one.derived.waiting_days ?? 0)} {one.derived.waiting ? <Tag tone="warn">{t("page:bottlenecks:open")}</Tag> : <Tag tone="good">{t("page:bottlenecks:solved")}</Tag>}</>;
  const table = <RecordTable kind="bottleneck" records={records} reload={reload} empty={t("page:bottlenecks:none")} fields={["what", "since", "asked", "answer", "text"]} last={[{ head: t("page:bottlenecks:lasts"), right: true, cell: lasts }]} />;
  if (kinds.length === 0) return table;
  return <>
    <Figure title={t("page:bottlenecks:title", kinds[0]!.name, showDays(kinds[0]!.value))} table={table}><Bars bars={kinds} words={(bar) => showDays(bar.value)} /></Figure>
    {table}
  </>;
}

export function Bottlenecks() {
  const kinds = useCatalogue();
  const records = useDocument<RecordDocument[]>("records?kind=bottleneck");
  return (
    <Page title={t("page:menu:bottlenecks")} lead={t("page:bottlenecks:lead")} actions={<AddRecord kind="bottleneck" primary words={t("page:bottlenecks:add")} reload={records.reload} />}>
      <Section title={t("page:bottlenecks:list")}>{kinds === null ? <Waiting /> : <Load of={records}>{(of) => <List all={of} reload={records.reload} />}</Load>}</Section>
    </Page>
  );
}

// Bottlenecks of the system, not of a woman: how long they last, who was asked, what was answered.
import { useCatalogue } from "../catalogue";
import { Bars, Figure } from "../chart";
import { showDay, showDays } from "../dates";
import { useDocument } from "../load";
import { Load, Page, Section, Table, Tag, Waiting } from "../parts";
import { addRecord, RecordActions } from "../record_form";
import { may } from "../session";
import type { RecordDocument } from "../types";
import { codeWord, t } from "../words";

function List({ all, reload }: { all: RecordDocument[]; reload: () => void }) {
  const records = all.filter((one) => !one.retracted).sort((a, b) => (b.derived.waiting_days ?? 0) - (a.derived.waiting_days ?? 0));
  const open = records.filter((one) => one.derived.waiting);
  const kinds = [...new Set(open.map((one) => one.values.what!))].map((what) => ({
    name: codeWord("bottleneck", what), value: Math.max(...open.filter((one) => one.values.what === what).map((one) => one.derived.waiting_days ?? 0)) })).sort((a, b) => b.value - a.value);
  const table = <Table caption={t("page:menu:bottlenecks")} rows={records} empty={t("page:bottlenecks:none")} keyOf={(one) => one.record_id} columns={[
    { head: t("page:what"), rowHead: true, cell: (one) => codeWord("bottleneck", one.values.what) },
    { head: t("page:overview:since"), cell: (one) => showDay(one.values.since) },
    { head: t("page:bottlenecks:lasts"), right: true, cell: (one) => <>{showDays(one.derived.waiting_days ?? 0)} {one.derived.waiting ? <Tag tone="warn">{t("page:bottlenecks:open")}</Tag> : <Tag tone="good">{t("page:bottlenecks:solved")}</Tag>}</> },
    { head: t("page:bottlenecks:asked"), cell: (one) => one.values.asked ?? "" }, { head: t("page:bottlenecks:answer"), cell: (one) => one.values.answer ?? "" },
    { head: t("page:remark"), cell: (one) => one.values.text ?? "" }, { head: t("page:action"), cell: (one) => <RecordActions record={one} changed={reload} /> },
  ]} />;
  if (kinds.length === 0) return table;
  return <>
    <Figure title={t("page:bottlenecks:title", kinds[0]!.name, showDays(kinds[0]!.value))} table={table}><Bars bars={kinds} words={(bar) => showDays(bar.value)} /></Figure>
    {table}
  </>;
}

export function Bottlenecks() {
  const kinds = useCatalogue();
  const records = useDocument<RecordDocument[]>("records?kind=bottleneck");
  const add = () => void addRecord("bottleneck").then((good) => { if (good) records.reload(); });
  return (
    <Page title={t("page:menu:bottlenecks")} lead={t("page:bottlenecks:lead")} actions={kinds && may("POST records") && <button type="button" class="primary" onClick={add}>{t("page:bottlenecks:add")}</button>}>
      <Section title={t("page:bottlenecks:list")}>{kinds === null ? <Waiting /> : <Load of={records}>{(of) => <List all={of} reload={records.reload} />}</Load>}</Section>
    </Page>
  );
}

// The programme's risks with their measures, and its dated steps and decisions.
import { useCatalogue } from "../catalogue";
import { ago, showDay, today } from "../dates";
import { useDocument } from "../load";
import { Load, Page, Section, Table, Tag, Waiting } from "../parts";
import { addRecord, RecordActions } from "../record_form";
import { may } from "../session";
import type { RecordDocument } from "../types";
import { codeWord, t } from "../words";

const kTrends: Record<string, string> = { rising: "↑", same: "→", falling: "↓" };

function Risks({ risks, reload }: { risks: RecordDocument[]; reload: () => void }) {
  return <Table caption={t("page:planning:risks")} rows={risks.filter((one) => !one.retracted)} empty={t("page:planning:no_risks")} keyOf={(one) => one.record_id} columns={[
    { head: t("page:planning:risk"), rowHead: true, cell: (one) => one.values.text ?? "" }, { head: t("page:planning:measure"), cell: (one) => one.values.measure ?? "" },
    { head: t("page:planning:owner"), cell: (one) => one.values.owner ?? "" },
    { head: t("label:trend"), cell: (one) => (one.values.trend ? <><span aria-hidden="true">{kTrends[one.values.trend]} </span>{codeWord("trend", one.values.trend)}</> : "") },
    { head: t("page:planning:seen"), cell: (one) => showDay(one.values.date) }, { head: t("page:action"), cell: (one) => <RecordActions record={one} changed={reload} /> },
  ]} />;
}

function Steps({ steps, reload }: { steps: RecordDocument[]; reload: () => void }) {
  const rows = steps.filter((one) => !one.retracted).sort((a, b) => a.values.date!.localeCompare(b.values.date!));
  return <Table caption={t("page:planning:steps")} rows={rows} empty={t("page:planning:no_steps")} keyOf={(one) => one.record_id} columns={[
    { head: t("page:review:when"), cell: (one) => <>{showDay(one.values.date)} <small>{ago(one.values.date)}</small></> },
    { head: t("page:what"), cell: (one) => codeWord("planning", one.values.what) }, { head: t("page:planning:step"), rowHead: true, cell: (one) => one.values.text ?? "" },
    { head: t("page:state"), cell: (one) => (one.values.done === "yes" ? <Tag tone="good">{t("page:timeline:done")}</Tag> : one.values.date! < today() ? <Tag tone="warn">{t("page:planning:late")}</Tag> : <Tag>{t("page:timeline:to_do")}</Tag>) },
    { head: t("page:action"), cell: (one) => <RecordActions record={one} changed={reload} /> },
  ]} />;
}

export function Planning() {
  const kinds = useCatalogue();
  const risks = useDocument<RecordDocument[]>("records?kind=risk"), steps = useDocument<RecordDocument[]>("records?kind=planning_step");
  const add = (kind: string, reload: () => void) => kinds && may("POST records") && <button type="button" onClick={() => void addRecord(kind).then((good) => { if (good) reload(); })}>{t("page:add")}</button>;
  if (kinds === null) return <Page title={t("page:menu:planning")}><Waiting /></Page>;
  return (
    <Page title={t("page:menu:planning")}>
      <Section title={t("page:planning:steps")} actions={add("planning_step", steps.reload)}><Load of={steps}>{(of) => <Steps steps={of} reload={steps.reload} />}</Load></Section>
      <Section title={t("page:planning:risks")} actions={add("risk", risks.reload)}><Load of={risks}>{(of) => <Risks risks={of} reload={risks.reload} />}</Load></Section>
    </Page>
  );
}

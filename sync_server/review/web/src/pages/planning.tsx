// The programme's risks with their measures, and its dated steps and decisions.
import { useCatalogue } from "../catalogue";
import { ago, showDay, today } from "../dates";
import { useDocument } from "../load";
import { Load, Page, Section, Tag, Waiting } from "../parts";
import { AddRecord, RecordTable } from "../record_table";
import type { RecordDocument } from "../types";
import { codeWord, t } from "../words";

const kTrends: Record<string, string> = { rising: "↑", same: "→", falling: "↓" };

const trend = (one: RecordDocument) => (one.values.trend ? <><span aria-hidden="true">{kTrends[one.values.trend]} </span>{codeWord("trend", one.values.trend)}</> : "");
const when = (one: RecordDocument) => <>{showDay(one.values.date)} <small>{ago(one.values.date)}</small></>;
const state = (one: RecordDocument) => (one.values.done === "yes" ? <Tag tone="good">{t("page:timeline:done")}</Tag> : one.values.date! < today() ? <Tag tone="warn">{t("page:planning:late")}</Tag> : <Tag>{t("page:timeline:to_do")}</Tag>);

export function Planning() {
  const kinds = useCatalogue();
  const risks = useDocument<RecordDocument[]>("records?kind=risk"), steps = useDocument<RecordDocument[]>("records?kind=planning_step");
  if (kinds === null) return <Page title={t("page:menu:planning")}><Waiting /></Page>;
  return (
    <Page title={t("page:menu:planning")}>
      <Section title={t("page:planning:steps")} actions={<AddRecord kind="planning_step" reload={steps.reload} />}>
        <Load of={steps}>{(of) => <RecordTable kind="planning_step" records={[...of].sort((a, b) => a.values.date!.localeCompare(b.values.date!))} reload={steps.reload} empty={t("page:planning:no_steps")}
          fields={["text", "date", "what", "done"]} more={{ date: when, done: state }} />}</Load>
      </Section>
      <Section title={t("page:planning:risks")} actions={<AddRecord kind="risk" reload={risks.reload} />}>
        <Load of={risks}>{(of) => <RecordTable kind="risk" records={of} reload={risks.reload} empty={t("page:planning:no_risks")} fields={["text", "measure", "owner", "trend", "date"]} more={{ trend }} />}</Load>
      </Section>
    </Page>
  );
}

// Goals of her own, each with its steps.
import { fieldWord } from "../catalogue";
import { showDay } from "../dates";
import { Empty, Section, Tag } from "../parts";
import { RecordActions } from "../record_form";
import { AddRecord } from "../record_table";
import type { RecordDocument } from "../types";
import { capital, codeWord, t } from "../words";
import { recordsOf } from "./dossier";
import type { DossierProps } from "./dossier";

function Steps({ steps, reload, goals }: { steps: RecordDocument[]; reload: () => void; goals: RecordDocument[] }) {
  return (
    <ul class="steps">
      {steps.map((one) => (
        <li key={one.record_id}>
          {one.values.done === "yes" ? <Tag tone="good">{t("page:timeline:done")}</Tag> : <Tag>{t("page:timeline:to_do")}</Tag>} {one.values.text} <small>{showDay(one.values.date)}</small>
          <RecordActions record={one} changed={reload} goals={goals} />
        </li>
      ))}
    </ul>
  );
}

export function Goals({ dossier, client, reload }: DossierProps) {
  const goals = recordsOf(dossier, "goal"), steps = recordsOf(dossier, "goal_step");
  return (
    <Section title={t("page:dossier:goals")} actions={<AddRecord kind="goal" client={client} reload={reload} primary words={t("page:goals:add")} preset={{ state: "active" }} />}>
      {goals.length === 0 && <Empty>{t("page:goals:none")}</Empty>}
      {goals.map((goal) => {
        const own = steps.filter((one) => one.values.goal === goal.record_id);
        const done = own.filter((one) => one.values.done === "yes").length;
        return (
          <article class="goal" key={goal.record_id}>
            <h3>{goal.values.text}</h3>
            <p><Tag tone={goal.values.state === "reached" ? "good" : "plain"}>{codeWord("goal_state", goal.values.state)}</Tag> {codeWord("area", goal.values.area)} · {capital(fieldWord("since"))} {showDay(goal.values.date)} <RecordActions record={goal} changed={reload} /></p>
            {own.length > 0 && <p><progress max={own.length} value={done} aria-label={t("page:goals:progress", done, own.length)} /> {t("page:goals:progress", done, own.length)}</p>}
            <Steps steps={own} reload={reload} goals={goals} />
            {goal.values.state === "active" && <AddRecord kind="goal_step" client={client} reload={reload} words={t("page:goals:step_add")} preset={{ goal: goal.record_id }} hide={["goal"]} />}
          </article>
        );
      })}
    </Section>
  );
}

// Warm handover: one step after another, each ticked when it was done.
import { useState } from "preact/hooks";
import { patch, put } from "../api";
import { fieldWord, useUsers } from "../catalogue";
import { showDay } from "../dates";
import { useDoing } from "../load";
import { Empty, Section, Tag } from "../parts";
import { RecordActions } from "../record_form";
import { AddRecord } from "../record_table";
import { may } from "../session";
import type { RecordDocument } from "../types";
import { capital, t } from "../words";
import { recordsOf } from "./dossier";
import type { DossierProps } from "./dossier";

const kSteps = ["told", "joint_meeting", "consent", "dossier_read", "accepted"];

export function stepsOf(record: RecordDocument): { steps: string[]; done: number; next: string | null } {
  const steps = record.values.ends || record.values.deletion_proof ? [...kSteps, "deletion_proof"] : kSteps;
  const done = steps.filter((step) => record.values[step] === "yes").length;
  return { steps, done, next: steps.find((step) => record.values[step] !== "yes") ?? null };
}

function NewCarer({ record, client, dossier, reload }: { record: RecordDocument } & DossierProps) {
  const doing = useDoing();
  const people = useUsers();
  const her = people.find((one) => one.name === record.values.to);
  if (!her || her.user_id === dossier.client.primary_contact || !may("PUT clients/{client}/assignment")) return null;
  const assign = () => void doing.run(() => put(`clients/${client}/assignment`, { primary: her.user_id, ...(dossier.client.second_contact ? { second: dossier.client.second_contact } : {}), reason: t("page:handover:reason") }), t("page:handover:assigned")).then((good) => { if (good) reload(); });
  return <p><button type="button" class="primary" disabled={doing.busy} onClick={assign}>{t("page:handover:assign", her.name)}</button></p>;
}

function One({ record, ...props }: { record: RecordDocument } & DossierProps) {
  const doing = useDoing();
  const [ticking, setTicking] = useState<string | null>(null);
  const { steps, done, next } = stepsOf(record);
  const tick = (step: string, on: boolean) => {
    setTicking(step);
    void doing.run(() => patch(`records/${record.record_id}`, { fields: { [step]: on ? "yes" : "no" }, reason: t("page:handover:reason") }, { client: props.client }), t("page:saved")).then(() => props.reload());
  };
  return (
    <article class="goal">
      <h3>{t("page:handover:from_to", record.values.from ?? "", record.values.to ?? "")}</h3>
      <p>{next === null ? <Tag tone="good">{t("page:handover:complete")}</Tag> : <Tag tone="warn">{t("page:handover:busy", done, steps.length)}</Tag>} {showDay(record.values.date)}
        {record.values.ends && <> · {capital(fieldWord("ends"))} {showDay(record.values.ends)}</>} <RecordActions record={record} changed={props.reload} /></p>
      <ol class="wizard">
        {steps.map((step) => (
          <li class={step === next ? "next" : ""} aria-current={step === next ? "step" : undefined}>
            <label class="check">
              <input type="checkbox" checked={record.values[step] === "yes"} disabled={doing.busy && ticking === step} onChange={(event) => tick(step, event.currentTarget.checked)} />
              <span>{capital(fieldWord(step))}<small class="hint">{t("page:handover:step:" + step)}</small></span>
            </label>
          </li>
        ))}
      </ol>
      {record.values.accepted === "yes" && <NewCarer record={record} {...props} />}
    </article>
  );
}

export function Handover(props: DossierProps) {
  const handovers = recordsOf(props.dossier, "handover");
  const start = <AddRecord kind="handover" client={props.client} reload={props.reload} primary words={t("page:handover:start")} title={t("page:handover:start")}
    preset={{ from: props.dossier.client.primary_contact_name ?? "" }} hide={[...kSteps, "deletion_proof"]} />;
  return (
    <Section title={t("page:dossier:handover")} actions={start}>
      <p>{t("page:handover:lead")}</p>
      {handovers.length === 0 && <Empty>{t("page:handover:none")}</Empty>}
      {handovers.map((one) => <One key={one.record_id} record={one} {...props} />)}
    </Section>
  );
}

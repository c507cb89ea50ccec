// All kinds of record that may be about a woman, with one form for each.
import { kinds, kindWord } from "../catalogue";
import { showDay, today } from "../dates";
import { recordDay } from "../catalogue";
import { Empty, Section } from "../parts";
import { addRecord } from "../record_form";
import { may } from "../session";
import { capital, t } from "../words";
import type { DossierProps } from "./dossier";
import { RecordItem } from "./timeline";

export function EveryRecord({ dossier, client, reload }: DossierProps) {
  const about = (kinds.value ?? []).filter((kind) => kind.about !== "programme");
  const goals = dossier.records.filter((one) => one.kind === "goal" && !one.retracted);
  return (
    <>
      {about.map(({ kind }) => {
        const records = dossier.records.filter((one) => one.kind === kind).sort((a, b) => recordDay(b).localeCompare(recordDay(a)));
        return (
          <Section key={kind} title={capital(kindWord(kind))} actions={may("POST clients/{client}/records") && (kind !== "goal_step" || goals.length > 0) &&
            <button type="button" aria-label={capital(t("page:add_kind", kindWord(kind)))} onClick={() => void addRecord(kind, { client, goals, preset: kind === "escalation" ? { date: today() } : {} }).then((good) => { if (good) reload(); })}>{t("page:add")}</button>}>
            {records.length === 0 ? <Empty>{t("page:records:none")}</Empty>
              : <ol class="timeline">{records.map((one) => <li class={"event record" + (one.retracted ? " taken-back" : "")} key={one.record_id}><p class="at">{showDay(recordDay(one))}</p><div><RecordItem of={one} changed={reload} goals={goals} /></div></li>)}</ol>}
          </Section>
        );
      })}
    </>
  );
}

// All kinds of record that may be about a woman, with one form for each.
import { kinds, kindWord, recordDay } from "../catalogue";
import { showDay } from "../dates";
import { Empty, Section } from "../parts";
import { AddRecord } from "../record_table";
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
          <Section key={kind} title={capital(kindWord(kind))} actions={(kind !== "goal_step" || goals.length > 0) && <AddRecord kind={kind} client={client} goals={goals} reload={reload} />}>
            {records.length === 0 ? <Empty>{t("page:records:none")}</Empty>
              : <ol class="timeline">{records.map((one) => <li class={"event record" + (one.retracted ? " taken-back" : "")} key={one.record_id}><p class="at">{showDay(recordDay(one))}</p><div><RecordItem of={one} changed={reload} goals={goals} /></div></li>)}</ol>}
          </Section>
        );
      })}
    </>
  );
}

// Escalations: one case, one question, and a look at the little that leaves before it does.
import { get } from "../api";
import { useCatalogue } from "../catalogue";
import { showDay } from "../dates";
import { ask } from "../dialogs";
import { useDocument, useDoing } from "../load";
import { Facts, Load, Page, Section, Tag, Waiting } from "../parts";
import { AddRecord, RecordTable } from "../record_table";
import { link } from "../router";
import { may } from "../session";
import type { RecordDocument } from "../types";
import { codeWord, has, t } from "../words";

interface Message { case: string; to: string; question: string; date: string; ends: string; told: string | null }

const told = (value: string | null | undefined) => (value === "yes" ? t("label:yes") : value === "no" ? t("label:no") : t("page:unknown"));

function Preview({ message, done }: { message: Message; done: () => void }) {
  return (
    <>
      <p>{t("page:escalations:preview_lead")}</p>
      <div class="letter">
        <Facts rows={[
          [t("page:escalations:case"), message.case], [t("page:escalations:to"), has("code:escalation_level:" + message.to) ? codeWord("escalation_level", message.to) : message.to],
          [t("page:escalations:date"), showDay(message.date)], [t("page:escalations:question"), message.question],
          [t("page:escalations:ends"), showDay(message.ends)], [t("page:escalations:told"), told(message.told)],
        ]} />
      </div>
      <div class="choice"><button type="button" onClick={() => print()}>{t("page:print")}</button><button type="button" class="primary" onClick={() => done()}>{t("page:close")}</button></div>
    </>
  );
}

export function Escalations() {
  const kinds = useCatalogue();
  const doing = useDoing();
  const records = useDocument<RecordDocument[]>("records?kind=escalation");
  const preview = (one: RecordDocument) => void doing.run(async () => {
    const message = await get<Message>(`escalations/${one.record_id}/message`, { client: one.client_id });
    void ask(t("page:escalations:preview"), (done) => <Preview message={message} done={done} />);
  });
  const toldHer = (one: RecordDocument) => (one.values.told === "no" ? <>{told("no")}<small class="hint">{one.values.not_toldHerbecause}</small></> : told(one.values.told));
  return (
    <Page title={t("page:menu:escalations")} lead={t("page:escalations:lead")} actions={<AddRecord kind="escalation" primary words={t("page:escalations:add")} reload={records.reload} />}>
      <Section title={t("page:menu:escalations")}>
        {kinds === null ? <Waiting /> : <Load of={records}>{(of) => (
          <RecordTable kind="escalation" records={of} reload={records.reload} empty={t("page:escalations:none")} head="to" fields={["date", "to", "question", "told", "ends", "answer"]}
            more={{ told: toldHer, ends: (one) => <>{showDay(one.values.ends)} {one.derived.ended && <Tag>{t("label:record:ended")}</Tag>}</> }}
            last={[{ head: t("page:who"), cell: (one) => (one.client_id && may("GET clients/{client}") ? <a href={link("clienten", one.client_id)}>{t("page:open_dossier")}</a> : "") }]}
            act={(one) => <button type="button" disabled={doing.busy} onClick={() => preview(one)}>{t("page:escalations:look")}</button>} />
        )}</Load>}
      </Section>
    </Page>
  );
}

// Consent in force, what it was before, and which form and letter she had.
import { showDay } from "../dates";
import { Section, Table, Tag } from "../parts";
import { addRecord, RecordActions } from "../record_form";
import { may } from "../session";
import type { RecordDocument } from "../types";
import { codeWord, t } from "../words";
import { recordsOf } from "./dossier";
import type { DossierProps } from "./dossier";

const scope = (one: RecordDocument) => (one.values.scope ?? "").split(",").filter(Boolean).map((code) => codeWord("partner", code)).join(", ");
const paper = (version: string | undefined, date: string | undefined) => [version, showDay(date)].filter(Boolean).join(" · ");

export function Consent({ dossier, client, reload }: DossierProps) {
  const consents = recordsOf(dossier, "consent").sort((a, b) => (b.values.date ?? "").localeCompare(a.values.date ?? ""));
  const inForce = dossier.consent?.record_id;
  const changed = (good?: true) => { if (good) reload(); };
  const add = (state: string) => void addRecord("consent", { client, preset: { state } }).then(changed);
  return (
    <Section title={t("page:dossier:consent")} actions={may("POST clients/{client}/records") && (
      <>
        <button type="button" class="primary" onClick={() => add("given")}>{t("page:consent:add")}</button>
        <button type="button" onClick={() => add("withdrawn")}>{t("page:consent:withdraw")}</button>
        <button type="button" onClick={() => add("not_now")}>{t("page:consent:not_now")}</button>
      </>
    )}>
      <p>{t("page:consent:lead")}</p>
      <Table caption={t("page:dossier:consent")} rows={consents} empty={t("page:consent:none")} keyOf={(one) => one.record_id} columns={[
        { head: t("page:review:when"), cell: (one) => showDay(one.values.date) },
        { head: t("page:state"), rowHead: true, cell: (one) => <>{codeWord("consent_state", one.values.state)} {one.record_id === inForce && <Tag tone="good">{t("page:consent:in_force")}</Tag>}</> },
        { head: t("page:consent:for"), cell: scope },
        { head: t("page:consent:how"), cell: (one) => codeWord("consent_how", one.values.how) },
        { head: t("page:consent:form"), cell: (one) => paper(one.values.form_version, one.values.form_date) },
        { head: t("page:consent:letter"), cell: (one) => paper(one.values.letter_version, one.values.letter_date) },
        { head: t("page:consent:until"), cell: (one) => showDay(one.values.ends) },
        { head: t("page:action"), cell: (one) => <RecordActions record={one} changed={reload} /> },
      ]} />
    </Section>
  );
}

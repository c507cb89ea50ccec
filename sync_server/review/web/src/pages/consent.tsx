// Consent in force, what it was before, and which form and letter she had.
import { Section, Tag } from "../parts";
import { AddRecord, RecordTable } from "../record_table";
import { codeWord, t } from "../words";
import { recordsOf } from "./dossier";
import type { DossierProps } from "./dossier";

export function Consent({ dossier, client, reload }: DossierProps) {
  const consents = recordsOf(dossier, "consent").sort((a, b) => (b.values.date ?? "").localeCompare(a.values.date ?? ""));
  const inForce = dossier.consent?.record_id;
  return (
    <Section title={t("page:dossier:consent")} actions={(
      <>
        <AddRecord kind="consent" client={client} reload={reload} primary words={t("page:consent:add")} preset={{ state: "given" }} />
        <AddRecord kind="consent" client={client} reload={reload} words={t("page:consent:withdraw")} preset={{ state: "withdrawn" }} />
        <AddRecord kind="consent" client={client} reload={reload} words={t("page:consent:not_now")} preset={{ state: "not_now" }} />
      </>
    )}>
      <p>{t("page:consent:lead")}</p>
      <RecordTable kind="consent" records={consents} reload={reload} empty={t("page:consent:none")} head="state"
        fields={["date", "state", "scope", "how", "form_version", "form_date", "letter_version", "letter_date", "ends"]}
        more={{ state: (one) => <>{codeWord("consent_state", one.values.state)} {one.record_id === inForce && <Tag tone="good">{t("page:consent:in_force")}</Tag>}</> }} />
    </Section>
  );
}

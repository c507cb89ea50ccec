// Referrals and how long she waits.
import { Bars, Figure } from "../chart";
import { showDays } from "../dates";
import { Section, Tag } from "../parts";
import { AddRecord, RecordTable } from "../record_table";
import type { RecordDocument } from "../types";
import { codeWord, t } from "../words";
import { recordsOf } from "./dossier";
import type { DossierProps } from "./dossier";

export function Referrals({ dossier, client, reload }: DossierProps) {
  const referrals = recordsOf(dossier, "referral");
  const waiting = referrals.filter((one) => one.derived.waiting).sort((a, b) => (b.derived.waiting_days ?? 0) - (a.derived.waiting_days ?? 0));
  const partner = (one: RecordDocument) => codeWord("partner", one.values.partner);
  const waits = (one: RecordDocument) => <>{showDays(one.derived.waiting_days ?? 0)} {one.derived.waiting && <Tag tone="warn">{t("page:referrals:still")}</Tag>}</>;
  const table = <RecordTable kind="referral" records={referrals} reload={reload} empty={t("page:referrals:none")} fields={["partner", "state", "announced", "started", "ended", "text"]} last={[{ head: t("page:referrals:waits"), right: true, cell: waits }]} />;
  return (
    <Section title={t("page:dossier:referrals")} actions={<AddRecord kind="referral" client={client} reload={reload} primary words={t("page:referrals:add")} preset={{ state: "announced" }} />}>
      {waiting.length > 0 && (
        <Figure title={t("page:referrals:title", showDays(waiting[0]!.derived.waiting_days ?? 0), partner(waiting[0]!))} table={table}>
          <Bars bars={waiting.map((one) => ({ name: partner(one), value: one.derived.waiting_days ?? 0 }))} words={(bar) => showDays(bar.value)} />
        </Figure>
      )}
      {table}
    </Section>
  );
}

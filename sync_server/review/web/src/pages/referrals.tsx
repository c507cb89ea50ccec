// Referrals and how long she waits.
import { Bars, Figure } from "../chart";
import { showDay, showDays } from "../dates";
import { Section, Table, Tag } from "../parts";
import { addRecord, RecordActions } from "../record_form";
import { may } from "../session";
import type { RecordDocument } from "../types";
import { codeWord, t } from "../words";
import { recordsOf } from "./dossier";
import type { DossierProps } from "./dossier";

export function Referrals({ dossier, client, reload }: DossierProps) {
  const referrals = recordsOf(dossier, "referral");
  const waiting = referrals.filter((one) => one.derived.waiting).sort((a, b) => (b.derived.waiting_days ?? 0) - (a.derived.waiting_days ?? 0));
  const partner = (one: RecordDocument) => codeWord("partner", one.values.partner);
  const table = <Table caption={t("page:dossier:referrals")} rows={referrals} empty={t("page:referrals:none")} keyOf={(one) => one.record_id} columns={[
    { head: t("label:partner"), rowHead: true, cell: partner },
    { head: t("page:state"), cell: (one) => codeWord("referral_state", one.values.state) },
    { head: t("page:referrals:announced"), cell: (one) => showDay(one.values.announced) },
    { head: t("page:referrals:started"), cell: (one) => showDay(one.values.started) },
    { head: t("page:referrals:ended"), cell: (one) => showDay(one.values.ended) },
    { head: t("page:referrals:waits"), right: true, cell: (one) => <>{showDays(one.derived.waiting_days ?? 0)} {one.derived.waiting && <Tag tone="warn">{t("page:referrals:still")}</Tag>}</> },
    { head: t("page:remark"), cell: (one) => one.values.text ?? "" },
    { head: t("page:action"), cell: (one) => <RecordActions record={one} changed={reload} /> },
  ]} />;
  return (
    <Section title={t("page:dossier:referrals")} actions={may("POST clients/{client}/records") && <button type="button" class="primary"
      onClick={() => void addRecord("referral", { client, preset: { state: "announced" } }).then((good) => { if (good) reload(); })}>{t("page:referrals:add")}</button>}>
      {waiting.length > 0 && (
        <Figure title={t("page:referrals:title", showDays(waiting[0]!.derived.waiting_days ?? 0), partner(waiting[0]!))} table={table}>
          <Bars bars={waiting.map((one) => ({ name: partner(one), value: one.derived.waiting_days ?? 0 }))} words={(bar) => showDays(bar.value)} />
        </Figure>
      )}
      {table}
    </Section>
  );
}

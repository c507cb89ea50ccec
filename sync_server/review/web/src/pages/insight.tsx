// Her rights: who looked, everything about her to take along, and erasure, which takes two persons.
import { download, post } from "../api";
import { showMoment } from "../dates";
import { askReason } from "../dialogs";
import { useDocument, useDoing } from "../load";
import { Load, Section, Select, Table, Tag, Waiting } from "../parts";
import { may } from "../session";
import { codeWord, t } from "../words";
import { objectWord } from "./access_log";
import type { DossierProps } from "./dossier";

interface Access { at: string; user: string | null; role: string | null; action: string; object: string; reason: string | null; emergency: boolean }

function Accesses({ client }: { client: string }) {
  const accesses = useDocument<{ entries: Access[] }>(`clients/${client}/accesses`);
  return (
    <Section title={t("page:insight:who")}>
      <Load of={accesses}>{(of) => (
        <Table caption={t("page:insight:who")} rows={of.entries} empty={t("page:insight:nobody")} columns={[
          { head: t("page:review:when"), cell: (one) => showMoment(one.at) },
          { head: t("page:who"), rowHead: true, cell: (one) => one.user ?? t("page:log:nobody") },
          { head: t("label:role"), cell: (one) => codeWord("role", one.role) },
          { head: t("page:what"), cell: (one) => <>{t("page:action:" + one.action)} <small>{objectWord(one.object)}</small></> },
          { head: t("page:reason"), cell: (one) => <>{one.emergency && <Tag tone="warn">{t("page:log:emergency")}</Tag>} {one.reason}</> },
        ]} />
      )}</Load>
    </Section>
  );
}

const kGrounds = ["her_request", "retention", "recorded_wrongly", "other"];

export function Insight({ client }: DossierProps) {
  const doing = useDoing();
  const erase = async () => {
    const given = await askReason(t("page:erasure:decide"), { text: t("page:erasure:text"), danger: true, confirm: t("page:erasure:decide"),
      extra: <Select name="ground" label={t("label:erasure_ground")} required options={kGrounds.map((code) => [code, codeWord("erasure_ground", code)] as const)} /> });
    if (given) await doing.run(() => post(`clients/${client}/erasure`, { ground: given.ground, reason: given.reason }), t("page:erasure:decided"));
  };
  return (
    <>
      {may("GET clients/{client}/accesses") && <Accesses client={client} />}
      {may("GET clients/{client}/export") && (
        <Section title={t("page:insight:export")}>
          <p>{t("page:insight:export_text")}</p>
          {doing.busy ? <Waiting text={t("page:insight:export_busy")} />
            : <button type="button" class="primary" onClick={() => void doing.run(() => download(`clients/${client}/export`, "lantaarn-inzage.json"), t("page:insight:export_done"))}>{t("page:insight:export_do")}</button>}
        </Section>
      )}
      {may("POST clients/{client}/erasure") && (
        <Section title={t("page:erasure:title")}>
          <p>{t("page:erasure:text")}</p>
          <button type="button" class="danger" disabled={doing.busy} onClick={() => void erase()}>{t("page:erasure:decide")}</button>
        </Section>
      )}
    </>
  );
}

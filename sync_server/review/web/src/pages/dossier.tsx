// Everything about one woman, on a few pages under one heading.
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { post } from "../api";
import { useCatalogue } from "../catalogue";
import { ago, showDay } from "../dates";
import { useDocument } from "../load";
import { Facts, Load, Page, Tabs, Tag, Waiting } from "../parts";
import { link } from "../router";
import { may } from "../session";
import type { Dossier } from "../types";
import { codeWord, t } from "../words";
import { ChangeClient } from "./client_form";
import { Consent } from "./consent";
import { Goals } from "./goals";
import { Handover } from "./handover";
import { Insight } from "./insight";
import { EveryRecord } from "./every_record";
import { Referrals } from "./referrals";
import { Timeline } from "./timeline";
import { ZrmPage } from "./zrm";

export interface DossierProps { dossier: Dossier; client: string; reload: () => void }

const kViews: { key: string; words: string; page: (props: DossierProps) => VNode; wants?: string }[] = [
  { key: "", words: "page:dossier:timeline", page: (props) => <Timeline {...props} /> },
  { key: "zrm", words: "page:dossier:zrm", page: (props) => <ZrmPage {...props} /> },
  { key: "doelen", words: "page:dossier:goals", page: (props) => <Goals {...props} /> },
  { key: "toeleiding", words: "page:dossier:referrals", page: (props) => <Referrals {...props} /> },
  { key: "toestemming", words: "page:dossier:consent", page: (props) => <Consent {...props} /> },
  { key: "overdracht", words: "page:dossier:handover", page: (props) => <Handover {...props} /> },
  { key: "alles", words: "page:dossier:records", page: (props) => <EveryRecord {...props} /> },
  { key: "inzage", words: "page:dossier:insight", page: (props) => <Insight {...props} /> },
];

export function recordsOf(dossier: Dossier, kind: string) {
  return dossier.records.filter((one) => one.kind === kind && !one.retracted);
}

function consentLine(dossier: Dossier): string {
  if (!dossier.consent) return t("page:consent:none");
  const scope = dossier.consent.scope.split(",").filter(Boolean).map((code) => codeWord("partner", code)).join(", ");
  return [codeWord("consent_state", dossier.consent.state), scope, showDay(dossier.consent.date)].filter(Boolean).join(" · ");
}

function Head({ dossier, client, reload }: DossierProps) {
  const her = dossier.client;
  const note = recordsOf(dossier, "attention_note").find((one) => !one.derived.ended);
  const contested = her.fields.filter((one) => one.contested).length;
  return (
    <div class="card head">
      {note && <p class="attention"><Tag tone="warn">{t("page:dossier:attention")}</Tag> {note.values.text} <small>{t("page:dossier:until", showDay(note.values.until))}</small></p>}
      {contested > 0 && <p><Tag tone="warn">{t("page:dossier:contested", contested)}</Tag> {may("GET review/queue") && <a href={link("nakijken")}>{t("page:menu:review")}</a>}</p>}
      <Facts rows={[
        [t("label:status"), codeWord("status", her.status) + (her.closed_reason ? " · " + codeWord("closed_reason", her.closed_reason) : "")],
        [t("label:intensity"), codeWord("intensity", her.intensity) || t("page:dossier:none")],
        [t("label:safe_contact"), codeWord("safe_contact", her.safe_contact) || t("page:unknown")],
        [t("page:client:primary"), her.primary_contact_name ?? t("page:nobody")],
        [t("page:client:second"), her.second_contact_name],
        [t("label:last_spoken"), her.last_spoken_date ? `${showDay(her.last_spoken_date)} (${ago(her.last_spoken_date)})` : t("page:never")],
        [t("page:dossier:consent"), consentLine(dossier)],
        [t("page:dossier:linked"), dossier.clients.length > 1 ? t("page:dossier:linked_count", dossier.clients.length) : ""],
      ]} />
      <ChangeClient dossier={dossier} client={client} reload={reload} />
    </div>
  );
}

/** What leaves on paper is written down as everything that is looked at. */
function usePrintNoted(client: string, shown: boolean): void {
  useEffect(() => {
    if (!shown || !may("POST clients/{client}/print")) return;
    const note = () => void post(`clients/${client}/print`, {}, { background: true }).catch(() => {});
    addEventListener("beforeprint", note);
    return () => removeEventListener("beforeprint", note);
  }, [client, shown]);
}

export function DossierPage({ client, view }: { client: string; view: string }) {
  const dossier = useDocument<Dossier>(/^[0-9a-f]{32}$/.test(client) ? "clients/" + client : null);
  const kinds = useCatalogue();
  usePrintNoted(client, dossier.data !== null);
  const shown = kViews.find((one) => one.key === view) ?? kViews[0]!;
  const name = dossier.data?.client.aliases.join(", ") ?? t("page:dossier:title");
  return (
    <Page title={name} lead={<a href={link("clienten")}>{t("page:dossier:back")}</a>}>
      {!dossier.data ? <Load of={dossier}>{() => null}</Load> : kinds === null ? <Waiting /> : (
        <>
          <Head dossier={dossier.data} client={client} reload={dossier.reload} />
          <Tabs label={t("page:dossier:parts")} current={shown.key} tabs={kViews.map((one) => ({ key: one.key, words: t(one.words), href: one.key ? link("clienten", client, one.key) : link("clienten", client) }))} />
          <div key={shown.key}>{shown.page({ dossier: dossier.data, client, reload: dossier.reload })}</div>
        </>
      )}
    </Page>
  );
}

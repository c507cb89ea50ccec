// What the server knows of a lost handheld: for the 72 hours in which the authority is to be told.
import { showMoment } from "../dates";
import { Facts, Table } from "../parts";
import { codeWord, t } from "../words";

export interface Breach {
  name: string; made_at: string;
  reported: { at: string; missed_since: string; by_name: string; reason: string; notify_before: string } | null;
  users: { name: string; role: string; women: number }[]; women: number; women_names: { client_id: string; name: string }[] | null;
  held: { saved: number; received: number; not_received: number; last_seen_at: string | null; lease_ends_at: string | null };
  sealing: { strict: boolean; wrong_pins_max: number; lease_days: number; lease_boots: number; device_secret: string | null };
  measures: { what: string; at: string; carried_out_at: string | null }[];
}

export function BreachSheet({ of, done }: { of: Breach; done: () => void }) {
  return (
    <div class="sheet">
      <p>{t("breach:what_for")}</p>
      <h3>{t("breach:clock")}</h3>
      {of.reported ? <Facts rows={[[t("breach:missed_since"), showMoment(of.reported.missed_since)], [t("breach:known_since"), showMoment(of.reported.at)], [t("breach:reason"), of.reported.reason], [t("page:review:by"), of.reported.by_name], [t("breach:notify_before"), <strong>{showMoment(of.reported.notify_before)}</strong>]]} />
        : <p>{t("breach:not_reported")}</p>}
      <h3>{t("breach:concerned")}</h3>
      <Facts rows={[[t("breach:women"), of.women], [t("breach:women_names"), of.women_names?.map((one) => one.name).join(", ")]]} />
      <Table caption={t("breach:concerned")} rows={of.users} columns={[{ head: t("breach:user"), rowHead: true, cell: (one) => one.name }, { head: t("label:role"), cell: (one) => codeWord("role", one.role) }, { head: t("breach:women"), right: true, cell: (one) => one.women }]} />
      <h3>{t("breach:held")}</h3>
      <Facts rows={[[t("breach:last_seen"), of.held.last_seen_at ? showMoment(of.held.last_seen_at) : t("breach:never")], [t("breach:saved"), of.held.saved], [t("breach:received"), of.held.received], [t("breach:not_received"), of.held.not_received], [t("breach:lease_ends"), showMoment(of.held.lease_ends_at)]]} />
      <p>{t("breach:kinds")}</p><p>{t("breach:not_on_it")}</p>
      <h3>{t("breach:sealed")}</h3>
      <Facts rows={[[t("breach:pin"), t("breach:pin_rule", of.sealing.wrong_pins_max)], [t("breach:lease"), t("breach:lease_rule", of.sealing.lease_days, of.sealing.lease_boots)], [t("breach:device_secret"), of.sealing.device_secret ?? t("breach:device_secret_unknown")]]} />
      <p>{of.sealing.strict ? t("breach:sealed_strict") : t("breach:sealed_normal")}</p>
      <h3>{t("breach:measures")}</h3>
      {of.measures.length === 0 ? <p>{t("breach:no_measures")}</p> : <ul>{of.measures.map((one) => <li>{t("breach:measure:" + one.what)}, {showMoment(one.at)}</li>)}</ul>}
      <div class="choice"><button type="button" onClick={() => print()}>{t("page:print")}</button><button type="button" class="primary" onClick={() => done()}>{t("page:close")}</button></div>
    </div>
  );
}

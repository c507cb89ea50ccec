// Handhelds: enrol with a ticket, and everything that may be asked of one.
import { useEffect } from "preact/hooks";
import { get, keepFile, post } from "../api";
import { useUsers } from "../catalogue";
import { showMoment } from "../dates";
import { ask, askReason, Choice, formOf } from "../dialogs";
import { useDocument, useDoing } from "../load";
import { turned } from "../live";
import { Boxes, Facts, Input, Load, Section, Select, Table, Tag } from "../parts";
import { may } from "../session";
import type { Handheld } from "../types";
import { codeWord, t } from "../words";
import { BreachSheet } from "./breach_sheet";
import type { Breach } from "./breach_sheet";
import { HandheldTable } from "./overview";

interface Ticket { ticket_file: string; ticket?: string; file_name?: string }

/** A ticket file is text; what came as base64 is its bytes. */
function keepTicket(of: Ticket): void {
  keepFile(new Blob([of.ticket_file], { type: "application/octet-stream" }), of.file_name ?? "lantaarn.ticket");
}

function Enrol({ done }: { done: (value?: true) => void }) {
  const doing = useDoing();
  const people = useUsers().filter((one) => ["case_manager", "expert_by_experience"].includes(one.role)).map((one) => [one.user_id, one.name] as const);
  const submit = (event: Event) => {
    const { name, users, server } = formOf(event);
    void doing.run(async () => keepTicket(await post<Ticket>("devices", { name, users: (users ?? "").split(",").filter(Boolean), server })), t("page:handhelds:ticket_kept")).then((good) => { if (good) done(true); });
  };
  return (
    <form onSubmit={submit}>
      <p>{t("page:handhelds:enrol_lead")}</p>
      <Input name="name" label={t("page:handhelds:name")} required max={80} />
      <Boxes name="users" legend={t("label:list:users")} options={people} value={[]} />
      <Input name="server" label={t("page:handhelds:server")} required max={200} hint={t("page:handhelds:server_hint")} value={location.hostname + ":7600"} />
      <Choice done={done} confirm={t("page:handhelds:make_ticket")} busy={doing.busy} />
    </form>
  );
}

function AddUser({ device, done }: { device: Handheld; done: (value?: true) => void }) {
  const doing = useDoing();
  const here = (device.users ?? []).map((one) => one.user_id);
  const people = useUsers().filter((one) => !here.includes(one.user_id) && ["case_manager", "expert_by_experience"].includes(one.role)).map((one) => [one.user_id, one.name] as const);
  const submit = (event: Event) => {
    const { user, server } = formOf(event);
    void doing.run(async () => keepTicket(await post<Ticket>(`devices/${device.device_id}/users`, { user, server })), t("page:handhelds:ticket_kept")).then((good) => { if (good) done(true); });
  };
  return (
    <form onSubmit={submit}>
      <Select name="user" label={t("page:handhelds:user")} required options={people} />
      <Input name="server" label={t("page:handhelds:server")} required max={200} hint={t("page:handhelds:server_hint")} value={location.hostname + ":7600"} />
      <Choice done={done} confirm={t("page:handhelds:make_ticket")} busy={doing.busy} />
    </form>
  );
}

function Terms({ device, done }: { device: Handheld; done: (value?: true) => void }) {
  const doing = useDoing();
  const terms = device.terms!;
  const submit = (event: Event) => {
    const form = formOf(event);
    const body = { lease_days: Number(form.lease_days), lease_boots: Number(form.lease_boots), wrong_pins: Number(form.wrong_pins), strict: form.strict === "yes", duress_pin: form.duress_pin === "yes", reason: form.reason };
    void doing.run(() => post(`devices/${device.device_id}/terms`, body), t("page:saved")).then((good) => { if (good) done(true); });
  };
  return (
    <form onSubmit={submit}>
      <Input name="lease_days" label={t("page:handhelds:lease_days")} type="number" min={1} required value={String(terms.lease_days)} />
      <Input name="lease_boots" label={t("page:handhelds:lease_boots")} type="number" min={1} required value={String(terms.lease_boots)} />
      <Input name="wrong_pins" label={t("page:handhelds:wrong_pins")} type="number" min={3} required value={String(terms.wrong_pins)} />
      <label class="check"><input type="checkbox" name="strict" value="yes" defaultChecked={terms.strict} /> <span>{t("page:handhelds:strict")}<small class="hint">{t("page:handhelds:strict_hint")}</small></span></label>
      <label class="check"><input type="checkbox" name="duress_pin" value="yes" defaultChecked={terms.duress_pin} /> <span>{t("page:handhelds:duress_pin")}</span></label>
      <Input name="reason" label={t("page:reason")} required max={200} />
      <Choice done={done} confirm={t("page:save")} busy={doing.busy} />
    </form>
  );
}

const kAsks = [
  { path: "lock", danger: false }, { path: "unlock", danger: false }, { path: "renew-keys", danger: false },
  { path: "wipe", danger: true }, { path: "revoke", danger: true }, { path: "lost", danger: true },
];

function Actions({ device, reload }: { device: Handheld; reload: () => void }) {
  const doing = useDoing();
  const route = (path: string) => may("POST devices/{device}/" + path);
  const direct = async (path: string, danger: boolean) => {
    const extra = path === "lost" ? <Input name="missed_since" label={t("page:handhelds:missed_since")} type="datetime-local" required /> : undefined;
    const given = await askReason(t("page:handhelds:do:" + path), { text: t("page:handhelds:means:" + path, device.name), danger, confirm: t("page:handhelds:do:" + path), ...(extra ? { extra } : {}) });
    if (!given) return;
    const since = given.missed_since ? { missed_since: new Date(given.missed_since).toISOString() } : {};
    if (await doing.run(() => post(`devices/${device.device_id}/${path}`, { reason: given.reason, ...since }), t("page:handhelds:asked"))) reload();
  };
  const dialog = (title: string, body: (done: (value?: true) => void) => preact.VNode) => void ask<true>(title, body).then((good) => { if (good) reload(); });
  const sheet = () => void doing.run(async () => {
    const breach = await get<Breach>(`devices/${device.device_id}/breach-sheet`);
    void ask(t("breach:title", device.name), (done) => <BreachSheet of={breach} done={done} />, true);
  });
  return (
    <div class="actions">
      {route("users") && device.state !== "revoked" && <button type="button" onClick={() => dialog(t("page:handhelds:add_user"), (done) => <AddUser device={device} done={done} />)}>{t("page:handhelds:add_user")}</button>}
      {route("terms") && device.terms && <button type="button" onClick={() => dialog(t("page:handhelds:terms"), (done) => <Terms device={device} done={done} />)}>{t("page:handhelds:terms")}</button>}
      {kAsks.filter((one) => route(one.path)).map((one) => <button type="button" class={one.danger ? "danger" : ""} disabled={doing.busy} onClick={() => void direct(one.path, one.danger)}>{t("page:handhelds:do:" + one.path)}</button>)}
      {may("GET devices/{device}/breach-sheet") && <button type="button" disabled={doing.busy} onClick={sheet}>{t("page:handhelds:breach")}</button>}
    </div>
  );
}

function Directives({ of }: { of: NonNullable<Handheld["directives"]> }) {
  return <Table caption={t("page:handhelds:directives")} rows={of} columns={[
    { head: t("page:what"), rowHead: true, cell: (one) => codeWord("directive", one.directive) + (one.user_name ? ` (${one.user_name})` : "") },
    { head: t("page:review:by"), cell: (one) => one.given_by }, { head: t("page:review:when"), cell: (one) => showMoment(one.given_at) },
    { head: t("page:state"), cell: (one) => (one.state === "carried_out" ? <Tag tone="good">{t("page:handhelds:state:carried_out")} {showMoment(one.carried_out_at)}</Tag> : <Tag tone={one.state === "given" ? "warn" : "plain"}>{t("page:handhelds:state:" + one.state)}</Tag>) },
  ]} />;
}

function One({ device, reload }: { device: Handheld; reload: () => void }) {
  const doing = useDoing();
  const out = async (user: string, name: string) => {
    const given = await askReason(t("page:handhelds:user_out", name), { danger: true });
    if (given && (await doing.run(() => post(`devices/${device.device_id}/revoke`, { user, reason: given.reason }), t("page:handhelds:asked")))) reload();
  };
  const terms = device.terms;
  return (
    <Section title={device.name}>
      {device.duress.map((one) => <p><Tag tone="bad">{t("page:overview:duress")}</Tag> {one.name}, {showMoment(one.recorded_at)} {one.held && t("label:overview:duress_held")}</p>)}
      <Facts rows={[
        [t("page:state"), t("label:device_state:" + device.state)], [t("page:overview:last_sync"), device.last_seen_at ? showMoment(device.last_seen_at) : t("page:never")],
        [t("label:list:users"), <ul class="plain">{(device.users ?? []).map((one) => <li>{one.name} {!one.enrolled && <Tag>{t("label:device_state:waiting")}</Tag>}
          {may("POST devices/{device}/revoke") && <button type="button" class="quiet" aria-label={t("page:handhelds:user_out", one.name)} onClick={() => void out(one.user_id, one.name)}>{t("page:handhelds:out")}</button>}</li>)}</ul>],
        [t("page:handhelds:terms"), terms && [t("page:handhelds:lease", terms.lease_days, terms.lease_boots), terms.strict && t("page:handhelds:strict"), terms.duress_pin && t("page:handhelds:duress_pin")].filter(Boolean).join(" · ")],
      ]} />
      {(device.directives?.length ?? 0) > 0 && <Directives of={device.directives!} />}
      <Actions device={device} reload={reload} />
    </Section>
  );
}

export function Handhelds() {
  const devices = useDocument<Handheld[]>("devices");
  const turn = turned.use();
  useEffect(() => { if (turn > 0) devices.reload(); }, [turn]);
  const enrol = () => void ask<true>(t("page:handhelds:enrol"), (done) => <Enrol done={done} />).then((good) => { if (good) devices.reload(); });
  return (
    <>
      <Section title={t("page:overview:handhelds")} actions={may("POST devices") && <button type="button" class="primary" onClick={enrol}>{t("page:handhelds:enrol")}</button>}>
        <Load of={devices}>{(of) => <HandheldTable handhelds={of} />}</Load>
      </Section>
      {devices.data?.map((one) => <One key={one.device_id} device={one} reload={devices.reload} />)}
    </>
  );
}

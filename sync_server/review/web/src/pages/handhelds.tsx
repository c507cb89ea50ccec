// Handhelds: enrol with a ticket, and everything that may be asked of one.
import { useEffect } from "preact/hooks";
import { get, keepFile, post } from "../api";
import { toBytes } from "../binary";
import { useUsers } from "../catalogue";
import { showMoment } from "../dates";
import { ask, askReason } from "../dialogs";
import { Form, FormButton } from "../form";
import { useDocument, useDoing } from "../load";
import { turned } from "../live";
import { Boxes, Facts, Input, Load, Section, Select, Table, Tag } from "../parts";
import { may } from "../session";
import type { Handheld, User } from "../types";
import { codeWord, t } from "../words";
import { BreachSheet } from "./breach_sheet";
import type { Breach } from "./breach_sheet";
import { HandheldTable } from "./overview";

interface Ticket { files?: { name: string; content: string }[] }

function keepTicket(of: Ticket): void {
  for (const file of of.files ?? []) keepFile(new Blob([toBytes(file.content)], { type: "application/octet-stream" }), file.name);
}

function Server() {
  return <Input name="server" label={t("page:handhelds:server")} required max={200} hint={t("page:handhelds:server_hint")} value={location.hostname + ":7600"} />;
}

function loggers(all: User[]): [string, string][] {
  return all.filter((one) => ["case_manager", "expert_by_experience"].includes(one.role)).map((one) => [one.user_id, one.name]);
}

function Enrol({ done }: { done: (value?: true) => void }) {
  const people = loggers(useUsers());
  const send = async ({ name, users, server }: Record<string, string>) => keepTicket(await post<Ticket>("devices", { name, users: (users ?? "").split(",").filter(Boolean), server }));
  return (
    <Form done={done} send={send} said={t("page:handhelds:ticket_kept")} confirm={t("page:handhelds:make_ticket")}>
      <p>{t("page:handhelds:enrol_lead")}</p>
      <Input name="name" label={t("page:handhelds:name")} required max={80} />
      <Boxes name="users" legend={t("label:list:users")} options={people} value={[]} />
      <Server />
    </Form>
  );
}

function AddUser({ device, done }: { device: Handheld; done: (value?: true) => void }) {
  const here = (device.users ?? []).map((one) => one.user_id);
  const people = loggers(useUsers()).filter(([id]) => !here.includes(id));
  const send = async ({ user, server }: Record<string, string>) => keepTicket(await post<Ticket>(`devices/${device.device_id}/users`, { user, server }));
  return (
    <Form done={done} send={send} said={t("page:handhelds:ticket_kept")} confirm={t("page:handhelds:make_ticket")}>
      <Select name="user" label={t("page:handhelds:user")} required options={people} />
      <Server />
    </Form>
  );
}

function Terms({ device, done }: { device: Handheld; done: (value?: true) => void }) {
  const terms = device.terms!;
  const send = (form: Record<string, string>) => post(`devices/${device.device_id}/terms`, {
    lease_days: Number(form.lease_days), lease_boots: Number(form.lease_boots), wrong_pins: Number(form.wrong_pins), strict: form.strict === "yes", duress_pin: form.duress_pin === "yes", reason: form.reason });
  const counted = (["lease_days", "lease_boots", "wrong_pins"] as const).map((name) => <Input name={name} label={t("page:handhelds:number:" + name)} type="number" min={name === "wrong_pins" ? 3 : 1} required value={String(terms[name])} />);
  return (
    <Form done={done} send={send}>
      {counted}
      <label class="check"><input type="checkbox" name="strict" value="yes" defaultChecked={terms.strict} /> <span>{t("page:handhelds:strict")}<small class="hint">{t("page:handhelds:strict_hint")}</small></span></label>
      <label class="check"><input type="checkbox" name="duress_pin" value="yes" defaultChecked={terms.duress_pin} /> <span>{t("page:handhelds:duress_pin")}</span></label>
      <Input name="reason" label={t("page:reason")} required max={200} />
    </Form>
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
  const sheet = () => void doing.run(async () => {
    const breach = await get<Breach>(`devices/${device.device_id}/breach-sheet`);
    void ask(t("breach:title", device.name), (done) => <BreachSheet of={breach} done={done} />, true);
  });
  return (
    <div class="actions">
      {route("users") && device.state !== "revoked" && <FormButton title={t("page:handhelds:add_user")} changed={reload} body={(done) => <AddUser device={device} done={done} />} />}
      {route("terms") && device.terms && <FormButton title={t("page:handhelds:terms")} changed={reload} body={(done) => <Terms device={device} done={done} />} />}
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
  return (
    <>
      <Section title={t("page:overview:handhelds")} actions={may("POST devices") && <FormButton primary title={t("page:handhelds:enrol")} changed={devices.reload} body={(done) => <Enrol done={done} />} />}>
        <Load of={devices}>{(of) => <HandheldTable handhelds={of} />}</Load>
      </Section>
      {devices.data?.map((one) => <One key={one.device_id} device={one} reload={devices.reload} />)}
    </>
  );
}

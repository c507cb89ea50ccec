// What stands above a dossier: status, guidance, safe contact, who; and one more name she goes by.
import { useState } from "preact/hooks";
import { patch, post } from "../api";
import { useUsers } from "../catalogue";
import { today } from "../dates";
import { Form, FormButton } from "../form";
import { Input, Select } from "../parts";
import { may } from "../session";
import type { Client } from "../types";
import { kIntensities } from "../types";
import { codeWord, t } from "../words";
import type { DossierProps } from "./dossier";

const kClosed = ["referred", "own_wish", "moved", "died", "other"];
const options = (list: string, codes: string[]) => codes.map((code) => [code, codeWord(list, code)] as const);

function Details({ her, client, done }: { her: Client; client: string; done: (value?: true) => void }) {
  const [status, setStatus] = useState(her.status);
  const people = useUsers().filter((one) => ["case_manager", "expert_by_experience", "coordinator"].includes(one.role)).map((one) => [one.user_id, one.name] as const);
  const before: Record<string, string> = { status: her.status, closed_reason: her.closed_reason ?? "", intensity: her.intensity ?? "", safe_contact: her.safe_contact ?? "", primary: her.primary_contact ?? "", second: her.second_contact ?? "" };
  const send = (form: Record<string, string>) => {
    const changed = Object.fromEntries(Object.keys(before).filter((name) => name in form && form[name] !== before[name]).map((name) => [name, form[name]!]));
    return patch(`clients/${client}`, { ...changed, from: form.from, reason: form.reason });
  };
  return (
    <Form send={send} done={done}>
      <Select name="status" label={t("label:status")} required value={her.status} options={options("status", ["in_view", "closed"])} onChange={setStatus} />
      {status === "closed" && <Select name="closed_reason" label={t("label:closed_reason")} required value={her.closed_reason ?? undefined} options={options("closed_reason", kClosed)} />}
      <Select name="intensity" label={t("label:intensity")} value={her.intensity ?? ""} options={options("intensity", kIntensities)} />
      <Select name="safe_contact" label={t("label:safe_contact")} value={her.safe_contact ?? ""} options={options("safe_contact", ["in_person_only", "calling", "messaging"])} />
      {people.length > 0 && <Select name="primary" label={t("page:client:primary")} value={her.primary_contact ?? ""} options={people} />}
      {people.length > 0 && <Select name="second" label={t("page:client:second")} value={her.second_contact ?? ""} options={people} />}
      <Input name="from" label={t("page:client:from")} type="date" required value={today()} />
      <Input name="reason" label={t("page:reason")} required max={200} />
    </Form>
  );
}

function NameForm({ client, done }: { client: string; done: (value?: true) => void }) {
  return <Form done={done} send={({ alias }) => post(`clients/${client}/names`, { alias })}><Input name="alias" label={t("page:client:alias")} required max={80} /></Form>;
}

function FollowUpForm({ client, done }: { client: string; done: (value?: true) => void }) {
  const people = useUsers().map((one) => [one.user_id, one.name] as const);
  return (
    <Form done={done} send={({ due, text, owner }) => post(`clients/${client}/follow-ups`, { due, text, ...(owner ? { owner } : {}) })}>
      <Input name="due" label={t("page:dossier:due")} type="date" required value={today()} />
      <label class="field"><span>{t("page:what")}</span><textarea name="text" required maxLength={200} rows={2} /></label>
      <Select name="owner" label={t("page:overview:owner")} options={people} />
    </Form>
  );
}

export function ChangeClient({ dossier, client, reload }: DossierProps) {
  return (
    <div class="actions">
      {may("PATCH clients/{client}") && <FormButton title={t("page:client:change")} changed={reload} body={(done) => <Details her={dossier.client} client={client} done={done} />} />}
      {may("POST clients/{client}/names") && <FormButton title={t("page:client:name_add")} changed={reload} body={(done) => <NameForm client={client} done={done} />} />}
      {may("POST clients/{client}/follow-ups") && <FormButton title={t("page:dossier:follow_up_add")} changed={reload} body={(done) => <FollowUpForm client={client} done={done} />} />}
      <button type="button" onClick={() => print()}>{t("page:print")}</button>
    </div>
  );
}

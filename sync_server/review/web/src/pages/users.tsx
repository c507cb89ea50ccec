// Users, the way in for each, and who knows whom.
import { useState } from "preact/hooks";
import { get, post, remove, withQuery } from "../api";
import { showMoment } from "../dates";
import { useUsers } from "../catalogue";
import { ask, askReason } from "../dialogs";
import { Form, FormButton } from "../form";
import { useDocument, useDoing } from "../load";
import { Input, Load, Section, Select, Table } from "../parts";
import { may, session } from "../session";
import type { Client, User } from "../types";
import { kRoles } from "../types";
import { codeWord, t } from "../words";
import { Qr } from "../invitation";

interface Invited { token: string; link: string; expires_at: string }

function Invitation({ name, of, done }: { name: string; of: Invited; done: () => void }) {
  const [copied, setCopied] = useState(false);
  return (
    <>
      <p>{t("page:users:invited", name, showMoment(of.expires_at))}</p>
      <p><code class="secret">{of.link}</code></p>
      <Qr text={of.link} words={t("page:invited:qr")} />
      <div class="choice">
        <button type="button" onClick={() => void navigator.clipboard?.writeText(of.link).then(() => setCopied(true))}>{copied ? t("page:copied") : t("page:copy")}</button>
        <button type="button" class="primary" onClick={() => done()}>{t("page:close")}</button>
      </div>
    </>
  );
}

function UserForm({ done }: { done: (value?: true) => void }) {
  return (
    <Form done={done} send={({ name, role }) => post("users", { name, role })}>
      <Input name="name" label={t("page:in:name")} required max={80} />
      <Select name="role" label={t("label:role")} required options={kRoles.map((code) => [code, codeWord("role", code)] as const)} />
    </Form>
  );
}

export function Users() {
  const users = useDocument<User[]>("users");
  const doing = useDoing();
  const invite = (one: User) => void doing.run(async () => {
    const invited = await post<Invited>(`users/${one.user_id}/invitation`);
    void ask(t("page:users:invitation"), (done) => <Invitation name={one.name} of={invited} done={done} />);
  });
  const close = async (one: User) => {
    const given = await askReason(t("page:users:close", one.name), { text: t("page:users:close_means"), danger: true });
    if (given) await doing.run(() => remove(`users/${one.user_id}/access`, { reason: given.reason }), t("page:users:closed"));
  };
  return (
    <Section title={t("page:admin:users")} actions={may("POST users") && <FormButton primary title={t("page:users:add")} changed={users.reload} body={(done) => <UserForm done={done} />} />}>
      <Load of={users}>{(of) => (
        <Table caption={t("page:admin:users")} rows={of} keyOf={(one) => one.user_id} columns={[
          { head: t("page:in:name"), rowHead: true, cell: (one) => one.name }, { head: t("label:role"), cell: (one) => codeWord("role", one.role) },
          { head: t("page:action"), cell: (one) => <span class="actions small">
            {may("POST users/{user}/invitation") && <button type="button" disabled={doing.busy} aria-label={t("page:users:invite") + ": " + one.name} onClick={() => invite(one)}>{t("page:users:invite")}</button>}
            {may("DELETE users/{user}/access") && one.user_id !== session.value?.user.user_id && <button type="button" class="quiet" disabled={doing.busy} aria-label={t("page:users:close", one.name)} onClick={() => void close(one)}>{t("page:users:close_do")}</button>}
          </span> },
        ]} />
      )}</Load>
    </Section>
  );
}

interface Relation { id: string; user_id: string; user: string; client_id: string; at: string }

function RelationForm({ people, done }: { people: User[]; done: (value?: true) => void }) {
  const [found, setFound] = useState<Client[]>([]);
  const look = (event: Event) => { const query = (event.currentTarget as HTMLInputElement).value; if (query.length > 1) void get<{ clients: Client[] }>(withQuery("clients", { query, limit: 10 })).then((of) => setFound(of.clients), () => setFound([])); };
  return (
    <Form done={done} send={({ user, client, reason }) => post("relations", { user, client, reason })}>
      <Select name="user" label={t("page:relations:user")} required options={people.map((one) => [one.user_id, one.name] as const)} />
      {may("GET clients") ? <>
        <label class="field"><span>{t("page:clients:search")}</span><input type="search" autocomplete="off" onChange={look} /></label>
        <Select key={found.map((one) => one.client_id).join()} name="client" label={t("page:relations:client")} required options={found.map((one) => [one.client_id, one.aliases.join(", ")] as const)} />
      </> : <Input name="client" label={t("page:relations:client_id")} required pattern="[0-9a-f]{32}" max={32} />}
      <Input name="reason" label={t("page:reason")} required max={200} />
    </Form>
  );
}

export function Relations() {
  const relations = useDocument<Relation[]>("relations");
  const people = useUsers();
  const doing = useDoing();
  const end = async (one: Relation) => {
    const given = await askReason(t("page:relations:end"));
    if (given && (await doing.run(() => remove(`relations/${one.id}`, { reason: given.reason }), t("page:saved")))) relations.reload();
  };
  return (
    <Section title={t("page:relations:title")} actions={may("POST relations") && <FormButton title={t("page:relations:add")} changed={relations.reload} body={(done) => <RelationForm people={people} done={done} />} />}>
      <p>{t("page:relations:lead")}</p>
      <Load of={relations}>{(of) => (
        <Table caption={t("page:relations:title")} rows={of} empty={t("page:relations:none")} keyOf={(one) => one.id} columns={[
          { head: t("page:relations:user"), rowHead: true, cell: (one) => one.user },
          { head: t("page:relations:client"), cell: (one) => <code title={one.client_id}>{one.client_id.slice(0, 8)}</code> },
          { head: t("page:overview:since"), cell: (one) => showMoment(one.at) },
          { head: t("page:action"), cell: (one) => may("DELETE relations/{relation}") && <button type="button" disabled={doing.busy} aria-label={t("page:relations:end") + ": " + one.user} onClick={() => void end(one)}>{t("page:relations:end")}</button> },
        ]} />
      )}</Load>
    </Section>
  );
}

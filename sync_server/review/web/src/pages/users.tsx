// Users, the way in for each, and who knows whom.
import { useState } from "preact/hooks";
import { get, post, remove, withQuery } from "../api";
import { showMoment } from "../dates";
import { ask, askReason, Choice, formOf } from "../dialogs";
import { useDocument, useDoing } from "../load";
import { Input, Load, Section, Select, Table } from "../parts";
import { may } from "../session";
import type { Client, User } from "../types";
import { kRoles } from "../types";
import { codeWord, t } from "../words";
import { Qr } from "./../invitation";

interface Invited { token: string; expires_at: string }

function Invitation({ name, of, done }: { name: string; of: Invited; done: () => void }) {
  const address = `${location.origin}/#/uitnodiging/${of.token}`;
  const [copied, setCopied] = useState(false);
  return (
    <>
      <p>{t("page:users:invited", name, showMoment(of.expires_at))}</p>
      <p><code class="secret">{address}</code></p>
      <Qr text={address} words={t("page:invited:qr")} />
      <div class="choice">
        <button type="button" onClick={() => void navigator.clipboard?.writeText(address).then(() => setCopied(true))}>{copied ? t("page:copied") : t("page:copy")}</button>
        <button type="button" class="primary" onClick={() => done()}>{t("page:close")}</button>
      </div>
    </>
  );
}

function UserForm({ done }: { done: (value?: true) => void }) {
  const doing = useDoing();
  const submit = (event: Event) => {
    const { name, role } = formOf(event);
    void doing.run(() => post("users", { name, role }), t("page:saved")).then((good) => { if (good) done(true); });
  };
  return (
    <form onSubmit={submit}>
      <Input name="name" label={t("page:in:name")} required max={80} />
      <Select name="role" label={t("label:role")} required options={kRoles.map((code) => [code, codeWord("role", code)] as const)} />
      <Choice done={done} confirm={t("page:save")} busy={doing.busy} />
    </form>
  );
}

export function Users() {
  const users = useDocument<User[]>("users");
  const doing = useDoing();
  const invite = (one: User) => void doing.run(async () => {
    const invited = await post<Invited>(`users/${one.user_id}/invitation`);
    void ask(t("page:users:invitation"), (done) => <Invitation name={one.name} of={invited} done={done} />);
  });
  const add = () => void ask<true>(t("page:users:add"), (done) => <UserForm done={done} />).then((good) => { if (good) users.reload(); });
  return (
    <Section title={t("page:admin:users")} actions={may("POST users") && <button type="button" class="primary" onClick={add}>{t("page:users:add")}</button>}>
      <Load of={users}>{(of) => (
        <Table caption={t("page:admin:users")} rows={of} keyOf={(one) => one.user_id} columns={[
          { head: t("page:in:name"), rowHead: true, cell: (one) => one.name }, { head: t("label:role"), cell: (one) => codeWord("role", one.role) },
          { head: t("page:action"), cell: (one) => may("POST users/{user}/invitation") && <button type="button" disabled={doing.busy} aria-label={t("page:users:invite") + ": " + one.name} onClick={() => invite(one)}>{t("page:users:invite")}</button> },
        ]} />
      )}</Load>
    </Section>
  );
}

interface Relation { relation?: string; relation_id?: string; id?: string; user?: string; user_id?: string; user_name?: string; name?: string; client?: string; client_id?: string; client_name?: string | null; reason?: string; since?: string; at?: string }

function RelationForm({ people, done }: { people: User[]; done: (value?: true) => void }) {
  const doing = useDoing();
  const [found, setFound] = useState<Client[]>([]);
  const look = (event: Event) => { const query = (event.currentTarget as HTMLInputElement).value; if (query.length > 1) void get<{ clients: Client[] }>(withQuery("clients", { query, limit: 10 })).then((of) => setFound(of.clients), () => setFound([])); };
  const submit = (event: Event) => {
    const { user, client, reason } = formOf(event);
    void doing.run(() => post("relations", { user, client, reason }), t("page:saved")).then((good) => { if (good) done(true); });
  };
  return (
    <form onSubmit={submit}>
      <Select name="user" label={t("page:relations:user")} required options={people.map((one) => [one.user_id, one.name] as const)} />
      {may("GET clients") ? <>
        <label class="field"><span>{t("page:clients:search")}</span><input type="search" autocomplete="off" onChange={look} /></label>
        <Select key={found.map((one) => one.client_id).join()} name="client" label={t("page:relations:client")} required options={found.map((one) => [one.client_id, one.aliases.join(", ")] as const)} />
      </> : <Input name="client" label={t("page:relations:client_id")} required pattern="[0-9a-f]{32}" max={32} />}
      <Input name="reason" label={t("page:reason")} required max={200} />
      <Choice done={done} confirm={t("page:save")} busy={doing.busy} />
    </form>
  );
}

export function Relations() {
  const relations = useDocument<Relation[] | { relations: Relation[] }>("relations");
  const users = useDocument<User[]>(may("GET users") ? "users" : null);
  const doing = useDoing();
  const end = async (one: Relation) => {
    const given = await askReason(t("page:relations:end"));
    if (given && (await doing.run(() => remove(`relations/${one.relation ?? one.relation_id ?? one.id}`, { reason: given.reason }), t("page:saved")))) relations.reload();
  };
  const add = () => void ask<true>(t("page:relations:add"), (done) => <RelationForm people={users.data ?? []} done={done} />).then((good) => { if (good) relations.reload(); });
  const nameOf = (one: Relation) => one.user_name ?? one.name ?? users.data?.find((user) => user.user_id === (one.user_id ?? one.user))?.name ?? "";
  return (
    <Section title={t("page:relations:title")} actions={may("POST relations") && <button type="button" onClick={add}>{t("page:relations:add")}</button>}>
      <p>{t("page:relations:lead")}</p>
      <Load of={relations}>{(of) => (
        <Table caption={t("page:relations:title")} rows={Array.isArray(of) ? of : of.relations} empty={t("page:relations:none")} columns={[
          { head: t("page:relations:user"), rowHead: true, cell: nameOf }, { head: t("page:relations:client"), cell: (one) => one.client_name ?? (one.client_id ?? one.client ?? "").slice(0, 8) },
          { head: t("page:overview:since"), cell: (one) => showMoment(one.since ?? one.at) }, { head: t("page:reason"), cell: (one) => one.reason ?? "" },
          { head: t("page:action"), cell: (one) => may("DELETE relations/{relation}") && <button type="button" disabled={doing.busy} aria-label={t("page:relations:end") + ": " + nameOf(one)} onClick={() => void end(one)}>{t("page:relations:end")}</button> },
        ]} />
      )}</Load>
    </Section>
  );
}

// Search by preferred name, typing errors forgiven. The search itself is written down in the access log.
import { useState } from "preact/hooks";
import { post, withQuery } from "../api";
import { useUsers } from "../catalogue";
import { ago, today } from "../dates";
import { formOf } from "../dialogs";
import { Form, FormButton } from "../form";
import { useDocument } from "../load";
import { Input, Load, Page, Select, Table, Tag } from "../parts";
import { go, link } from "../router";
import { may, session } from "../session";
import type { Client } from "../types";
import { kIntensities } from "../types";
import { codeWord, count, t } from "../words";

const kPage = 50;

function NewClient({ done, made }: { done: (value?: true) => void; made: (id: string) => void }) {
  const people = useUsers().filter((one) => ["case_manager", "expert_by_experience"].includes(one.role)).map((one) => [one.user_id, one.name] as const);
  const send = async ({ alias, intensity, primary, second, other }: Record<string, string>) => {
    const client = { alias, status: "in_view", from: today(), ...(intensity ? { intensity } : {}), ...(primary ? { primary } : {}), ...(second ? { second } : {}), ...(other ? { new: true } : {}) };
    made((await post<{ client_id: string }>("clients", client)).client_id);
  };
  return (
    <Form done={done} send={send}>
      <Input name="alias" label={t("page:client:alias")} required max={80} hint={t("page:client:alias_hint")} />
      <Select name="intensity" label={t("label:intensity")} options={kIntensities.map((code) => [code, codeWord("intensity", code)] as const)} />
      <Select name="primary" label={t("page:client:primary")} options={people} value={session.value?.user.role === "case_manager" ? session.value.user.user_id : ""} />
      <Select name="second" label={t("page:client:second")} options={people} />
      <label class="check"><input type="checkbox" name="other" value="yes" /> <span>{t("page:client:other")}</span></label>
    </Form>
  );
}

function ClientTable({ clients }: { clients: Client[] }) {
  return <Table caption={t("page:menu:clients")} rows={clients} keyOf={(one) => one.client_id} empty={t("page:clients:none")} columns={[
    { head: t("page:client:name"), rowHead: true, cell: (one) => <a href={link("clienten", one.client_id)}>{one.aliases.join(", ")}</a> },
    { head: t("label:status"), cell: (one) => (one.status === "closed" ? <Tag>{codeWord("status", one.status)}</Tag> : codeWord("status", one.status)) },
    { head: t("label:intensity"), cell: (one) => codeWord("intensity", one.intensity) },
    { head: t("page:client:primary"), cell: (one) => one.primary_contact_name ?? t("page:nobody") },
    { head: t("label:last_spoken"), cell: (one) => (one.last_spoken_date ? ago(one.last_spoken_date) : t("page:never")) },
  ]} />;
}

export function Clients() {
  const [query, setQuery] = useState("");
  const [mine, setMine] = useState(session.value?.user.role === "case_manager");
  const [offset, setOffset] = useState(0);
  const found = useDocument<{ clients: Client[]; total: number }>(withQuery("clients", { query, mine, limit: kPage, offset: offset || "" }));
  const own = session.value?.user.role === "case_manager" || session.value?.user.role === "expert_by_experience";
  const search = (event: Event) => { const form = formOf(event); setOffset(0); setQuery(form.query ?? ""); setMine(own || form.mine === "yes"); };
  return (
    <Page title={t("page:menu:clients")} lead={t("page:clients:lead")} actions={may("POST clients") && <FormButton primary title={t("page:clients:new")} changed={() => {}} body={(done) => <NewClient done={done} made={(id) => go("clienten", id)} />} />}>
      <form class="inline search" role="search" onSubmit={search}>
        <label class="field grow"><span>{t("page:clients:search")}</span><input type="search" name="query" defaultValue={query} autocomplete="off" spellcheck={false} maxLength={80} /></label>
        {!own && <label class="check"><input type="checkbox" name="mine" value="yes" defaultChecked={mine} /> <span>{t("page:clients:mine")}</span></label>}
        <button type="submit" class="primary">{t("page:clients:find")}</button>
      </form>
      <Load of={found}>{(of) => (
        <>
          <p role="status">{query ? count("page:clients:found", of.total) : count("page:clients:total", of.total)}</p>
          <ClientTable clients={of.clients} />
          {of.total > kPage && (
            <div class="pages">
              <button type="button" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - kPage))}>{t("page:previous")}</button>
              <span>{t("page:clients:range", offset + 1, Math.min(offset + kPage, of.total), of.total)}</span>
              <button type="button" disabled={offset + kPage >= of.total} onClick={() => setOffset(offset + kPage)}>{t("page:next")}</button>
            </div>
          )}
        </>
      )}</Load>
    </Page>
  );
}

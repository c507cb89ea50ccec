// The access log to NEN 7513, for the data protection officer: who, in which role, on whom, what, when, how it went.
import { useState } from "preact/hooks";
import { get, withQuery } from "../api";
import { useUsers } from "../catalogue";
import { addDays, showMoment, today } from "../dates";
import { formOf } from "../dialogs";
import { useDocument, useDoing } from "../load";
import { Load, Page, Section, Select, Table, Tag } from "../parts";
import { may } from "../session";
import { codeWord, has, t } from "../words";

interface Entry { seq: number; at: string; user_id: string | null; user: string | null; role: string | null; action: string; object: string; route: string; client_ids: string[]; outcome: "success" | "refused" | "failed"; code: string | null; own: boolean; emergency: boolean; reason: string | null; detail: string | null; peer: string }
interface Log { entries: Entry[]; next: string | number | null }

const kActions = ["C", "R", "U", "D", "E"];
export const objectWord = (object: string) => (has("page:object:" + object) ? t("page:object:" + object) : object);

function Verify() {
  const doing = useDoing();
  const [found, setFound] = useState<{ entries: number; ok: boolean; code?: string; entry?: string } | null>(null);
  const verify = () => void doing.run(async () => setFound(await get("access-log/verify")));
  return (
    <p class="verify">
      <button type="button" disabled={doing.busy} onClick={verify}>{doing.busy ? t("page:log:verifying") : t("page:log:verify")}</button>{" "}
      {found && <span role="status"><Tag tone={found.ok ? "good" : "bad"}>{found.ok ? t("page:log:whole", found.entries) : t("page:log:broken", found.entry ?? found.entries)}</Tag> {found.code && t("error:" + found.code)}</span>}
    </p>
  );
}

function Filters({ set }: { set: (filters: Record<string, string>) => void }) {
  const people = useUsers().map((one) => [one.user_id, one.name] as const);
  return (
    <form class="inline filters" onSubmit={(event) => set(formOf(event))}>
      <label class="field"><span>{t("page:from")}</span><input type="date" name="from" defaultValue={addDays(today(), -7)} /></label>
      <label class="field"><span>{t("page:through")}</span><input type="date" name="through" /></label>
      {people.length > 0 && <Select name="user" label={t("page:who")} options={people} empty={t("page:log:everybody")} />}
      <Select name="action" label={t("page:what")} options={kActions.map((code) => [code, t("page:action:" + code)] as const)} empty={t("page:log:everything")} />
      <label class="field"><span>{t("page:log:client")} <small>{t("page:optional")}</small></span><input name="client" pattern="[0-9a-f]{32}" maxLength={32} autocomplete="off" /></label>
      <label class="check"><input type="checkbox" name="emergency" value="1" /> <span>{t("page:log:emergency")}</span></label>
      <button type="submit" class="primary">{t("page:show")}</button>
    </form>
  );
}

export function AccessLog() {
  const [filters, setFilters] = useState<Record<string, string>>({ from: addDays(today(), -7) });
  const [before, setBefore] = useState<(string | number)[]>([]);
  const log = useDocument<Log>(withQuery("access-log", { ...filters, before: before[before.length - 1] ?? "", limit: 100 }));
  return (
    <Page title={t("page:menu:access_log")} lead={t("page:log:lead")}>
      {may("GET access-log/verify") && <Verify />}
      <Filters set={(chosen) => { setBefore([]); setFilters(chosen); }} />
      <Section title={t("page:log:entries")}>
        <Load of={log}>{(of) => (
          <>
            <Table caption={t("page:log:entries")} rows={of.entries} empty={t("page:log:none")} keyOf={(one) => String(one.seq)} columns={[
              { head: t("page:log:number"), right: true, cell: (one) => one.seq }, { head: t("page:review:when"), cell: (one) => showMoment(one.at) },
              { head: t("page:who"), rowHead: true, cell: (one) => <>{one.user ?? t("page:log:nobody")}<small class="hint">{codeWord("role", one.role)}</small></> },
              { head: t("page:what"), cell: (one) => <>{t("page:action:" + one.action)} <small>{objectWord(one.object)}</small></> },
              { head: t("page:log:client"), cell: (one) => <>{one.client_ids.slice(0, 5).map((client) => <><code title={client}>{client.slice(0, 8)}</code> </>)}{one.client_ids.length > 5 && <small>+ {one.client_ids.length - 5} </small>}{one.own && <small>{t("page:log:own")}</small>}</> },
              { head: t("page:log:outcome"), cell: (one) => (one.outcome === "success" ? <Tag tone="good">{t("page:log:done")}</Tag> : <><Tag tone={one.outcome === "failed" ? "bad" : "warn"}>{t("page:log:" + one.outcome)}</Tag>{one.code && <small class="hint">{has("error:" + one.code) ? t("error:" + one.code) : one.code}</small>}</>) },
              { head: t("page:reason"), cell: (one) => <>{one.emergency && <Tag tone="warn">{t("page:log:emergency")}</Tag>} {one.reason}{one.detail && <small class="hint">{one.detail}</small>}</> },
            ]} />
            <div class="pages">
              {before.length > 0 && <button type="button" onClick={() => setBefore(before.slice(0, -1))}>{t("page:previous")}</button>}
              {of.next !== null && of.next !== undefined && <button type="button" onClick={() => setBefore([...before, of.next!])}>{t("page:next")}</button>}
            </div>
          </>
        )}</Load>
      </Section>
    </Page>
  );
}

// My account: passkeys and passwords, recovery codes, and where I am signed in.
import { post, remove } from "../api";
import { ago, showMoment } from "../dates";
import { ask } from "../dialogs";
import { Form, FormButton } from "../form";
import { RecoveryCodes } from "../invitation";
import { useDocument, useDoing } from "../load";
import { Input, Load, Page, Section, Table, Tag } from "../parts";
import { canPasskeys, makePasskey } from "../passkeys";
import { session } from "../session";
import { codeWord, t } from "../words";

interface Credential { id: string; kind: string; label: string; added_at: string | null; last_used_at: string | null }
interface OwnSession { id: string; since: string; last_seen: string; peer: string; agent: string; current: boolean }

function browser(agent: string): string {
  const found = /(Firefox|Edg|Chrome|Safari)\/(\d+)/.exec(agent);
  const system = /Windows|Macintosh|Android|iPhone|Linux/.exec(agent)?.[0] ?? "";
  return found ? [found[1], found[2], system].join(" ").trim() : agent.slice(0, 40);
}

function Label({ done }: { done: (value?: true) => void }) {
  return <Form done={done} confirm={t("page:invited:make")} send={({ label }) => makePasskey("me/passkeys", {}, label ?? "")}><Input name="label" label={t("page:invited:label")} required max={40} hint={t("page:invited:label_hint")} /></Form>;
}

function Credentials() {
  const credentials = useDocument<Credential[]>("me/credentials");
  const doing = useDoing();
  const drop = (one: Credential) => void doing.run(() => remove(`me/credentials/${one.id}`), t("page:account:dropped")).then((good) => { if (good) credentials.reload(); });
  const codes = () => void doing.run(async () => {
    const made = await post<{ recovery_codes: string[] }>("me/recovery-codes");
    void ask(t("page:codes:title"), (done) => <RecoveryCodes codes={made.recovery_codes} done={done} />);
  });
  return (
    <Section title={t("page:account:credentials")} actions={<>
      {canPasskeys() && <FormButton primary title={t("page:account:passkey_add")} changed={credentials.reload} body={(done) => <Label done={done} />} />}
      {credentials.data?.some((one) => one.kind === "password") && <button type="button" disabled={doing.busy} onClick={codes}>{t("page:account:new_codes")}</button>}</>}>
      <p>{t("page:account:two")}</p>
      <Load of={credentials}>{(of) => (
        <Table caption={t("page:account:credentials")} rows={of} columns={[
          { head: t("page:account:label"), rowHead: true, cell: (one) => one.label || t("page:account:kind:" + one.kind) }, { head: t("page:account:kind"), cell: (one) => t("page:account:kind:" + one.kind) },
          { head: t("page:account:added"), cell: (one) => showMoment(one.added_at) }, { head: t("page:account:used"), cell: (one) => (one.last_used_at ? ago(one.last_used_at) : t("page:never")) },
          { head: t("page:action"), cell: (one) => of.length > 1 && <button type="button" class="quiet" aria-label={t("page:account:drop") + ": " + one.label} disabled={doing.busy} onClick={() => drop(one)}>{t("page:account:drop")}</button> },
        ]} />
      )}</Load>
    </Section>
  );
}

function Sessions() {
  const sessions = useDocument<OwnSession[]>("sessions");
  const doing = useDoing();
  const end = (one: OwnSession) => void doing.run(() => remove(`sessions/${one.id}`), t("page:account:ended")).then((good) => { if (good) sessions.reload(); });
  return (
    <Section title={t("page:account:sessions")}>
      <Load of={sessions}>{(of) => (
        <Table caption={t("page:account:sessions")} rows={of} keyOf={(one) => one.id} columns={[
          { head: t("page:account:where"), rowHead: true, cell: (one) => <>{browser(one.agent)} {one.current && <Tag tone="good">{t("page:account:this")}</Tag>}<small class="hint">{one.peer}</small></> },
          { head: t("page:overview:since"), cell: (one) => showMoment(one.since) }, { head: t("page:account:seen"), cell: (one) => showMoment(one.last_seen) },
          { head: t("page:action"), cell: (one) => !one.current && <button type="button" aria-label={t("page:account:end") + ": " + browser(one.agent)} disabled={doing.busy} onClick={() => end(one)}>{t("page:account:end")}</button> },
        ]} />
      )}</Load>
    </Section>
  );
}

export function Account() {
  const who = session.use()!;
  return (
    <Page title={t("page:menu:account")} lead={`${who.user.name} · ${codeWord("role", who.user.role)}`}>
      <Credentials />
      <Sessions />
      <p class="help">Lantaarn {who.version}</p>
    </Page>
  );
}

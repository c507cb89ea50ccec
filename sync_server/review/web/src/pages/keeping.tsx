// What has reached the end of its term, what is to be erased, copies, and the server's health.
import { post } from "../api";
import { number, showDays, showMoment } from "../dates";
import { askReason } from "../dialogs";
import { useDocument, useDoing } from "../load";
import { Form, FormButton } from "../form";
import { Facts, Input, Load, Problem, Section, Table, Tag, Waiting } from "../parts";
import type { Tone } from "../parts";
import { may } from "../session";
import { codeWord, has, t } from "../words";

interface Due { retention: string; days: number; records: number; dossiers: number; ended: boolean }

export function Retention() {
  const due = useDocument<Due[]>("retention");
  const doing = useDoing();
  const apply = async () => {
    const given = await askReason(t("page:retention:apply"), { text: t("page:retention:means"), danger: true });
    if (given && (await doing.run(() => post("retention/apply", { reason: given.reason }), t("page:retention:applied")))) due.reload();
  };
  return (
    <Section title={t("page:retention:title")} actions={may("POST retention/apply") && <button type="button" class="danger" disabled={doing.busy} onClick={() => void apply()}>{t("page:retention:apply")}</button>}>
      {doing.busy && <Waiting text={t("page:retention:busy")} />}
      <Load of={due}>{(of) => (
        <Table caption={t("page:retention:title")} rows={of} columns={[
          { head: t("page:retention:class"), rowHead: true, cell: (one) => (has("label:retention:" + one.retention) ? t("label:retention:" + one.retention) : one.retention) },
          { head: t("page:retention:term"), right: true, cell: (one) => showDays(one.days) },
          { head: t("page:retention:records"), right: true, cell: (one) => number(one.records) }, { head: t("page:retention:dossiers"), right: true, cell: (one) => number(one.dossiers) },
          ...(may("POST retention/terms") ? [{ head: t("page:action"), cell: (one: Due) => <FormButton title={t("page:retention:change")} changed={due.reload} body={(done) => <TermForm due={one} done={done} />} /> }] : []),
        ]} />
      )}</Load>
    </Section>
  );
}

function TermForm({ due, done }: { due: Due; done: (value?: true) => void }) {
  return (
    <Form done={done} send={({ days, reason }) => post("retention/terms", { retention: due.retention, days: Number(days), reason })}>
      <Input name="days" label={t("page:retention:days")} type="number" min={1} required value={String(due.days)} />
      <Input name="reason" label={t("page:reason")} required max={200} />
    </Form>
  );
}

interface Erasure { decision: string; ground: string; dossiers: number; decided_at: string; executed_at: string | null; completed_at: string | null; state: string; remains: string[] }

export function Erasures() {
  const erasures = useDocument<Erasure[]>("erasures");
  const doing = useDoing();
  const execute = async (one: Erasure) => {
    const given = await askReason(t("page:erasures:execute"), { text: t("page:erasures:means"), danger: true, confirm: t("page:erasures:execute") });
    if (given && (await doing.run(() => post(`erasures/${one.decision}/execute`, { reason: given.reason }), t("page:erasures:executed")))) erasures.reload();
  };
  return (
    <Section title={t("page:erasures:title")}>
      <Load of={erasures}>{(of) => (
        <Table caption={t("page:erasures:title")} rows={of} empty={t("page:erasures:none")} keyOf={(one) => one.decision} columns={[
          { head: t("page:erasures:decided"), rowHead: true, cell: (one) => showMoment(one.decided_at) }, { head: t("label:erasure_ground"), cell: (one) => codeWord("erasure_ground", one.ground) },
          { head: t("page:retention:dossiers"), right: true, cell: (one) => one.dossiers },
          { head: t("page:state"), cell: (one) => <Tag tone={one.state === "complete" ? "good" : "warn"}>{t("label:erasure_state:" + one.state)}</Tag> },
          { head: t("page:erasures:remains"), cell: (one) => one.remains.map((what) => t("label:erasure_remains:" + what)).join(", ") },
          { head: t("page:action"), cell: (one) => one.state === "decided" && may("POST erasures/{decision}/execute") && <button type="button" class="danger" disabled={doing.busy} onClick={() => void execute(one)}>{t("page:erasures:execute")}</button> },
        ]} />
      )}</Load>
    </Section>
  );
}

interface Backup { target: { path: string; reachable: boolean | null; trouble: string } | null; last_backup_at: string | null; last_drill_at: string | null; last_drill_good: boolean; oldest_unsecured_at: string | null; backups: { backup: string; made_at: string }[] }

export function Backups() {
  const status = useDocument<Backup>("backups");
  const doing = useDoing();
  const make = () => void doing.run(() => post("backups", {}), t("page:backups:made")).then((good) => { if (good) status.reload(); });
  return (
    <Section title={t("page:admin:backups")} actions={may("POST backups") && <button type="button" class="primary" disabled={doing.busy} onClick={make}>{t("page:backups:make")}</button>}>
      {doing.busy && <Waiting text={t("page:backups:busy")} />}
      <Load of={status}>{(of) => (
        <>
          <Facts rows={[
            [t("page:backups:target"), of.target ? <>{of.target.path} {of.target.reachable === false && <Tag tone="bad">{t("page:backups:unreachable")}</Tag>}</> : <Tag tone="bad">{t("page:backups:no_target")}</Tag>],
            [t("page:backups:last"), of.last_backup_at ? showMoment(of.last_backup_at) : t("page:never")],
            [t("page:backups:drill"), of.last_drill_at ? <>{showMoment(of.last_drill_at)} <Tag tone={of.last_drill_good ? "good" : "bad"}>{of.last_drill_good ? t("page:backups:drill_good") : t("page:backups:drill_bad")}</Tag></> : t("page:never")],
            [t("page:backups:unsecured"), of.oldest_unsecured_at ? showMoment(of.oldest_unsecured_at) : t("page:backups:all_secured")],
          ]} />
          <Table caption={t("page:admin:backups")} rows={of.backups} keyOf={(one) => one.backup} empty={t("page:backups:none")} columns={[{ head: t("page:keys:made"), rowHead: true, cell: (one) => showMoment(one.made_at) }, { head: t("page:keys:id"), cell: (one) => <code>{one.backup.slice(0, 12)}</code> }]} />
        </>
      )}</Load>
    </Section>
  );
}

interface HealthDocument { state: string; checked_at: string; findings: { what: string; state: string; code: string | null; args: string[] }[] }
const kTones: Record<string, Tone> = { fine: "good", warning: "warn", critical: "bad" };

export function Health() {
  const health = useDocument<HealthDocument>("health");
  const finding = (one: HealthDocument["findings"][number]) => (one.code === null ? "" : has("error:" + one.code) ? t("error:" + one.code, ...one.args) : [one.code, ...one.args].join(" "));
  return (
    <Section title={t("page:admin:health")} actions={<button type="button" disabled={health.loading} onClick={health.reload}>{t("page:health:again")}</button>}>
      {health.error ? <Problem error={health.error} again={health.reload} /> : health.loading ? <Waiting text={t("page:health:busy")} /> : health.data && (
        <>
          <p><Tag tone={kTones[health.data.state] ?? "plain"}>{t("label:health_state:" + health.data.state)}</Tag> {showMoment(health.data.checked_at)}</p>
          <Table caption={t("page:admin:health")} rows={health.data.findings} columns={[
            { head: t("page:what"), rowHead: true, cell: (one) => (has("label:health:" + one.what) ? t("label:health:" + one.what) : one.what) },
            { head: t("page:state"), cell: (one) => <Tag tone={kTones[one.state] ?? "plain"}>{t("label:health_state:" + one.state)}</Tag> }, { head: t("page:remark"), cell: finding },
          ]} />
        </>
      )}
    </Section>
  );
}

interface Key { kind: string; number: number; state: string; public_key: string; made_at: string | null; waiting_for: string[] }

export function Keys() {
  const keys = useDocument<Key[]>("keys");
  return (
    <Section title={t("page:keys:title")}>
      <Load of={keys}>{(of) => (
        <Table caption={t("page:keys:title")} rows={of} columns={[
          { head: t("page:what"), rowHead: true, cell: (one) => `${t("label:key_kind:" + one.kind)} ${one.number}` }, { head: t("page:state"), cell: (one) => t("label:key_state:" + one.state) },
          { head: t("page:keys:made"), cell: (one) => showMoment(one.made_at) }, { head: t("page:keys:fingerprint"), cell: (one) => <code>{one.public_key.slice(0, 16)}</code> },
        ]} />
      )}</Load>
    </Section>
  );
}

// Nakijken: one queue, one case at a time, each with what speaks for and against it.
import { useEffect, useRef, useState } from "preact/hooks";
import { post } from "../api";
import { askReason } from "../dialogs";
import { useDocument, useDoing } from "../load";
import type { Doing } from "../load";
import { openCases } from "../live";
import { Input, Load, Page, Tabs } from "../parts";
import { commandOf, decisions, nextAfter, ordered } from "../queue";
import type { Decision, QueueItem } from "../queue";
import { link } from "../router";
import { may } from "../session";
import { capital, t } from "../words";
import { Case, caseLine } from "./review_case";
import { History } from "./review_history";
import { valueOf } from "./review_words";

function decisionWords(item: QueueItem, decision: Decision): string {
  return t(decision.words, ...(decision.values ?? []).map((value) => valueOf(item.field ?? "", String(value))));
}

async function decide(item: QueueItem, decision: Decision, doing: Doing): Promise<boolean> {
  const extra = decision.combine ? <Input name="value" label={t("page:review:new_value")} required max={300} /> : undefined;
  const given = await askReason(decisionWords(item, decision), { ...(extra ? { extra } : {}), danger: decision.danger ?? false, confirm: t("page:review:decide"), text: caseLine(item) });
  if (!given) return false;
  const body = { ...decision.body, ...(decision.combine ? { value: given.value } : {}), reason: given.reason };
  return doing.run(() => post(decision.path, body, { client: item.clients?.[0] ?? item.client_id ?? null }), t("page:review:decided"));
}

function Decisions({ item, act, later, busy }: { item: QueueItem; act: (decision: Decision) => void; later: () => void; busy: boolean }) {
  return (
    <div class="decisions">
      {decisions(item).filter((one) => may("POST " + one.path)).map((decision, n) => (
        <button type="button" class={decision.danger ? "danger" : n === 0 ? "primary" : ""} disabled={busy} onClick={() => act(decision)}>
          <kbd aria-hidden="true">{n + 1}</kbd> {decisionWords(item, decision)}
        </button>
      ))}
      <button type="button" onClick={later}><kbd aria-hidden="true">l</kbd> {t("page:review:later")}</button>
    </div>
  );
}

function Queue({ items, reload }: { items: QueueItem[]; reload: () => void }) {
  const doing = useDoing();
  const [later, setLater] = useState<string[]>([]);
  const [chosen, setChosen] = useState<string | null>(null);
  const list = ordered(items, later);
  const at = Math.max(0, list.findIndex((one) => one.id === chosen));
  const item = list[at];
  const detail = useRef<HTMLDivElement>(null);
  const move = (n: number) => { const next = list[Math.min(list.length - 1, Math.max(0, at + n))]; if (next) setChosen(next.id); };
  const putOff = () => { if (item) { setChosen(nextAfter(list, item.id)); setLater([...later.filter((id) => id !== item.id), item.id]); } };
  const act = async (decision: Decision) => {
    if (!item || !(await decide(item, decision, doing))) return;
    setChosen(nextAfter(list, item.id));
    reload();
    detail.current?.focus();
  };
  const keys = useRef<(event: KeyboardEvent) => void>(() => {});
  keys.current = (event) => {
    const target = event.target as HTMLElement;
    const typing = /^(INPUT|TEXTAREA|SELECT|BUTTON|A|SUMMARY)$/.test(target.tagName) && (event.key === "Enter" || target.tagName !== "BUTTON" && target.tagName !== "A" && target.tagName !== "SUMMARY");
    const command = commandOf(event.key, typing || document.querySelector("dialog[open]") !== null, event.ctrlKey || event.altKey || event.metaKey);
    if (!command || !item) return;
    event.preventDefault();
    if (command.what === "next") move(1);
    if (command.what === "previous") move(-1);
    if (command.what === "later") putOff();
    const decision = command.what === "decide" ? decisions(item).filter((one) => may("POST " + one.path))[command.n] : undefined;
    if (decision) void act(decision);
  };
  useEffect(() => {
    const listener = (event: KeyboardEvent) => keys.current(event);
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);
  if (!item) return <div class="all-done"><p class="large-mark" aria-hidden="true">✓</p><h2>{t("page:review:empty")}</h2><p>{t("page:review:empty_lead")}</p></div>;
  return (
    <div class="queue">
      <ol aria-label={t("page:review:list")}>
        {list.map((one) => (
          <li><button type="button" aria-current={one.id === item.id} onClick={() => setChosen(one.id)}>
            <small>{t("page:review:kind:" + one.kind)}{later.includes(one.id) ? " · " + t("page:review:put_off") : ""}</small>{caseLine(one)}
          </button></li>
        ))}
      </ol>
      <div class="case card" ref={detail} tabIndex={-1} aria-live="polite">
        <p class="case-kind">{t("page:review:place", at + 1, list.length)} · {t("page:review:kind:" + item.kind)}</p>
        <Case key={item.id} item={item} />
        <Decisions item={item} act={(decision) => void act(decision)} later={putOff} busy={doing.busy} />
        <p class="help"><kbd>j</kbd> / <kbd>k</kbd> {t("page:review:keys_move")} · <kbd>1</kbd>–<kbd>9</kbd> {t("page:review:keys_choose")} · <kbd>Enter</kbd> {t("page:review:keys_first")} · <kbd>l</kbd> {t("page:review:keys_later")}</p>
      </div>
    </div>
  );
}

function Open() {
  const queue = useDocument<{ items: QueueItem[] }>("review/queue");
  const open = openCases.use();
  useEffect(() => { if (queue.data && open !== null && open !== queue.data.items.length) queue.reload(); }, [open]);
  return <Load of={queue}>{(of) => <Queue items={of.items} reload={queue.reload} />}</Load>;
}

export function Review({ view }: { view: string }) {
  const current = view === "geschiedenis" ? "history" : "open";
  return (
    <Page title={t("page:menu:review")} lead={t("page:review:lead")}>
      {may("GET review/history") && <Tabs label={t("page:menu:review")} current={current} tabs={[
        { key: "open", words: capital(t("page:review:open")), href: link("nakijken") }, { key: "history", words: t("page:review:history"), href: link("nakijken", "geschiedenis") }]} />}
      {current === "history" ? <History /> : <Open />}
    </Page>
  );
}

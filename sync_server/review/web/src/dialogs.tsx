// Questions that stand in front of everything, and one line that tells what happened.
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { onForget } from "./session";
import { Store } from "./store";
import { t } from "./words";

interface Open { id: number; title: string; wide: boolean; body: (done: (value?: unknown) => void) => VNode; done: (value?: unknown) => void }

const open = new Store<Open[]>([]);
const said = new Store<{ text: string; bad: boolean; turn: number } | null>(null);
let turn = 0;

/** Resolves with what the body hands to done(), or undefined when it is closed. */
export function ask<T>(title: string, body: (done: (value?: T) => void) => VNode, wide = false): Promise<T | undefined> {
  return new Promise((resolve) => {
    const id = ++turn;
    const done = (value?: unknown) => {
      open.set(open.value.filter((one) => one.id !== id));
      resolve(value as T | undefined);
    };
    open.set([...open.value, { id, title, wide, body: body as Open["body"], done }]);
  });
}

/** Read out, and shown for as long as it takes to read. What went wrong stays until it is closed. */
export function say(text: string, bad = false): void { said.set({ text, bad, turn: ++turn }); }

onForget(() => {
  for (const one of open.value) one.done();
  said.set(null);
});

function Said() {
  const last = said.use();
  useEffect(() => {
    if (!last || last.bad) return;
    const timer = setTimeout(() => said.set(null), 8000);
    return () => clearTimeout(timer);
  }, [last]);
  return (
    <div class="said" role={last?.bad ? "alert" : "status"}>
      {last && (
        <p class={last.bad ? "bad" : "good"}>
          <span aria-hidden="true">{last.bad ? "!" : "✓"}</span> {last.text}
          <button type="button" class="quiet" onClick={() => said.set(null)}>{t("page:close")}</button>
        </p>
      )}
    </div>
  );
}

/** What went wrong is told within the front dialog: all behind it is out of reach, also for a screen reader. */
function Front({ one, front }: { one: Open; front: boolean }) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    said.set(null);
    element.current!.showModal();
    return () => before?.focus?.();
  }, []);
  const heading = "dialog-" + one.id;
  return (
    <dialog ref={element} class={one.wide ? "wide" : ""} aria-labelledby={heading}
      onCancel={(event) => { event.preventDefault(); one.done(); }}>
      <h2 id={heading}>{one.title}</h2>
      {one.body(one.done)}
      {front && <Said />}
    </dialog>
  );
}

export function Dialogs() {
  const all = open.use();
  return (
    <>
      {all.map((one, n) => <Front key={one.id} one={one} front={n === all.length - 1} />)}
      {all.length === 0 && <Said />}
    </>
  );
}

/** The row under a dialog's form: away, or on. */
export function Choice({ done, confirm, danger, busy }: { done: () => void; confirm: string; danger?: boolean; busy?: boolean }) {
  return (
    <div class="choice">
      <button type="button" onClick={() => done()}>{t("page:cancel")}</button>
      <button type="submit" class={danger ? "danger" : "primary"} disabled={busy}>{confirm}</button>
    </div>
  );
}

export function formOf(event: Event): Record<string, string> {
  event.preventDefault();
  const values: Record<string, string> = {};
  new FormData(event.currentTarget as HTMLFormElement).forEach((value, name) => {
    // Several boxes of one name: their codes, as a record's field joins them.
    values[name] = name in values ? values[name] + "," + String(value) : String(value).trim();
  });
  return values;
}

/** Why? Most decisions want to know. */
export function askReason(title: string, options: { text?: ComponentChildren; confirm?: string; danger?: boolean; extra?: VNode } = {}):
Promise<Record<string, string> | undefined> {
  return ask<Record<string, string>>(title, (done) => (
    <form onSubmit={(event) => done(formOf(event))}>
      {options.text && <p>{options.text}</p>}
      {options.extra}
      <label class="field">
        <span>{t("page:reason")}</span>
        <textarea name="reason" required maxLength={200} rows={2} />
      </label>
      <Choice done={done} confirm={options.confirm ?? t("page:confirm")} danger={options.danger ?? false} />
    </form>
  ));
}

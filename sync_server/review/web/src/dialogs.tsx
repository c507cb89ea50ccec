// Questions that stand in front of everything, and one line that tells what happened.
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
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

function Front({ one }: { one: Open }) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    element.current!.showModal();
    return () => before?.focus?.();
  }, []);
  const heading = "dialog-" + one.id;
  return (
    <dialog ref={element} class={one.wide ? "wide" : ""} aria-labelledby={heading}
      onCancel={(event) => { event.preventDefault(); one.done(); }}>
      <h2 id={heading}>{one.title}</h2>
      {one.body(one.done)}
    </dialog>
  );
}

export function Dialogs() {
  const last = said.use();
  const [shown, setShown] = useState(0);
  useEffect(() => {
    if (!last) return;
    setShown(last.turn);
    if (last.bad) return;
    const timer = setTimeout(() => setShown(0), 8000);
    return () => clearTimeout(timer);
  }, [last]);
  const visible = last !== null && shown === last.turn;
  return (
    <>
      {open.use().map((one) => <Front key={one.id} one={one} />)}
      <div class="said" role={visible && last.bad ? "alert" : "status"} aria-live="polite">
        {visible && (
          <p class={last.bad ? "bad" : "good"}>
            <span aria-hidden="true">{last.bad ? "!" : "✓"}</span> {last.text}
            <button type="button" class="quiet" onClick={() => setShown(0)}>{t("page:close")}</button>
          </p>
        )}
      </div>
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

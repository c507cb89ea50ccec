// A form in a dialog: it stays until what it asks for was done, so that nothing typed is lost to an error.
import type { ComponentChildren } from "preact";
import { Choice, ask, formOf } from "./dialogs";
import { useDoing } from "./load";
import { t } from "./words";

interface FormProps { send: (form: Record<string, string>) => Promise<unknown>; done: (value?: true) => void; confirm?: string | undefined; said?: string | undefined; children: ComponentChildren }

export function Form({ send, done, confirm, said, children }: FormProps) {
  const doing = useDoing();
  const submit = (event: Event) => {
    const form = formOf(event);
    void doing.run(() => send(form), said ?? t("page:saved")).then((good) => { if (good) done(true); });
  };
  return <form onSubmit={submit}>{children}<Choice done={done} confirm={confirm ?? t("page:save")} busy={doing.busy} /></form>;
}

/** A button that opens such a form, and tells when it was sent. */
export function FormButton({ title, words, primary, changed, body, wide = false }: { title: string; words?: string; primary?: boolean; changed: () => void; body: (done: (value?: true) => void) => preact.VNode; wide?: boolean }) {
  return <button type="button" class={primary ? "primary" : ""} onClick={() => void ask<true>(title, body, wide).then((good) => { if (good) changed(); })}>{words ?? title}</button>;
}

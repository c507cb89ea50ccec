// The small parts that every page is made of.
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ApiError } from "./api";
import type { Loaded } from "./load";
import { t } from "./words";

/** A page's heading takes the focus when it appears: a screen reader says where one is. */
export function Page({ title, lead, actions, children }: { title: string; lead?: ComponentChildren; actions?: ComponentChildren; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => { heading.current?.focus({ preventScroll: true }); scrollTo(0, 0); }, []);
  return (
    <>
      <header class="page">
        <div>
          <h1 tabIndex={-1} ref={heading}>{title}</h1>
          {lead && <p class="lead">{lead}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

let sections = 0;
export function Section({ title, actions, children, id }: { title: string; actions?: ComponentChildren; children: ComponentChildren; id?: string }) {
  const own = useRef(id ?? "section-" + ++sections);
  return (
    <section class="card" aria-labelledby={own.current}>
      <div class="card-head">
        <h2 id={own.current}>{title}</h2>
        {actions && <div class="actions">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

export function Problem({ error, again }: { error: ApiError; again?: () => void }) {
  return (
    <div class="problem" role="alert">
      <p><span aria-hidden="true">! </span>{error.message}</p>
      {again && <button type="button" onClick={again}>{t("page:again")}</button>}
    </div>
  );
}

/** What was loaded, or why not, or that it is on its way. What is there stays while it is looked up again. */
export function Load<T>({ of, children }: { of: Loaded<T>; children: (data: T) => ComponentChildren }) {
  if (of.error) return <Problem error={of.error} again={of.reload} />;
  if (of.data === null) return <Waiting />;
  return <>{children(of.data)}</>;
}

export function Waiting({ text }: { text?: string }) {
  return <p class="waiting" role="status"><progress aria-label={text ?? t("page:loading")} /> {text ?? t("page:loading")}</p>;
}

export function Empty({ children }: { children: ComponentChildren }) { return <p class="empty">{children}</p>; }

export interface Column<Row> { head: string; cell: (row: Row) => ComponentChildren; right?: boolean; rowHead?: boolean }

export function Table<Row>({ caption, columns, rows, empty, keyOf, hideCaption = true }:
{ caption: string; columns: Column<Row>[]; rows: Row[]; empty?: string; keyOf?: (row: Row) => string; hideCaption?: boolean }) {
  if (rows.length === 0) return <Empty>{empty ?? t("page:nothing")}</Empty>;
  return (
    <div class="table" role="group" aria-label={caption} tabIndex={0}>
      <table>
        <caption class={hideCaption ? "unseen" : ""}>{caption}</caption>
        <thead><tr>{columns.map((column) => <th scope="col" class={column.right ? "right" : ""}>{column.head}</th>)}</tr></thead>
        <tbody>
          {rows.map((row, n) => (
            <tr key={keyOf ? keyOf(row) : n}>
              {columns.map((column) => column.rowHead
                ? <th scope="row">{column.cell(row)}</th>
                : <td class={column.right ? "right" : ""} data-head={column.head}>{column.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export type Tone = "good" | "warn" | "bad" | "plain";
const kMarks: Record<Tone, string> = { good: "✓", warn: "▲", bad: "!", plain: "" };
/** A word with a mark before it: never by colour alone. */
export function Tag({ tone = "plain", children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={"tag " + tone}>{kMarks[tone] && <span aria-hidden="true">{kMarks[tone]} </span>}{children}</span>;
}

export function Facts({ rows }: { rows: [string, ComponentChildren][] }) {
  return <dl class="facts">{rows.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) => <div><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}

interface InputProps { name: string; label: string; type?: string; value?: string | undefined; required?: boolean; max?: number | undefined; hint?: string; autocomplete?: string; inputMode?: "numeric" | "decimal"; min?: string | number; pattern?: string; autoFocus?: boolean; list?: string }
export function Input({ name, label, type = "text", value, required, max, hint, autocomplete = "off", inputMode, min, pattern, autoFocus }: InputProps) {
  return (
    <label class="field">
      <span>{label}{!required && <small> {t("page:optional")}</small>}</span>
      <input name={name} type={type} defaultValue={value} required={required} maxLength={max} autocomplete={autocomplete}
        inputMode={inputMode} min={min} pattern={pattern} autoFocus={autoFocus} spellcheck={false} />
      {hint && <small class="hint">{hint}</small>}
    </label>
  );
}

export type Option = readonly [value: string, words: string];
export function Select({ name, label, options, value, required, empty, onChange }:
{ name: string; label: string; options: Option[]; value?: string | undefined; required?: boolean; empty?: string; onChange?: (value: string) => void }) {
  return (
    <label class="field">
      <span>{label}{!required && <small> {t("page:optional")}</small>}</span>
      <select name={name} required={required} defaultValue={value ?? ""} onChange={(event) => onChange?.(event.currentTarget.value)}>
        {(!required || empty !== undefined || value === undefined) && <option value="">{empty ?? "–"}</option>}
        {options.map(([code, words]) => <option value={code} selected={code === value}>{words}</option>)}
      </select>
    </label>
  );
}

/** Choices that all show at once. */
export function Radios({ name, legend, options, value, required }: { name: string; legend: string; options: Option[]; value?: string | undefined; required?: boolean }) {
  return (
    <fieldset class="radios">
      <legend>{legend}</legend>
      {options.map(([code, words]) => (
        <label><input type="radio" name={name} value={code} defaultChecked={code === value} required={required} /> <span>{words}</span></label>
      ))}
    </fieldset>
  );
}

export function Boxes({ name, legend, options, value }: { name: string; legend: string; options: Option[]; value: string[] }) {
  return (
    <fieldset class="radios">
      <legend>{legend}</legend>
      {options.map(([code, words]) => (
        <label><input type="checkbox" name={name} value={code} defaultChecked={value.includes(code)} /> <span>{words}</span></label>
      ))}
    </fieldset>
  );
}

/** A period to look at; empty: everything the server shows by itself. */
export function Period({ from, through, onChange }: { from: string; through: string; onChange: (from: string, through: string) => void }) {
  return (
    <form class="inline" onSubmit={(event) => { event.preventDefault(); const form = new FormData(event.currentTarget); onChange(String(form.get("from")), String(form.get("through"))); }}>
      <label class="field"><span>{t("page:from")}</span><input type="date" name="from" defaultValue={from} /></label>
      <label class="field"><span>{t("page:through")}</span><input type="date" name="through" defaultValue={through} /></label>
      <button type="submit">{t("page:show")}</button>
    </form>
  );
}

export function Tabs({ label, tabs, current }: { label: string; tabs: { key: string; words: string; href: string }[]; current: string }): VNode {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => <a href={tab.href} aria-current={tab.key === current ? "page" : undefined}>{tab.words}</a>)}
    </nav>
  );
}

// One form for every kind of record: the server says what fields it has (GET records/kinds).
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { patch, post, remove } from "./api";
import { codesOf, fieldWord, kindNamed, kindWord, recordParts } from "./catalogue";
import { addDays, centsTyped, minutesTyped, today } from "./dates";
import { ask, askReason, Choice, formOf } from "./dialogs";
import { useDoing } from "./load";
import { Boxes, Input, Radios, Select } from "./parts";
import type { Kind, KindField, RecordDocument } from "./types";
import { capital, language, t } from "./words";

function typed(field: KindField, value: string): string {
  const mark = language.value === "en" ? "." : ",";
  if (field.type === "cents" && value) return (Number(value) / 100).toFixed(2).replace(".", mark);
  if (field.type === "minutes" && value) return (Number(value) / 60).toFixed(2).replace(".", mark);
  return value;
}

const kLevels = ["1", "2", "3", "4", "5", "none"];

export function FieldInput({ field, value, goals }: { field: KindField; value?: string | undefined; goals?: RecordDocument[] | undefined }): VNode {
  const name = field.name, label = capital(fieldWord(name)), required = field.required;
  switch (field.type) {
    case "code": return <Select name={name} label={label} required={required} value={value} options={codesOf(field.codes ?? "")} />;
    case "codes": return <Boxes name={name} legend={label} options={codesOf(field.codes ?? "")} value={(value ?? "").split(",")} />;
    case "yes_no": return <Radios name={name} legend={label} value={value} required={required}
      options={[["yes", t("label:yes")], ["no", t("label:no")], ...(required ? [] : [["", t("page:unknown")] as const])]} />;
    case "score": return <Radios name={name} legend={label} value={value} options={kLevels.map((level) => [level, (level === "none" ? "" : level + " ") + t("zrm_level:" + level)] as const)} />;
    case "date": return <Input name={name} label={label} type="date" required={required} value={value ?? (required ? today() : "")} />;
    case "cents": return <Input name={name} label={t("page:form:euros")} required={required} inputMode="decimal" value={typed(field, value ?? "")} hint={t("page:form:euros_hint")} />;
    case "minutes": return <Input name={name} label={t("page:form:hours")} required={required} inputMode="decimal" value={typed(field, value ?? "")} hint={t("page:form:hours_hint")} />;
    case "number": return <Input name={name} label={label} required={required} inputMode="numeric" pattern="[0-9]*" value={value} />;
    case "record": return <Select name={name} label={label} required={required} value={value}
      options={(goals ?? []).map((goal) => [goal.record_id, goal.values.text ?? ""] as const)} />;
    default: return (
      <label class="field">
        <span>{label}{!required && <small> {t("page:optional")}</small>}</span>
        {(field.max ?? 300) > 100 ? <textarea name={name} required={required} maxLength={field.max ?? 300} rows={3} defaultValue={value} />
          : <input name={name} required={required} maxLength={field.max ?? 80} defaultValue={value} autocomplete="off" />}
      </label>
    );
  }
}

/** As the server wants it: cents and minutes whole, nothing that is empty. Null when something is no number. */
export function fieldsOf(kind: Kind, values: Record<string, string>): Record<string, string> | null {
  const fields: Record<string, string> = {};
  for (const field of kind.fields) {
    const value = values[field.name] ?? "";
    if (value === "") continue;
    if (field.type === "cents" || field.type === "minutes") {
      const number = field.type === "cents" ? centsTyped(value) : minutesTyped(value);
      if (number === null) return null;
      fields[field.name] = String(number);
    } else if (field.type === "codes") {
      const order = codesOf(field.codes ?? "").map(([code]) => code);
      fields[field.name] = value.split(",").sort((a, b) => order.indexOf(a) - order.indexOf(b)).join(",");
    } else {
      fields[field.name] = value;
    }
  }
  return fields;
}

interface FormProps { kind: Kind; values: Record<string, string>; hide: string[]; goals?: RecordDocument[] | undefined; why: boolean; save: (fields: Record<string, string>, reason: string) => Promise<unknown>; done: (value?: true) => void }

function RecordForm({ kind, values, hide, goals, why, save, done }: FormProps) {
  const doing = useDoing();
  const [wrong, setWrong] = useState(false);
  const submit = (event: Event) => {
    const form = formOf(event);
    const fields = fieldsOf(kind, { ...values, ...Object.fromEntries(kind.fields.map((one) => [one.name, hide.includes(one.name) ? values[one.name] ?? "" : form[one.name] ?? ""])) });
    setWrong(fields === null);
    if (fields) void doing.run(() => save(fields, form.reason ?? ""), t("page:saved")).then((good) => { if (good) done(true); });
  };
  return (
    <form onSubmit={submit}>
      {kind.fields.filter((field) => !hide.includes(field.name)).map((field) => <FieldInput key={field.name} field={field} value={values[field.name]} goals={goals} />)}
      {why && <Input name="reason" label={t("page:reason")} required max={200} />}
      {wrong && <p class="problem" role="alert">{t("page:form:no_number")}</p>}
      <Choice done={done} confirm={t("page:save")} busy={doing.busy} />
    </form>
  );
}

export interface AddOptions { client?: string; preset?: Record<string, string>; hide?: string[]; goals?: RecordDocument[]; title?: string }

/** Asks for a new record and saves it; true when it was saved. */
export function addRecord(name: string, options: AddOptions = {}): Promise<true | undefined> {
  const kind = kindNamed(name);
  if (!kind) return Promise.resolve(undefined);
  const preset = { ...(name === "attention_note" ? { until: addDays(today(), 90) } : {}), ...options.preset };
  const save = (fields: Record<string, string>) => post(options.client ? `clients/${options.client}/records` : "records", { kind: name, fields });
  return ask<true>(options.title ?? capital(t("page:add_kind", kindWord(name))), (done) =>
    <RecordForm kind={kind} values={preset} hide={options.hide ?? []} goals={options.goals} why={false} save={save} done={done} />);
}

/** What changed goes to the server with the reason; what was emptied goes as "". */
export function changeRecord(record: RecordDocument, options: AddOptions = {}): Promise<true | undefined> {
  const kind = kindNamed(record.kind);
  if (!kind) return Promise.resolve(undefined);
  const save = (fields: Record<string, string>, reason: string) => {
    const changed: Record<string, string> = {};
    for (const { name } of kind.fields) if ((fields[name] ?? "") !== (record.values[name] ?? "")) changed[name] = fields[name] ?? "";
    return patch(`records/${record.record_id}`, { fields: changed, reason }, { client: record.client_id });
  };
  return ask<true>(capital(t("page:change_kind", kindWord(record.kind))), (done) =>
    <RecordForm kind={kind} values={{ ...record.values, ...options.preset }} hide={options.hide ?? []} goals={options.goals} why save={save} done={done} />);
}

export async function retractRecord(record: RecordDocument): Promise<boolean> {
  const given = await askReason(t("page:retract_title"), { text: t("page:retract_text"), confirm: t("page:retract"), danger: true });
  if (!given) return false;
  await remove(`records/${record.record_id}`, { reason: given.reason }, { client: record.client_id });
  return true;
}

/** The two buttons under a record. */
export function RecordActions({ record, changed, goals }: { record: RecordDocument; changed: () => void; goals?: RecordDocument[] }) {
  const doing = useDoing();
  if (record.retracted) return null;
  const name = kindWord(record.kind) + ", " + (recordParts(record)[0]?.[1] ?? "");
  return (
    <span class="actions small">
      <button type="button" class="quiet" aria-label={t("page:change") + ": " + name} onClick={() => void changeRecord(record, goals ? { goals } : {}).then((good) => { if (good) changed(); })}>{t("page:change")}</button>
      <button type="button" class="quiet" aria-label={t("page:retract") + ": " + name} disabled={doing.busy} onClick={() => void doing.run(async () => { if (await retractRecord(record)) changed(); })}>{t("page:retract")}</button>
    </span>
  );
}

// Records of one kind: a column for each field that is asked for, in the words of common/words.
import { fieldWord, kindNamed, kindWord, useCatalogue, valueWords } from "./catalogue";
import { Table } from "./parts";
import type { Column } from "./parts";
import { addRecord, RecordActions } from "./record_form";
import type { AddOptions } from "./record_form";
import { may } from "./session";
import type { RecordDocument } from "./types";
import { capital, t } from "./words";

interface Props { kind: string; records: RecordDocument[]; fields: string[]; reload: () => void; empty?: string; head?: string; more?: Record<string, Column<RecordDocument>["cell"]>; last?: Column<RecordDocument>[]; act?: (record: RecordDocument) => preact.VNode }

/** `more` draws a field's cell in another way; the first field heads its row unless `head` names another. */
export function RecordTable({ kind, records, fields, reload, empty, head, more = {}, last = [], act }: Props) {
  const known = kindNamed(kind);
  const columns = fields.map((name): Column<RecordDocument> => {
    const field = known?.fields.find((one) => one.name === name);
    return {
      head: capital(fieldWord(name)), rowHead: name === (head ?? fields[0]), right: ["cents", "number", "minutes"].includes(field?.type ?? ""),
      cell: more[name] ?? ((one) => (one.values[name] ? valueWords(field, one.values[name]!) : "")),
    };
  });
  return <Table caption={capital(kindWord(kind))} rows={records.filter((one) => !one.retracted)} keyOf={(one) => one.record_id} {...(empty ? { empty } : {})}
    columns={[...columns, ...last, { head: t("page:action"), cell: (one) => <>{act?.(one)}<RecordActions record={one} changed={reload} /></> }]} />;
}

/** "Toevoegen", where this may be written; one about a woman where `client` says whose it is. */
export function AddRecord({ kind, words, reload, primary, ...options }: { kind: string; words?: string; reload: () => void; primary?: boolean } & AddOptions) {
  if (useCatalogue() === null || !may(options.client ? "POST clients/{client}/records" : "POST records")) return null;
  const title = capital(t("page:add_kind", kindWord(kind)));
  return <button type="button" class={primary ? "primary" : ""} aria-label={words ? undefined : title} onClick={() => void addRecord(kind, options).then((good) => { if (good) reload(); })}>{words ?? t("page:add")}</button>;
}

// One case of the queue: what is known, side by side.
import { useState } from "preact/hooks";
import { get } from "../api";
import { useUsers } from "../catalogue";
import { ago, showDay, showMoment } from "../dates";
import { useDoing } from "../load";
import { Facts, Tag } from "../parts";
import type { QueueItem } from "../queue";
import { link } from "../router";
import { may } from "../session";
import { codeWord, count, has, language, t } from "../words";
import { fieldName, valueOf } from "./review_words";
import type { Summary } from "./summary";

function numbers(item: QueueItem): string {
  return item.through_seq && item.through_seq !== item.seq ? `${item.seq}–${item.through_seq}` : String(item.seq ?? "");
}

/** A case in one line, for the list and above a decision. */
export function caseLine(item: QueueItem): string {
  switch (item.kind) {
    case "match": return (item.names ?? []).join(" · ");
    case "conflict": return (item.name ? item.name + ": " : "") + fieldName(item.field ?? "");
    case "shared": return (item.name ? item.name + ": " : "") + (item.authors ?? []).join(" · ");
    case "loss": return item.missed ? t("label:said:entries_missed", item.missed.entries, item.missed.device_name) : item.device_name ?? "";
    default: return t("page:review:entry", item.device_name ?? "", numbers(item));
  }
}

function Sides({ clients }: { clients: string[] }) {
  const doing = useDoing();
  const [summaries, setSummaries] = useState<Summary[] | null>(null);
  const look = () => doing.run(async () => {
    const both: Summary[] = [];
    for (const client of clients) both.push(await get<Summary>(`clients/${client}/summary`));
    setSummaries(both);
  });
  if (!may("GET clients/{client}/summary")) return null;
  if (!summaries) return <p><button type="button" disabled={doing.busy} onClick={() => void look()}>{t("page:review:side_by_side")}</button></p>;
  return (
    <div class="sides">
      {summaries.map((one, n) => (
        <div>
          <h3><a href={link("clienten", clients[n]!)}>{(one.aliases ?? [one.name ?? ""]).join(", ")}</a></h3>
          <Facts rows={[
            [t("label:status"), codeWord("status", one.status)], [t("label:intensity"), codeWord("intensity", one.intensity)],
            [t("page:client:primary"), one.primary_contact_name ?? t("page:nobody")],
            [t("label:last_spoken"), one.last_spoken_date ? `${showDay(one.last_spoken_date)} (${ago(one.last_spoken_date)})` : t("page:never")],
            [t("label:safe_contact"), codeWord("safe_contact", one.safe_contact)],
          ]} />
        </div>
      ))}
    </div>
  );
}

function Match({ item }: { item: QueueItem }) {
  const evidence = item.evidence ?? [];
  const list = (chosen: typeof evidence) => <ul>{chosen.map((one) => <li>{has("label:link:" + one.code) ? t("label:link:" + one.code, ...one.args) : one.args.join(" ~ ")}</li>)}</ul>;
  const pro = evidence.filter((one) => one.bits > 0), contra = evidence.filter((one) => one.bits <= 0);
  return (
    <>
      <h2>{t("page:review:match_title", ...(item.names ?? []))}</h2>
      <p>{language.value === "en" ? item.en : item.nl}</p>
      <div class="sides">
        <div><h3>{t("page:review:for")}</h3>{pro.length ? list(pro) : <p>{t("page:nothing")}</p>}</div>
        <div><h3>{t("page:review:against")}</h3>{contra.length ? list(contra) : <p>{t("page:review:nothing_against")}</p>}</div>
      </div>
      <Sides clients={item.clients ?? []} />
      <p class="help">{t("page:review:match_means")}</p>
    </>
  );
}

function Conflict({ item }: { item: QueueItem }) {
  useUsers();
  const heads = item.values ?? [];
  return (
    <>
      <h2>{t("page:review:conflict_title", fieldName(item.field ?? ""))}</h2>
      {item.client_id && may("GET clients/{client}") && <p><a href={link("clienten", item.client_id)}>{item.name ?? t("page:open_dossier")}</a></p>}
      <div class="sides">
        {heads.map((head) => (
          <div>
            <h3>{valueOf(item.field ?? "", head.value)}</h3>
            <Facts rows={[
              [t("page:review:by"), head.author_name], [t("page:review:with"), /^[0-9a-f]{8}$/.test(head.device_name) ? t("page:review:office") : head.device_name], [t("page:review:when"), showMoment(head.recorded_at)],
              [t("page:review:counts_from"), showDay(head.effective_date)],
              [t("page:review:clock"), head.clock_ok ? <Tag tone="good">{t("page:review:clock_sure")}</Tag> : <Tag tone="warn">{t("page:review:clock_unsure")}</Tag>],
            ]} />
          </div>
        ))}
      </div>
    </>
  );
}

function Entry({ item }: { item: QueueItem }) {
  return (
    <>
      <h2>{t("page:review:kind:" + item.kind)}</h2>
      <Facts rows={[
        [t("page:device"), item.device_name], [t("page:review:number"), numbers(item)], [t("page:review:by"), item.author_name], [t("page:review:received"), showMoment(item.received_at)],
        [t("page:review:why"), item.reason ? (has("error:" + item.reason) ? t("error:" + item.reason) : item.reason) : ""],
      ]} />
      <p class="help">{item.admissible ? t("page:review:entry_means") : t("page:review:entry_stays")}</p>
    </>
  );
}

export function Case({ item }: { item: QueueItem }) {
  switch (item.kind) {
    case "match": return <Match item={item} />;
    case "conflict": return <Conflict item={item} />;
    case "shared": return (
      <>
        <h2>{t("page:review:shared_title", (item.authors ?? []).join(t("page:and")))}</h2>
        {item.client_id && <p><a href={link("clienten", item.client_id)}>{item.name ?? t("page:open_dossier")}</a></p>}
        <p>{t("page:review:shared_text", item.contacts?.length ?? 0)}</p>
      </>
    );
    case "loss": return (
      <>
        <h2>{caseLine(item)}</h2>
        {item.missed && <p>{count("page:review:loss", item.missed.entries, item.missed.from_seq, item.missed.through_seq, showMoment(item.missed.noted_at))}</p>}
      </>
    );
    default: return <Entry item={item} />;
  }
}

// Contacts, things to be done and records in one line of time, the latest first.
import { useEffect, useState } from "preact/hooks";
import { get, post, withQuery } from "../api";
import { kindWord, recordParts } from "../catalogue";
import { ago, showDay, showMoment } from "../dates";
import { useDoing } from "../load";
import { Empty, Section, Tag, Waiting } from "../parts";
import { RecordActions } from "../record_form";
import { may } from "../session";
import type { Contact, FollowUp, RecordDocument } from "../types";
import { capital, codeWord, t } from "../words";
import type { DossierProps } from "./dossier";

interface Item { at: string; kind: string; contact?: Contact; record?: RecordDocument; follow_up?: FollowUp }

function ContactItem({ of }: { of: Contact }) {
  const words = [codeWord("channel", of.channel), codeWord("place", of.place), codeWord("outcome", of.outcome)].filter(Boolean).join(" · ");
  const about = [...(of.topics ?? []).map((code) => codeWord("topic", code)), ...(of.areas ?? []).map((code) => codeWord("area", code))].join(", ");
  return (
    <>
      <h3>{t("page:timeline:contact")} <small>{words}</small></h3>
      {about && <p>{about}</p>}
      {of.note && <p class="note">{of.note}</p>}
      <p class="by">{of.author_name}{of.minutes ? " · " + t("page:timeline:minutes", of.minutes) : ""}
        {of.amended && <> <Tag>{t("label:list:amended")}</Tag></>}{of.clock_repaired && <> <Tag tone="warn">{t("label:list:clock_repaired")}</Tag></>}</p>
    </>
  );
}

function FollowUpItem({ of, changed }: { of: FollowUp; changed: () => void }) {
  const doing = useDoing();
  const done = () => void doing.run(() => post(`follow-ups/${of.follow_up_id}/done`, {}, { client: of.client_id }), t("page:saved")).then((good) => { if (good) changed(); });
  return (
    <>
      <h3>{t("page:timeline:follow_up")} <small>{showDay(of.due_date)}{of.owner_name ? " · " + of.owner_name : ""}</small></h3>
      <p>{of.text} {of.done ? <Tag tone="good">{t("page:timeline:done")}</Tag> : <Tag tone="warn">{t("page:timeline:to_do")}</Tag>}
        {!of.done && may("POST follow-ups/{follow_up}/done") && <> <button type="button" class="quiet" disabled={doing.busy} aria-label={t("page:timeline:done_do") + ": " + (of.text ?? "")} onClick={done}>{t("page:timeline:done_do")}</button></>}</p>
    </>
  );
}

export function RecordItem({ of, changed, goals }: { of: RecordDocument; changed: () => void; goals?: RecordDocument[] }) {
  // An assessment has a page of its own, and more domains than a line holds.
  const parts = of.kind === "zrm_assessment" ? recordParts(of).slice(0, 3) : recordParts(of);
  return (
    <>
      <h3>{capital(kindWord(of.kind))} {of.retracted && <Tag>{t("label:list:retracted")}</Tag>}</h3>
      <p>{parts.map(([name, value], n) => <span class="part">{n > 0 && " · "}<span class="dim">{name}</span> {value}</span>)}</p>
      <p class="by">{of.author_name}{of.amended && <> <Tag>{t("label:list:amended")}</Tag></>} <RecordActions record={of} changed={changed} {...(goals ? { goals } : {})} /></p>
    </>
  );
}

function One({ item, changed, goals }: { item: Item; changed: () => void; goals: RecordDocument[] }) {
  const { contact, follow_up: due, record } = item;
  return (
    <li class={"event " + (contact ? "contact" : due ? "due" : "record") + (contact?.retracted || record?.retracted ? " taken-back" : "")}>
      <p class="at">{contact ? showMoment(item.at) : showDay(item.at)} <small>{ago(item.at)}</small></p>
      <div>
        {contact && <ContactItem of={contact} />}
        {due && <FollowUpItem of={due} changed={changed} />}
        {record && <RecordItem of={record} changed={changed} goals={goals} />}
      </div>
    </li>
  );
}

export function Timeline({ dossier, client, reload }: DossierProps) {
  const [items, setItems] = useState<Item[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const doing = useDoing();
  const load = (before: string | null) => doing.run(async () => {
    const page = await get<{ items: Item[]; next: string | null }>(withQuery(`clients/${client}/timeline`, { before, limit: 50 }));
    setItems((old) => (before && old ? [...old, ...page.items] : page.items));
    setNext(page.next);
  });
  useEffect(() => { void load(null); }, [dossier]);
  const goals = dossier.records.filter((one) => one.kind === "goal");
  return (
    <Section title={t("page:dossier:timeline")}>
      {items === null ? <Waiting /> : items.length === 0 ? <Empty>{t("page:timeline:empty")}</Empty>
        : <ol class="timeline">{items.map((item) => <One item={item} changed={reload} goals={goals} />)}</ol>}
      {next && <button type="button" disabled={doing.busy} onClick={() => void load(next)}>{t("page:timeline:more")}</button>}
    </Section>
  );
}

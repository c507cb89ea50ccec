// Contacts, things to be done and records in one line of time, the latest first.
import { useEffect, useState } from "preact/hooks";
import { get, withQuery } from "../api";
import { kindWord, recordParts } from "../catalogue";
import { ago, showDay, showMoment } from "../dates";
import { useDoing } from "../load";
import { Empty, Section, Tag, Waiting } from "../parts";
import { RecordActions } from "../record_form";
import type { Contact, FollowUp, RecordDocument } from "../types";
import { capital, codeWord, t } from "../words";
import type { DossierProps } from "./dossier";

type Item = { at: string; kind: string } & Partial<Contact> & Partial<FollowUp> & Partial<RecordDocument> & { contact?: Contact; record?: RecordDocument; follow_up?: FollowUp };

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

function FollowUpItem({ of }: { of: FollowUp }) {
  return (
    <>
      <h3>{t("page:timeline:follow_up")} <small>{showDay(of.due_date)}{of.owner_name ? " · " + of.owner_name : ""}</small></h3>
      <p>{of.text} {of.done ? <Tag tone="good">{t("page:timeline:done")}</Tag> : <Tag tone="warn">{t("page:timeline:to_do")}</Tag>}</p>
    </>
  );
}

export function RecordItem({ of, changed, goals }: { of: RecordDocument; changed: () => void; goals?: RecordDocument[] }) {
  const parts = recordParts(of);
  return (
    <>
      <h3>{capital(kindWord(of.kind))} {of.retracted && <Tag>{t("label:list:retracted")}</Tag>}</h3>
      <p>{parts.map(([name, value], n) => <span class="part">{n > 0 && " · "}<span class="dim">{name}</span> {value}</span>)}</p>
      <p class="by">{of.author_name}{of.amended && <> <Tag>{t("label:list:amended")}</Tag></>} <RecordActions record={of} changed={changed} {...(goals ? { goals } : {})} /></p>
    </>
  );
}

function One({ item, changed, goals }: { item: Item; changed: () => void; goals: RecordDocument[] }) {
  const contact = item.kind === "contact", due = item.kind === "follow_up";
  return (
    <li class={"event " + (contact ? "contact" : due ? "due" : "record") + (item.retracted ? " taken-back" : "")}>
      <p class="at">{item.at.length > 10 && contact ? showMoment(item.at) : showDay(item.at)} <small>{ago(item.at)}</small></p>
      <div>
        {contact ? <ContactItem of={item.contact ?? (item as Contact)} /> : due ? <FollowUpItem of={item.follow_up ?? (item as FollowUp)} />
          : <RecordItem of={item.record ?? (item as RecordDocument)} changed={changed} goals={goals} />}
      </div>
    </li>
  );
}

export function Timeline({ dossier, client, reload }: DossierProps) {
  const [items, setItems] = useState<Item[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const doing = useDoing();
  const load = (before: string | null) => doing.run(async () => {
    const page = await get<{ items: Item[]; next: string | number | null }>(withQuery(`clients/${client}/timeline`, { before, limit: 50 }));
    setItems((old) => (before && old ? [...old, ...page.items] : page.items));
    setNext(page.next === null || page.next === undefined ? null : String(page.next));
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

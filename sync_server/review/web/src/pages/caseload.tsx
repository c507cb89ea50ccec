// Who guides whom. Drag a name to a colleague, or choose one from the list at the name: both do the same.
import { useState } from "preact/hooks";
import { put } from "../api";
import { askReason } from "../dialogs";
import { useDocument, useDoing } from "../load";
import { Empty, Load, Page, Section } from "../parts";
import { link } from "../router";
import { may } from "../session";
import { codeWord, count, t } from "../words";

interface Her { client_id: string; name: string | null; intensity: string | null; second_contact: string | null }
interface Person { user_id: string; name: string; role: string; clients: Her[] }
interface CaseloadDocument { people: Person[]; unassigned: Her[] }

const kOrder = ["intensive", "light_supplementary", "light_consultative", null];
const nameOf = (her: Her) => her.name ?? t("page:open_dossier");
const byIntensity = (a: Her, b: Her) => kOrder.indexOf(a.intensity) - kOrder.indexOf(b.intensity) || nameOf(a).localeCompare(nameOf(b));

function Card({ her, at, people, move }: { her: Her; at: string; people: Person[]; move: (her: Her, to: string) => void }) {
  const can = may("PUT clients/{client}/assignment");
  return (
    <li draggable={can} class="woman" onDragStart={(event) => { event.dataTransfer!.setData("text/plain", her.client_id); event.dataTransfer!.effectAllowed = "move"; }}>
      <a href={link("clienten", her.client_id)} draggable={false}>{nameOf(her)}</a>
      <small>{codeWord("intensity", her.intensity) || t("label:overview:no_intensity")}</small>
      {can && (
        <label><span class="unseen">{t("page:caseload:move", nameOf(her))}</span>
          <select value={at} onChange={(event) => { const to = event.currentTarget.value; event.currentTarget.value = at; move(her, to); }}>
            <option value="">{t("page:nobody")}</option>
            {people.map((one) => <option value={one.user_id}>{one.name}</option>)}
          </select>
        </label>
      )}
    </li>
  );
}

function Column({ id, title, note, women, people, move, dropped }: { id: string; title: string; note: string; women: Her[]; people: Person[]; move: (her: Her, to: string) => void; dropped: (client: string, to: string) => void }) {
  const [over, setOver] = useState(false);
  return (
    <div class={"column" + (over ? " over" : "")} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
      onDrop={(event) => { event.preventDefault(); setOver(false); dropped(event.dataTransfer!.getData("text/plain"), id); }}>
      <h2>{title} <small>{note}</small></h2>
      <p class="dim">{count("page:clients:total", women.length)}</p>
      {women.length === 0 ? <Empty>{t("page:records:none")}</Empty>
        : <ul>{[...women].sort(byIntensity).map((her) => <Card key={her.client_id} her={her} at={id} people={people} move={move} />)}</ul>}
    </div>
  );
}

function Board({ of, reload }: { of: CaseloadDocument; reload: () => void }) {
  const doing = useDoing();
  const everyone = [...of.people.flatMap((one) => one.clients.map((her) => ({ her, at: one.user_id }))), ...of.unassigned.map((her) => ({ her, at: "" }))];
  const move = async (her: Her, to: string) => {
    const from = everyone.find((one) => one.her.client_id === her.client_id)?.at ?? "";
    if (from === to) return;
    const name = of.people.find((one) => one.user_id === to)?.name ?? t("page:nobody");
    const given = await askReason(t("page:caseload:title", nameOf(her), name), { text: t("page:caseload:means"), confirm: t("page:caseload:assign") });
    if (!given) return;
    const body = { primary: to, ...(her.second_contact ? { second: her.second_contact } : {}), reason: given.reason };
    if (await doing.run(() => put(`clients/${her.client_id}/assignment`, body, { why: given.reason! }), t("page:handover:assigned"))) reload();
  };
  const dropped = (client: string, to: string) => { const found = everyone.find((one) => one.her.client_id === client); if (found) void move(found.her, to); };
  const shared = { people: of.people, move: (her: Her, to: string) => void move(her, to), dropped };
  return (
    <div class="board" aria-busy={doing.busy}>
      <Column id="" title={t("page:caseload:unassigned")} note="" women={of.unassigned} {...shared} />
      {of.people.map((one) => <Column key={one.user_id} id={one.user_id} title={one.name} note={codeWord("role", one.role)} women={one.clients} {...shared} />)}
    </div>
  );
}

export function Caseload() {
  const caseload = useDocument<CaseloadDocument>("caseload");
  return (
    <Page title={t("page:menu:caseload")} lead={t("page:caseload:lead")}>
      <Load of={caseload}>{(of) => (of.people.length + of.unassigned.length === 0 ? <Section title={t("page:menu:caseload")}><Empty>{t("page:nothing")}</Empty></Section> : <Board of={of} reload={caseload.reload} />)}</Load>
    </Page>
  );
}

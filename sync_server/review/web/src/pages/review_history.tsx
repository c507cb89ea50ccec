// What was decided, by whom and why; each can be undone.
import { post } from "../api";
import { showMoment } from "../dates";
import { askReason } from "../dialogs";
import { useDocument, useDoing } from "../load";
import { Load, Table } from "../parts";
import { link } from "../router";
import { may } from "../session";
import { has, t } from "../words";

interface Decided { event_id: string; what: string; at: string; by_name: string; reason: string | null; client_ids: string[]; can_undo: boolean }

export function History() {
  const history = useDocument<Decided[]>("review/history?limit=100");
  const doing = useDoing();
  const undo = async (one: Decided) => {
    const given = await askReason(t("page:review:undo_title"), { text: words(one), confirm: t("page:undo") });
    if (given && (await doing.run(() => post("review/undo", { event_id: one.event_id, reason: given.reason }, { client: one.client_ids[0] ?? null }), t("page:review:undone")))) history.reload();
  };
  const words = (one: Decided) => (has("page:review:did:" + one.what) ? t("page:review:did:" + one.what) : one.what);
  return (
    <Load of={history}>{(of) => (
      <Table caption={t("page:review:history")} rows={of} empty={t("page:review:no_history")} keyOf={(one) => one.event_id} columns={[
        { head: t("page:review:when"), cell: (one) => showMoment(one.at) },
        { head: t("page:what"), cell: words, rowHead: true },
        { head: t("page:review:by"), cell: (one) => one.by_name },
        { head: t("page:reason"), cell: (one) => one.reason ?? "" },
        { head: t("page:who"), cell: (one) => one.client_ids.map((id, n) => <a href={link("clienten", id)}>{t("page:review:dossier", n + 1)} </a>) },
        { head: t("page:action"), cell: (one) => one.can_undo && may("POST review/undo") ? <button type="button" disabled={doing.busy} aria-label={t("page:undo") + ": " + words(one)} onClick={() => void undo(one)}>{t("page:undo")}</button> : "" },
      ]} />
    )}</Load>
  );
}

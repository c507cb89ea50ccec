// Fields and values of a conflict, in words.
import { fieldWord, users } from "../catalogue";
import { showDay } from "../dates";
import { codeWord, t } from "../words";

const kLists = ["status", "closed_reason", "intensity", "safe_contact", "channel", "place", "outcome"];
const kLabels: Record<string, string> = {
  status: "label:status", closed_reason: "label:closed_reason", intensity: "label:intensity", safe_contact: "label:safe_contact",
  channel: "label:channel", place: "label:place", outcome: "label:outcome", topics: "label:topic", areas: "label:area",
};
const kListOf: Record<string, string> = { partner: "partner", what: "budget_item", trend: "trend", area: "area", activity: "activity" };

export function valueOf(field: string, value: string): string {
  if (value === "") return t("page:review:nothing");
  if (kLists.includes(field)) return codeWord(field, value);
  if (field === "topics" || field === "areas") return value.split(",").map((code) => codeWord(field.slice(0, -1), code)).join(", ");
  if (field === "primary_contact" || field === "second_contact") return users.value?.find((one) => one.user_id === value)?.name ?? t("page:review:somebody");
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return showDay(value);
  if (value === "yes" || value === "no") return value === "yes" ? t("label:yes") : t("label:no");
  return kListOf[field] ? codeWord(kListOf[field]!, value) : value;
}

export function fieldName(field: string): string {
  if (kLabels[field]) return t(kLabels[field]!);
  return fieldWord(field);
}

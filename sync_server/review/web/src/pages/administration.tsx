// Beheer: users, handhelds, what has to go, and whether all is well.
import type { VNode } from "preact";
import { Page, Tabs } from "../parts";
import { link } from "../router";
import { may } from "../session";
import { t } from "../words";
import { Handhelds } from "./handhelds";
import { Backups, Erasures, Health, Keys, Retention } from "./keeping";
import { Relations, Users } from "./users";

const kParts: { key: string; words: string; wants: string[]; page: () => VNode }[] = [
  { key: "gebruikers", words: "page:admin:users", wants: ["POST users", "POST users/{user}/invitation", "GET relations"], page: () => <>{may("GET users") && <Users />}{may("GET relations") && <Relations />}</> },
  { key: "apparaten", words: "page:overview:handhelds", wants: ["GET devices"], page: () => <Handhelds /> },
  { key: "bewaren", words: "page:admin:keeping", wants: ["GET retention", "GET erasures"], page: () => <>{may("GET retention") && <Retention />}{may("GET erasures") && <Erasures />}</> },
  { key: "backups", words: "page:admin:backups", wants: ["GET backups"], page: () => <Backups /> },
  { key: "gezondheid", words: "page:admin:health", wants: ["GET health", "GET keys"], page: () => <>{may("GET health") && <Health />}{may("GET keys") && <Keys />}</> },
];

export function Administration({ view }: { view: string }) {
  const parts = kParts.filter((one) => one.wants.some(may));
  const shown = parts.find((one) => one.key === view) ?? parts[0];
  return (
    <Page title={t("page:menu:administration")}>
      <Tabs label={t("page:menu:administration")} current={shown?.key ?? ""} tabs={parts.map((one) => ({ key: one.key, words: t(one.words), href: link("beheer", one.key) }))} />
      {shown && <div key={shown.key}>{shown.page()}</div>}
    </Page>
  );
}

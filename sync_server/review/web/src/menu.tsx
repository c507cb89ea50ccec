// The menu and which page each entry shows: only what the session may ask for.
import type { VNode } from "preact";
import { AccessLog } from "./pages/access_log";
import { Account } from "./pages/account";
import { Administration } from "./pages/administration";
import { Bottlenecks } from "./pages/bottlenecks";
import { Caseload } from "./pages/caseload";
import { Clients } from "./pages/clients";
import { DossierPage } from "./pages/dossier";
import { Escalations } from "./pages/escalations";
import { HoursPage } from "./pages/hours";
import { Money } from "./pages/money";
import { Overview } from "./pages/overview";
import { Planning } from "./pages/planning";
import { Review } from "./pages/review";
import { Rounds } from "./pages/rounds";
import { Page } from "./parts";
import { may } from "./session";
import { t } from "./words";

interface Entry { path: string; words: string; wants: string[]; page: (rest: string[]) => VNode }

const kMenu: Entry[][] = [
  [
    { path: "overzicht", words: "page:menu:overview", wants: ["GET overview"], page: () => <Overview /> },
    { path: "nakijken", words: "page:menu:review", wants: ["GET review/queue"], page: (rest) => <Review view={rest[0] ?? ""} /> },
    { path: "clienten", words: "page:menu:clients", wants: ["GET clients"], page: (rest) => (rest[0] ? <DossierPage client={rest[0]} view={rest[1] ?? ""} /> : <Clients />) },
    { path: "caseload", words: "page:menu:caseload", wants: ["GET caseload"], page: () => <Caseload /> },
  ],
  [
    { path: "rondes", words: "page:menu:rounds", wants: ["GET rounds"], page: () => <Rounds /> },
    { path: "geld", words: "page:menu:money", wants: ["GET programme/time-out", "GET programme/flex-budget"], page: () => <Money /> },
    { path: "knelpunten", words: "page:menu:bottlenecks", wants: ["GET records"], page: () => <Bottlenecks /> },
    { path: "opschalingen", words: "page:menu:escalations", wants: ["GET escalations/{record}/message"], page: () => <Escalations /> },
    { path: "uren", words: "page:menu:hours", wants: ["GET hours"], page: () => <HoursPage /> },
    { path: "plannen", words: "page:menu:planning", wants: ["GET records"], page: () => <Planning /> },
  ],
  [
    { path: "beheer", words: "page:menu:administration", wants: ["POST users", "GET devices", "GET retention", "GET erasures", "GET backups", "GET health"], page: (rest) => <Administration view={rest[0] ?? ""} /> },
    { path: "toegangslog", words: "page:menu:access_log", wants: ["GET access-log"], page: () => <AccessLog /> },
    { path: "account", words: "page:menu:account", wants: [], page: () => <Account /> },
  ],
];

export function menu(): Entry[][] {
  return kMenu.map((group) => group.filter((entry) => entry.wants.length === 0 || entry.wants.some(may))).filter((group) => group.length > 0);
}

export function pageFor(where: string[]): VNode {
  const entries = menu().flat();
  const entry = where.length === 0 ? entries[0] : entries.find((one) => one.path === where[0]);
  return entry ? entry.page(where.slice(1)) : <Page title={t("page:not_here")}><p>{t("page:not_here_text")}</p></Page>;
}

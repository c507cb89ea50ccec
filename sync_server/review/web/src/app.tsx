// Who sees what: the door, the locked page, or the menu with a page beside it.
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { post, setHooks } from "./api";
import { Dialogs } from "./dialogs";
import { SignIn } from "./getting_in";
import { watchIdle } from "./idle";
import { Invitation } from "./invitation";
import { listen, openCases, syncs } from "./live";
import { Look } from "./look";
import { menu, pageFor } from "./menu";
import { askOpening } from "./opening";
import { route, link } from "./router";
import { blank, watchPrivacyKey } from "./screen";
import { leave, left, lock, locked, presence, session, start } from "./session";
import { codeWord, language, t } from "./words";

setHooks({ reason: askOpening, ended: left, locked });

function Menu({ close }: { close: () => void }) {
  const here = route.use()[0] ?? "", open = openCases.use();
  return (
    <nav class="menu" aria-label={t("page:menu:label")} id="menu">
      {menu().map((group) => (
        <ul>
          {group.map((entry) => (
            <li><a href={link(entry.path)} aria-current={entry.path === here || (here === "" && entry === menu()[0]![0]) ? "page" : undefined} onClick={close}>
              {t(entry.words)}{entry.path === "toegangslog" && session.value?.emergencies ? <span class="badge" aria-label={t("page:menu:emergencies", session.value.emergencies)}>{session.value.emergencies}</span> : null}{entry.path === "nakijken" && open ? <span class="badge" aria-label={t("page:menu:open", open)}>{open}</span> : null}
            </a></li>
          ))}
        </ul>
      ))}
    </nav>
  );
}

/** What comes in from handhelds, in one line. */
function Arriving() {
  const latest = Object.values(syncs.use()).sort((a, b) => b.at - a.at)[0];
  return (
    <p class="arriving" role="status">
      {latest && <>{latest.name}: {t("page:live:line", latest.saved, latest.received, latest.merged)}</>}
    </p>
  );
}

function Top({ shown, toggle }: { shown: boolean; toggle: () => void }) {
  const who = session.use()!;
  return (
    <header class="top">
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>{t("page:skip")}</a>
      <button type="button" class="menu-button" aria-expanded={shown} aria-controls="menu" onClick={toggle}>{t("page:menu:button")}</button>
      <a class="brand" href="#/">Lantaarn</a>
      <Arriving />
      <div class="who">
        <a href={link("account")}>{who.user.name}<small>{codeWord("role", who.user.role)}</small></a>
        <button type="button" onClick={() => void lock()}>{t("page:lock")}</button>
        <button type="button" onClick={() => void leave()}>{t("page:leave")}</button>
      </div>
    </header>
  );
}

function Inside() {
  const [shown, setShown] = useState(false);
  const where = route.use(), who = session.use()!;
  useEffect(() => watchIdle(who.idle_seconds || 120, () => void lock(), () => void post("session/alive").catch(() => {})), [who.idle_seconds]);
  useEffect(listen, []);
  return (
    <div class={"inside" + (shown ? " menu-open" : "")}>
      <Top shown={shown} toggle={() => setShown(!shown)} />
      <div class="side"><Menu close={() => setShown(false)} /><aside aria-label={t("page:look:label")}><Look /><p class="help">{t("page:privacy_key")}</p></aside></div>
      <main id="main" tabIndex={-1}><div key={where.slice(0, where[0] === "clienten" ? 2 : 1).join("/")}>{pageFor(where)}</div></main>
    </div>
  );
}

function shownFor(where: string[], state: string): VNode {
  if (where[0] === "uitnodiging" && where[1] && state !== "in") return <Invitation token={where[1]} />;
  switch (state) {
    case "in": return <Inside />;
    case "out": return <SignIn locked={false} />;
    case "locked": return <SignIn locked leave={() => void leave()} />;
    default: return <main id="main" class="door" aria-busy="true"><h1 class="unseen">Lantaarn</h1></main>;
  }
}

export function App() {
  const state = presence.use(), where = route.use(), hidden = blank.use(), spoken = language.use();
  useEffect(() => { void start(); return watchPrivacyKey(); }, []);
  useEffect(() => { document.documentElement.lang = spoken; }, [spoken]);
  return (
    <>
      <div hidden={hidden} key={spoken}>
        {shownFor(where, state)}
        <Dialogs />
      </div>
      {hidden && <button type="button" class="blank" onClick={() => blank.set(false)}><span class="unseen">{t("page:unblank")}</span></button>}
    </>
  );
}

// From the first link that a server prints to an empty queue, a handover and an answered inzage request: everything a person
// does is done on the page, and what came of it is asked of the server's command line.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Desk, launch } from "./support/browser.mjs";
import { emptyTown, evening, kStaff, lateEntry, settle } from "./support/town.mjs";

const invitationIn = (said) => /^invitation (\S+)$/m.exec(said)[1];
const roleWords = { coordinator: "coördinator", case_manager: "casemanager" };

async function addAndInvite(desk, name) {
  const { page } = desk;
  await page.getByRole("button", { name: "Nieuwe gebruiker" }).click();
  await page.locator("dialog").getByLabel("Naam").fill(name);
  await page.locator("dialog").getByLabel("Rol").selectOption(kStaff[name]);
  await page.locator("dialog").getByRole("button", { name: "Bewaren" }).click();
  await page.getByRole("button", { name: "Uitnodigen: " + name }).click();
  const link = await page.locator("dialog code.secret").innerText();
  await page.locator("dialog").getByRole("button", { name: "Sluiten", exact: true }).click();
  return link;
}

/** Asks again until the answer is as it should become. */
async function until(ask, holds, patienceMs = 20_000) {
  for (const end = Date.now() + patienceMs; ;) {
    const answer = await ask();
    if (holds(answer) || Date.now() > end) return answer;
    await new Promise((done) => setTimeout(done, 200));
  }
}

async function giveReason(page, words) {
  await page.locator("dialog textarea[name=reason]").fill(words);
  await page.locator("dialog button[type=submit]").click();
}

/** Answers the question why a dossier is opened, where it is asked. */
async function openDossier(desk, client, view = "") {
  const { page } = desk;
  await desk.goto(`/clienten/${client}${view}`);
  const asked = page.getByRole("heading", { name: "Waarom open je dit dossier?" });
  if (await asked.isVisible()) await giveReason(page, "overleg op maandag");
  await page.locator(".card.head").waitFor();
  await desk.settled();
}

/** Works the case that is in front: the button, the reason, and the queue as it is then. */
async function decide(desk, button) {
  const { page } = desk;
  await page.locator(".decisions button", { hasText: button }).first().click();
  await Promise.all([page.waitForResponse((one) => one.url().endsWith("/review/queue") && one.ok()), giveReason(page, "besproken in het team")]);
  await page.locator("dialog").waitFor({ state: "detached" });
  await desk.settled();
}

test("from the first link to an empty queue, a handover and an answered inzage request", { timeout: 200_000 }, async (t) => {
  const town = await emptyTown(t), { server } = town;
  const browser = await launch(t, server.tls);
  const links = {};

  await t.test("the link that the server prints lets the first administrator in, once", async () => {
    const link = invitationIn(server.said);
    const wim = await Desk.open(browser, server.base);
    await wim.byInvitation(link);
    await wim.goto("/beheer");
    links.Joke = await addAndInvite(wim, "Joke");
    links.Noor = await addAndInvite(wim, "Noor");
    const users = await server.admin("user", "list");
    assert.ok(users.some((one) => one.name === "Joke" && one.role === "coordinator"));
    wim.clean();
    await wim.context.close();
    const late = await Desk.open(browser, server.base);
    await late.page.goto(link);
    await late.page.locator(".problem[role=alert]").waitFor();
    await late.context.close();
  });

  await settle(town, ["Joke", "Noor"]);
  await evening(town);
  const joke = await Desk.open(browser, server.base);

  await t.test("her own invitation lets the coordinator in, and Monday's sync is seen coming in", async () => {
    await joke.byInvitation(links.Joke);
    const who = await joke.page.locator("header.top .who").innerText();
    assert.match(who, /Joke/);
    assert.match(who, new RegExp(roleWords.coordinator));
    await joke.goto("/overzicht");
    await town.h1.sync(server);
    await joke.page.locator(".arriving", { hasText: /Handheld 1: \d+ bewaard, \d+ ontvangen, \d+ verwerkt/ }).waitFor();
    await town.h2.sync(server);
    await joke.page.locator(".arriving", { hasText: /Handheld 2: (\d+) bewaard, \1 ontvangen/ }).waitFor();
    await lateEntry(town);
    await server.admin("merge");
    await joke.page.locator("nav.menu .badge").waitFor();
    await joke.page.getByText("1 afspraak").or(joke.page.locator(".todo li").first()).first().waitFor();
  });

  await t.test("the queue is worked to empty", async () => {
    const { page } = joke;
    // Who may be the same woman is looked for again after a while, not at each sync.
    const kinds = await until(async () => (await joke.api("review/queue")).body.items.map((one) => one.kind), (found) => found.includes("match"));
    for (const kind of ["conflict", "match", "shared", "quarantine"]) assert.ok(kinds.includes(kind), `${kind} is in the queue: ${kinds}`);
    await joke.goto("/nakijken");
    // Two registrations that turn out to be one woman may say different things of her: that is looked at too.
    for (let n = 0; n < 12 && (await page.locator(".case").count()) > 0; n++) {
      const kind = await page.locator(".case-kind").innerText(), words = await page.locator(".case").innerText();
      if (kind.includes("Twee waarden")) await decide(joke, words.includes("Veilig contact") ? "Dit is goed: een bericht is goed" : "Dit is goed: Maaike");
      else if (kind.includes("Misschien dezelfde vrouw")) await decide(joke, words.includes("Daniela") ? "Dezelfde vrouw" : "Niet dezelfde");
      else if (kind.includes("Misschien samen")) await decide(joke, "Dit was één contact samen");
      else await decide(joke, "Alsnog verwerken");
    }
    await page.getByRole("heading", { name: "Er is niets meer na te kijken" }).waitFor();
    joke.clean();
  });

  await t.test("the registry has it as it was decided", async () => {
    await server.admin("merge");
    assert.deepEqual(await server.as("Joke", "review"), []);
    assert.deepEqual(await server.admin("quarantine"), []);
    const ilona = await server.as("Joke", "client", "show", town.women.Ilona), daniela = await server.as("Joke", "client", "show", "Daniela");
    assert.equal(ilona.client.safe_contact, "messaging");
    assert.ok([...ilona.client.fields, ...daniela.client.fields].every((one) => !one.contested));
    assert.equal(daniela.client.primary_contact_name, "Maaike");
    assert.deepEqual(daniela.client.aliases, ["Daniela"]);
    assert.equal(daniela.clients.length, 2);
    const petya = await server.as("Joke", "client", "show", town.women.Petya);
    assert.equal(petya.clients.length, 1);
    assert.equal(petya.contacts.length, 1, "what was set apart is part of her record now");
    assert.deepEqual(await server.as("Joke", "contacts", "shared"), []);
  });

  await t.test("a decision is undone from the history, and taken again", async () => {
    const { page } = joke;
    await joke.goto("/nakijken/geschiedenis");
    await page.getByRole("button", { name: "Ongedaan maken: gekoppeld: dezelfde vrouw" }).first().click();
    await giveReason(page, "toch nog eens vragen");
    await page.getByText("Ongedaan gemaakt.").waitFor();
    assert.equal((await server.as("Joke", "clients")).filter((one) => one.aliases.includes("Daniela")).length, 2);
    await until(async () => (await joke.api("review/queue")).body.items, (items) => items.some((one) => one.kind === "match"));
    await joke.goto("/nakijken");
    await decide(joke, "Dezelfde vrouw");
    assert.equal((await server.as("Joke", "clients")).filter((one) => one.aliases.includes("Daniela")).length, 1);
    joke.clean();
  });

  await t.test("a handover goes step by step, and the new colleague becomes her first contact", async () => {
    const { page } = joke;
    await openDossier(joke, town.women.Roos, "/overdracht");
    await page.getByRole("button", { name: "Overdracht beginnen" }).click();
    const dialog = page.locator("dialog");
    await dialog.locator("[name=to]").fill("Maaike");
    await dialog.locator("button[type=submit]").click();
    await page.locator("ol.wizard").waitFor();
    for (let step = 0; step < 5; step++) {
      await page.locator("ol.wizard li.next input").click();
      await page.waitForFunction((n) => document.querySelectorAll("ol.wizard input:checked:not(:disabled)").length > n, step);
    }
    await page.locator(".tag.good", { hasText: "overgedragen" }).waitFor();
    await page.getByRole("button", { name: "Maaike wordt haar eerste contact" }).click();
    await page.getByText("Toegewezen.").waitFor();
    await server.admin("merge");
    const roos = await server.as("Joke", "client", "show", town.women.Roos);
    assert.equal(roos.client.primary_contact_name, "Maaike");
    joke.clean();
  });

  await t.test("an inzage request is answered: who looked, and everything about her in one file", async () => {
    const { page } = joke;
    await openDossier(joke, town.women.Roos, "/inzage");
    const looked = page.getByRole("table", { name: "Wie keek in dit dossier" });
    await looked.getByRole("rowheader", { name: "Joke" }).first().waitFor();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Alles over haar bewaren als bestand" }).click()]);
    assert.doesNotMatch(file.suggestedFilename(), /roos/i);
    const written = await readFile(await file.path(), "utf8");
    assert.match(written, /Roos/);
    assert.match(written, /Zoekt een kamer/);
    assert.match(written, /Joke/);
    assert.doesNotMatch(written, /Ilona|Daniela|Petya/);
    await page.getByText("Het bestand is bewaard.").waitFor();
    assert.doesNotMatch(await page.title() + page.url(), /roos/i);
    joke.clean();
  });

  await t.test("what was printed of a dossier is written down", async () => {
    await openDossier(joke, town.women.Roos);
    const [noted] = await Promise.all([joke.page.waitForResponse((one) => one.url().endsWith("/print")), joke.page.evaluate(() => dispatchEvent(new Event("beforeprint")))]);
    assert.equal(noted.status(), 200);
    joke.clean();
  });
});

// Pages by their address, for tests that go past all of them.
export const kPages = ["/overzicht", "/nakijken", "/nakijken/geschiedenis", "/clienten", "/caseload", "/rondes", "/geld", "/knelpunten", "/opschalingen", "/uren", "/plannen",
  "/beheer/gebruikers", "/beheer/apparaten", "/beheer/bewaren", "/beheer/backups", "/beheer/gezondheid", "/account"];
export const kDossier = ["", "/zrm", "/doelen", "/toeleiding", "/toestemming", "/overdracht", "/alles", "/inzage"];

/** A dossier as somebody opens it: the reason is given where it is asked for. */
export async function openDossier(desk, client, view = "") {
  const { page } = desk;
  await desk.goto(`/clienten/${client}${view}`);
  if (await page.locator("dialog textarea[name=reason]").isVisible()) await giveReason(page, "overleg op maandag");
  await page.locator(".card.head").waitFor();
  await desk.settled();
}

export async function giveReason(page, words) {
  await page.locator("dialog textarea[name=reason]").fill(words);
  await page.locator("dialog button[type=submit]").click();
}

/** Asks again until the answer is as it should become. */
export async function until(ask, holds, patienceMs = 20_000) {
  for (const end = Date.now() + patienceMs; ;) {
    const answer = await ask();
    if (holds(answer) || Date.now() > end) return answer;
    await new Promise((done) => setTimeout(done, 200));
  }
}

// Each role signs in: her menu has what she may and nothing else, every page of it comes without a mistake, and the rest is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Desk, launch, totp } from "./support/browser.mjs";
import { kDossier, kPages, openDossier } from "./support/manners.mjs";
import { emptyTown, evening, kStaff, settle } from "./support/town.mjs";

// What the menu is made of, in the words of the API.
const kWants = {
  overzicht: ["GET overview"], nakijken: ["GET review/queue"], clienten: ["GET clients"], caseload: ["GET caseload"], rondes: ["GET rounds"],
  geld: ["GET programme/time-out", "GET programme/flex-budget"], knelpunten: ["GET records"], opschalingen: ["GET escalations/{record}/message"], uren: ["GET hours"], plannen: ["GET records"],
  beheer: ["POST users", "GET devices", "GET retention", "GET erasures", "GET backups", "GET health"], toegangslog: ["GET access-log"], account: [],
};

test("each role sees what it may, and nothing else", { timeout: 200_000 }, async (t) => {
  const town = await emptyTown(t), { server } = town;
  await settle(town);
  await evening(town);
  await Promise.all([town.h1.sync(server), town.h2.sync(server)]);
  await server.admin("merge");
  const browser = await launch(t, server.tls);

  for (const [name, role] of Object.entries(kStaff).filter(([name]) => name !== "Maaike")) {
    await t.test(role, async () => {
      const desk = await Desk.open(browser, server.base), { page } = desk;
      const refusals = [];
      page.on("response", (one) => { if (one.status() === 403) refusals.push(new URL(one.url()).pathname); });
      await desk.byInvitation((await server.admin("user", "invite", name)).link);
      const { may } = (await desk.api("session")).body;
      const menu = await page.locator("nav.menu a").evaluateAll((links) => links.map((one) => one.getAttribute("href").slice(2)));
      assert.deepEqual(menu, Object.keys(kWants).filter((path) => kWants[path].length === 0 || kWants[path].some((one) => may.includes(one))));
      for (const path of [...menu.map((one) => "/" + one), ...kPages.filter((one) => one.startsWith("/beheer/") && menu.includes("beheer"))]) {
        await desk.goto(path);
        assert.deepEqual(await page.locator(".problem").allInnerTexts(), [], path);
      }
      // The page never asks for what she may not: a refusal would be a button or a page too many.
      assert.deepEqual(refusals, []);
      for (const path of Object.keys(kWants).filter((one) => !menu.includes(one))) {
        await desk.goto("/" + path);
        assert.equal(await page.locator("h1").innerText(), "Deze pagina is er niet", path);
      }
      if (may.includes("GET clients/{client}")) {
        for (const view of kDossier) await openDossier(desk, town.women.Roos, view);
      }
      desk.clean();
      await desk.context.close();
    });
  }

  await t.test("somebody without a passkey comes in with password and code, and a wrong one has to wait", async () => {
    const desk = await Desk.open(browser, server.base), { page } = desk;
    const password = "vier gele fietsen op een brug";
    await page.goto((await server.admin("user", "invite", "Maaike")).link);
    await page.getByRole("button", { name: "Liever met wachtwoord en code" }).click();
    await page.getByLabel("Nieuw wachtwoord").fill(password);
    await page.getByLabel("Nog een keer").fill(password);
    await page.getByRole("button", { name: "Verder" }).click();
    const secret = (await page.locator("code.secret").innerText()).replace(/\s/g, "");
    await page.getByLabel("Code van zes cijfers").fill(totp(secret));
    await page.getByRole("button", { name: "Klaar" }).click();
    await page.locator(".codes li").nth(7).waitFor();
    const recovery = await page.locator(".codes li code").first().innerText();
    await page.getByRole("button", { name: "Ik heb ze bewaard" }).click();
    await page.locator("header.top").waitFor();
    await page.getByRole("button", { name: "Afmelden", exact: true }).click();

    // Guessed at in a row, and somebody who is not there is answered the same.
    const told = { Maaike: new Set(), Niemand: new Set() };
    await page.getByRole("button", { name: "Met wachtwoord en code" }).click();
    for (const name of Object.keys(told)) {
      for (let n = 0; n < 7 && !told[name].has("wait_seconds"); n++) {
        await page.getByLabel("Naam").fill(name);
        await page.getByLabel("Wachtwoord").fill("verkeerd geraden wachtwoord");
        await page.getByLabel("Code van zes cijfers").fill("000000");
        const [answer] = await Promise.all([page.waitForResponse((one) => one.url().endsWith("/session/password")), page.getByRole("button", { name: "Aanmelden", exact: true }).click()]);
        told[name].add((await answer.json()).code);
        await page.locator(".said .bad").waitFor();
      }
    }
    assert.deepEqual([...told.Maaike], ["sign_in_refused", "wait_seconds"]);
    assert.deepEqual([...told.Niemand], [...told.Maaike]);
    assert.match(await page.locator(".said").innerText(), /\d+ seconde/);
    assert.doesNotMatch(await page.locator(".said").innerText(), /Maaike|Niemand/);
    assert.match(recovery, /\w{4}/);
    desk.clean();
  });
});

// Every page as it is looked at: no violation that axe-core knows of, in both languages, light and dark, wide and narrow.
// Pictures are left where LANTAARN_PICTURES says.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mkdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { Desk, launch } from "./support/browser.mjs";
import { kDossier, kPages, openDossier } from "./support/manners.mjs";
import { emptyTown, evening, lateEntry, settle, today } from "./support/town.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const kTags = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const kWide = { width: 1440, height: 900 }, kNarrow = { width: 390, height: 844 };
const kLooks = [["nl", "light", kWide], ["nl", "dark", kNarrow], ["en", "dark", kWide], ["en", "light", kNarrow]];
const pictures = process.env.LANTAARN_PICTURES;

async function violations(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  return page.evaluate(async (values) => {
    const found = await axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] });
    return found.violations.map((one) => one.id + ": " + one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", "));
  }, kTags);
}

/** As one sees it: a language, a light, a size. The choices on the page itself are used. */
async function look(desk, language, light, size) {
  const { page } = desk;
  await page.evaluate(() => { location.hash = "/overzicht"; });
  await page.setViewportSize(kWide);
  await page.locator(".look select").nth(0).selectOption(language);
  await page.waitForFunction((spoken) => document.documentElement.lang === spoken, language);
  await page.locator(".look select").nth(1).selectOption(light);
  await page.setViewportSize(size);
}

const unfinished = (text) => text.match(/page:[a-z_:]+|undefined|NaN|\[object|Invalid Date/g) ?? [];

async function visit(desk, name, found, picture) {
  const { page } = desk;
  for (const one of await violations(page)) found.push(name + " · " + one);
  for (const one of unfinished(await page.locator("body").innerText())) found.push(name + " · " + one);
  for (const one of await page.locator(".problem").allInnerTexts()) found.push(name + " · problem: " + one);
  if ((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) > 1) found.push(name + " · wider than the screen");
  if (picture) await page.screenshot({ path: `${pictures}/${picture}.png`, fullPage: true });
}

/** A woman about whom everything was written, so that each page has something to show. */
async function fill(town) {
  const { server, women } = town, add = (kind, ...fields) => server.as("Joke", "record", "add", kind, "--client", women.Roos, ...fields);
  const domains = (score) => ["finances", "housing", "social_network"].map((domain) => `${domain}=${score}`);
  await add("zrm_assessment", `date=${today(-90)}`, "instrument=zrm_2017", "trained=yes", ...domains(2));
  await add("zrm_assessment", `date=${today(-2)}`, "instrument=zrm_2017", "trained=yes", ...domains(3));
  await add("handover", `date=${today()}`, "from=Noor", "to=Maaike", "told=yes");
}

test("no page is hard to see, to read out or to use by keyboard", { timeout: 280_000 }, async (t) => {
  const town = await emptyTown(t), { server } = town;
  await settle(town);
  await evening(town);
  await Promise.all([town.h1.sync(server), town.h2.sync(server)]);
  await lateEntry(town);
  await fill(town);
  await server.admin("merge");
  if (pictures) await mkdir(pictures, { recursive: true });
  const browser = await launch(t, server.tls), found = [];
  const joke = await Desk.open(browser, server.base), { page } = joke;

  await t.test("the door and an invitation", async () => {
    await page.goto(server.base + "/");
    await page.locator("main.door button.primary").waitFor();
    await visit(joke, "door", found, pictures && "door-1440");
    const { link } = await server.admin("user", "invite", "Joke");
    await page.goto("about:blank");
    await page.goto(link);
    await page.getByRole("button", { name: "Toegangssleutel maken" }).waitFor();
    await visit(joke, "invitation", found, pictures && "invitation-1440");
    await page.getByRole("button", { name: "Toegangssleutel maken" }).click();
    await page.locator("header.top").waitFor();
    assert.deepEqual(found, []);
  });

  for (const [language, light, size] of kLooks) {
    await t.test(`${language}, ${light}, ${size.width}`, async () => {
      await look(joke, language, light, size);
      const suffix = language === "nl" ? size.width : `${size.width}-${light}`;
      for (const path of kPages) {
        await joke.goto(path);
        await visit(joke, `${path} ${language} ${light} ${size.width}`, found, pictures && `${path.slice(1).replaceAll("/", "-")}-${suffix}`);
      }
      for (const view of kDossier) {
        await openDossier(joke, town.women.Roos, view);
        await visit(joke, `dossier${view} ${language} ${light} ${size.width}`, found, pictures && `dossier${view.replace("/", "-")}-${suffix}`);
      }
      assert.deepEqual(found.splice(0), []);
      joke.clean();
    });
  }

  await t.test("locked", async () => {
    await page.setViewportSize(kWide);
    await page.locator("header.top .who button").first().click();
    await page.locator("main.door").waitFor();
    await visit(joke, "locked", found, pictures && "locked-1440");
    assert.deepEqual(found, []);
  });
});

// Debian's Chromium, one person at a time, with a passkey of her own; and what a page must never do, listened for all along.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createHmac } from "node:crypto";
import { chromium } from "playwright-core";

const kChromium = process.env.LANTAARN_CHROMIUM ?? "/usr/bin/chromium";

export async function launch(t, tls) {
  assert.ok(existsSync(kChromium), `${kChromium} is not there: tools/setup webtest`);
  // Passkeys want a page that is trusted: this very key is, and no other.
  const browser = await chromium.launch({ executablePath: kChromium, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", `--ignore-certificate-errors-spki-list=${tls.pin}`] });
  t.after(() => browser.close());
  return browser;
}

/** A browser window at somebody's desk. `wrong` collects what a page must not do. */
export class Desk {
  static async open(browser, base, options = {}) {
    const desk = new Desk();
    desk.base = base;
    desk.wrong = [];
    desk.dialogs = 0;
    desk.context = await browser.newContext({ viewport: { width: 1440, height: 900 }, timezoneId: "Europe/Amsterdam", locale: "nl-NL", acceptDownloads: true, ...options });
    desk.page = await desk.context.newPage();
    desk.page.setDefaultTimeout(15_000);
    desk.#listen();
    const cdp = desk.cdp = await desk.context.newCDPSession(desk.page);
    await cdp.send("WebAuthn.enable");
    desk.authenticator = (await cdp.send("WebAuthn.addVirtualAuthenticator", { options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } })).authenticatorId;
    return desk;
  }

  #listen() {
    const { page, wrong, base } = this;
    page.on("pageerror", (error) => wrong.push("page error: " + error.message));
    page.on("dialog", (dialog) => { this.dialogs += 1; wrong.push("dialog: " + dialog.message()); void dialog.dismiss(); });
    page.on("request", (request) => { if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(base + "/")) wrong.push("request elsewhere: " + request.url()); });
    // A refusal is the server's to give; the browser notes each on the console. Everything else there is a mistake.
    page.on("console", (message) => { if (message.type() === "error" && !/status of 4(00|01|03|04|09|22|29)/.test(message.text())) wrong.push("console: " + message.text()); });
    page.on("response", (response) => { if (response.status() >= 500) wrong.push(`${response.status()} ${response.request().method()} ${new URL(response.url()).pathname.replace(/[0-9a-f]{32}/g, "{id}")}`); });
  }

  async goto(hash) {
    if (this.page.url().startsWith(this.base + "/")) await this.page.evaluate((to) => { location.hash = to; }, hash);
    else await this.page.goto(this.base + "/#" + hash);
    await this.settled();
  }

  /** Everything that was asked for is there, or a question stands in front of it. */
  async settled() {
    await this.page.locator("h1").first().waitFor();
    await this.page.waitForFunction(() => document.querySelector("dialog[open]") || !document.querySelector(".waiting, [aria-busy=true]"));
  }

  async byInvitation(link) {
    const { page } = this;
    await page.goto(link);
    await page.getByRole("button", { name: "Toegangssleutel maken" }).click();
    await page.locator("header.top").waitFor();
    await this.settled();
    return this;
  }

  /** As the page asks, with the session's cookie and token; {status, body}. */
  api(path, { method = "GET", body, raw } = {}) {
    return this.page.evaluate(async ([path, method, body, raw]) => {
      const session = await (await fetch("/api/v1/session", { headers: { "X-Background": "1" } })).json();
      const given = raw ?? (body === null ? undefined : JSON.stringify(body));
      const answer = await fetch("/api/v1/" + path, { method, headers: { "X-Lantaarn": session.csrf ?? "", "Content-Type": "application/json" }, ...(given === undefined ? {} : { body: given }) });
      const text = await answer.text();
      let parsed = text;
      try { parsed = JSON.parse(text); } catch { /* a file */ }
      return { status: answer.status, body: parsed };
    }, [path, method, body ?? null, raw]);
  }

  clean() { assert.deepEqual(this.wrong, []); }
}

/** The code an authenticator app shows now. */
export function totp(secret, at = Date.now()) {
  let bits = "";
  for (const letter of secret) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2))), counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac("sha1", key).update(counter).digest(), from = mac[19] & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1e6).padStart(6, "0");
}

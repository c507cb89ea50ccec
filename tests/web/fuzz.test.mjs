// Every route of openapi.yaml, asked wrongly, with a session of each role: it is refused properly (never a 5xx), and no answer
// ever holds a name of a caseload that is not the asker's.
import assert from "node:assert/strict";
import https from "node:https";
import tls from "node:tls";
import { test } from "node:test";
import { Desk, launch } from "./support/browser.mjs";
import { run } from "./support/programs.mjs";
import { emptyTown, kStaff, settle } from "./support/town.mjs";

const description = process.env.LANTAARN_OPENAPI ?? new URL("../../sync_server/review/openapi.yaml", import.meta.url).pathname;
const kMethods = ["get", "post", "put", "patch", "delete"];
const kUnknown = "0123456789abcdef0123456789abcdef";
// Going away and locking would end the session that asks.
const kNotAsked = new Set(["DELETE /session", "POST /session/lock", "DELETE /sessions/{session}", "DELETE /users/{user}/access", "DELETE /me/credentials/{credential}", "GET /events"]);
const kSecret = /geheimeaanspreeknaam/i;

const wrong = [null, true, -1, 1e308, "", " ", "x".repeat(5000), "\u0000", "../../etc/passwd", "' OR 1=1 --", "<img src=x onerror=alert(1)>", [], [[[[]]]], {}, { a: { b: [1] } }, kUnknown, "2026-13-45", "९९"];

/** A generator that gives the same row for the same seed. */
function dice(seed) {
  let state = seed >>> 0;
  return (n) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor((state / 2 ** 32) * n); };
}

class Asker {
  constructor(server, desk, agent) { Object.assign(this, { server, desk, agent }); }
  static async of(server, desk, agent) {
    const asker = new Asker(server, desk, agent);
    asker.cookie = (await desk.context.cookies()).map((one) => `${one.name}=${one.value}`).join("; ");
    asker.csrf = (await desk.api("session")).body.csrf;
    return asker;
  }

  ask(method, path, body, headers = {}) {
    return new Promise((done, fail) => {
      const request = https.request(this.server.base + "/api/v1" + path, { method, agent: this.agent, headers: {
        Cookie: this.cookie, "X-Lantaarn": this.csrf, ...(body === undefined ? {} : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) }), ...headers } }, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part) => { if (text.length < 1e6) text += part; });
        answer.on("end", () => done({ status: answer.statusCode, text }));
        answer.on("error", fail);
      });
      // A body that is too long may be answered by hanging up on it.
      request.on("error", (error) => (["EPIPE", "ECONNRESET"].includes(error.code) ? done({ status: 0, text: "" }) : fail(error)));
      request.end(body);
    });
  }
}

/** What the description asks for, about a woman or thing that is another's. */
function plausible(schemas, schema, id) {
  if (schema?.$ref) return plausible(schemas, schemas[schema.$ref.split("/").pop()], id);
  if (schema?.enum) return schema.enum[0];
  const type = [schema?.type ?? "string"].flat()[0];
  if (type === "array") return [plausible(schemas, schema.items, id), plausible(schemas, schema.items, id)];
  if (type === "object") return Object.fromEntries(Object.entries(schema.properties ?? { text: {} }).map(([name, of]) => [name, plausible(schemas, of, id)]));
  if (type === "integer" || type === "number") return 7;
  if (type === "boolean") return true;
  return schema?.pattern?.includes("{32}") ? id : schema?.format === "date" ? "2026-11-02" : "iets";
}

function bodiesFor(schemas, schema, roll, id) {
  const properties = Object.keys(schema?.properties ?? {}), good = plausible(schemas, schema ?? {}, id);
  const bodies = ["", "{", "[]", "null", "\"x\"", "{\"a\":1}", "[".repeat(500), "{\"reason\":\"" + "é".repeat(3000) + "\"}"];
  // All as it should be but for one member, and then nothing as it should be.
  for (const name of properties) for (let n = 0; n < 2; n++) bodies.push(JSON.stringify({ ...good, [name]: wrong[roll(wrong.length)] }));
  for (let n = 0; n < 4; n++) bodies.push(JSON.stringify(Object.fromEntries([...properties, "reason"].map((name) => [name, wrong[roll(wrong.length)]]))));
  return bodies;
}

test("whatever is asked, and by whom, is answered properly", { timeout: 200_000 }, async (t) => {
  const town = await emptyTown(t), { server } = town;
  await settle(town);
  // Nobody's but Maaike's.
  const hidden = (await server.as("Joke", "client", "add", "Geheimeaanspreeknaam", "--primary", "Maaike")).client_id;
  await server.as("Joke", "record", "add", "goal", "--client", hidden, "state=open", "text=Geheimeaanspreeknaam wil verhuizen", "area=housing").catch(() => {});
  await server.admin("merge");
  const { paths, components } = JSON.parse(await run("python3", ["-c", "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))", description]));
  const browser = await launch(t, server.tls), agent = new https.Agent({ ca: server.tls.pem, keepAlive: true, maxSockets: 4 });
  t.after(() => agent.destroy());
  const routes = Object.entries(paths).flatMap(([path, row]) => kMethods.filter((method) => row[method]).map((method) => ({ method: method.toUpperCase(), path, ...row[method] })));
  assert.ok(routes.length > 80, "all of them are there");

  // All come in first: whoever guesses at the door has to wait, and so has everybody behind the same address.
  const askers = [];
  for (const [name, role] of Object.entries(kStaff)) {
    const desk = await Desk.open(browser, server.base);
    await desk.byInvitation((await server.admin("user", "invite", name)).link);
    const asker = await Asker.of(server, desk, agent);
    await desk.context.close();
    if (name !== "Maaike") askers.push([role, asker]);
    else assert.match((await asker.ask("GET", "/clients?query=Geheime")).text, kSecret, "her own case manager finds her");
  }

  for (const [role, asker] of askers) {
    await t.test(role, async () => {
      const roll = dice(role.length * 7919 + 1), bad = [];
      const statuses = {};
      // The coordinator may see everybody, once she said why.
      const mayKnow = role === "coordinator";
      const judge = (what, answer) => {
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        if (answer.status >= 500) bad.push(`${what}: ${answer.status} ${answer.text.slice(0, 200)}`);
        if (answer.status >= 400) {
          const document = JSON.parse(answer.text);
          if (typeof document.error !== "string" || typeof document.code !== "string") bad.push(`${what}: ${answer.text.slice(0, 100)}`);
        }
        if (!mayKnow && kSecret.test(answer.text)) bad.push(`${what}: ${answer.status} tells of a woman of another caseload`);
      };
      for (const route of routes) {
        const what = `${route.method} ${route.path}`;
        if (kNotAsked.has(what)) continue;
        const schema = route.requestBody?.content?.["application/json"]?.schema;
        const ids = route.path.includes("{") ? [kUnknown, hidden, "x", "%00", "..%2f..", "a".repeat(2000)] : [""];
        const work = [];
        for (const id of ids) {
          const path = route.path.replace(/\{[^}]+\}/g, id);
          const bodies = route.method === "GET" ? [undefined] : id === ids[0] || id === hidden ? bodiesFor(components.schemas, schema, roll, hidden) : ["{}"];
          for (const body of bodies) work.push(asker.ask(route.method, path, body).then((answer) => judge(`${what} ${id.slice(0, 12)} ${String(body).slice(0, 120)}`, answer)));
        }
        if (route.method === "GET") {
          for (const query of ["?limit=-1", "?limit=x&offset=99999999999999999999", "?from=2026-13-45&through=0", "?query=%00%ff&kind=%22&before=zz&user=..", "?query=Geheime" ]) {
            // Searching is what tells a name: also that is judged by whose caseload it is.
            work.push(asker.ask("GET", route.path.replace(/\{[^}]+\}/g, kUnknown) + query).then((answer) => judge(what + query, answer)));
          }
        } else {
          work.push(asker.ask(route.method, route.path.replace(/\{[^}]+\}/g, kUnknown), "{}", { "X-Lantaarn": "" }).then((answer) => {
            judge(what + " without the token", answer);
            if (answer.status < 400 && !/without a session/.test(route.tags?.[0])) bad.push(what + " is answered without the token: " + answer.status);
          }));
        }
        await Promise.all(work);
      }
      t.diagnostic(`${role}: ${JSON.stringify(statuses)}`);
      assert.deepEqual(bad, []);
      assert.equal((await asker.ask("GET", "/session")).status, 200, "she is still signed in");
    });
  }

  await t.test("huge bodies, cut and slow requests take nothing from the next one", async () => {
    const asker = new Asker(server, null, agent);
    Object.assign(asker, { cookie: "", csrf: "" });
    for (const bytes of [70_000, 2_000_000, 40_000_000]) {
      const answer = await asker.ask("POST", "/session/password", `{"name":"${"x".repeat(bytes)}"}`);
      assert.ok(answer.status === 0 || (answer.status >= 400 && answer.status < 500), `${bytes}: ${answer.status}`);
    }
    const { hostname, port } = new URL(server.base);
    const open = () => new Promise((done, fail) => { const socket = tls.connect({ host: hostname, port, ca: server.tls.pem, servername: "localhost" }, () => done(socket)); socket.on("error", fail); });
    const head = "POST /api/v1/session/password HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n{\"name\":";
    for (let cut = 1; cut < head.length; cut += 13) {
      const socket = await open();
      socket.on("error", () => {});
      socket.write(head.slice(0, cut));
      socket.destroy();
    }
    // They wait half-asked, while another is answered.
    const slow = await Promise.all(Array.from({ length: 40 }, open));
    for (const socket of slow) { socket.on("error", () => {}); socket.write(head.slice(0, 60)); }
    assert.equal((await asker.ask("GET", "/session")).status, 401);
    for (const socket of slow) socket.destroy();
  });
});

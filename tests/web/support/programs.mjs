// The two programs as processes: asked and answered, started and stopped, always by the process's own id.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const bin = resolve(process.env.LANTAARN_BIN ?? new URL("../../../build/release/bin", import.meta.url).pathname);
const kPatienceMs = 20_000;

/** Runs to the end; its standard output. Throws its standard error. */
export function run(program, words, { input = "", env = {} } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, words, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
    let out = "", err = "";
    child.stdout.on("data", (part) => { out += part; });
    child.stderr.on("data", (part) => { err += part; });
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.on("error", fail);
    child.on("close", (code) => (code === 0 ? done(out) : fail(new Error(`${program} ${words.join(" ")}: ${code}\n${err}`))));
  });
}

export async function json(program, words, options) {
  const out = await run(join(bin, program), words, options);
  return out.trim() ? JSON.parse(out) : null;
}

/** A folder of this test alone, gone when it ends. */
export async function temporary(t) {
  const path = await mkdtemp(join(tmpdir(), "lantaarn-page-"));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A self-made certificate, and what a browser has to be told to take it for a good one: the SHA-256 of its public key. */
export async function certificate(folder) {
  const cert = join(folder, "page.pem"), key = join(folder, "page.key");
  await run("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", cert]);
  const spki = await run("openssl", ["x509", "-in", cert, "-noout", "-pubkey"]);
  const der = Buffer.from(spki.replace(/-----[^-]+-----/g, ""), "base64");
  return { cert, key, pem: await readFile(cert), pin: createHash("sha256").update(der).digest("base64") };
}

/** `lantaarn-server serve` over TLS on loopback; what it printed tells where. */
export class Server {
  #child = null;
  constructor(data, tls) { this.data = data; this.tls = tls; this.said = ""; }

  admin(...words) { return json("lantaarn-server", ["--data", this.data, "--json", ...words]); }
  as(who, ...words) { return this.admin("--as", who, "--reason", "proef", ...words); }

  async start() {
    const words = ["--data", this.data, "serve", "--sync", "127.0.0.1:0", "--web", "127.0.0.1:0", "--tls-cert", this.tls.cert, "--tls-key", this.tls.key];
    const child = spawn(join(bin, "lantaarn-server"), words, { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    this.said = "";
    await new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error("the server does not listen:\n" + this.said)), kPatienceMs);
      const heard = (part) => {
        this.said += part;
        this.page = /^page (\S+)\n/m.exec(this.said)?.[1];
        this.sync = /^sync (\S+)\n/m.exec(this.said)?.[1];
        if (this.page && this.sync) { clearTimeout(late); done(); }
      };
      child.stdout.on("data", heard);
      child.stderr.on("data", heard);
      child.on("error", fail);
      child.on("exit", (code) => { clearTimeout(late); fail(new Error(`the server ended with ${code}:\n${this.said}`)); });
    });
    // Passkeys belong to a name, not to a number.
    this.base = this.page.replace("127.0.0.1", "localhost").replace(/\/$/, "");
    return this;
  }

  async stop() {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((done) => child.on("exit", done));
    child.kill("SIGTERM");
    await ended;
  }
}

/** A handheld in its own folder, with one user. */
export class Handheld {
  constructor(folder, name, user) { this.data = join(folder, name); this.name = name; this.user = user; this.pin = "48150623\n"; }

  ask(...words) { return json("lantaarn", ["--data", this.data, "--json", "--user", this.user, "--pin-file", "-", ...words], { input: this.pin }); }
  async enrol(server, ticket) { await json("lantaarn", ["--data", this.data, "--json", "enrol", "--user", this.user, "--ticket", ticket, "--new-pin-file", "-", "--server", server.sync], { input: this.pin }); }
  sync(server) { return json("lantaarn", ["--data", this.data, "--json", "sync", "--server", server.sync]); }
}

// A programme as it is on a Monday morning: women on the registry, handhelds that were out, and everything that has to be
// looked at by somebody: a woman who may be in twice, a field in conflict, one conversation told by two, an entry set apart.
// All names are invented.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Handheld, Server, certificate, temporary } from "./programs.mjs";

export const kStaff = { Noor: "case_manager", Maaike: "case_manager", Fatma: "expert_by_experience", Joke: "coordinator", Wim: "administrator", Femke: "data_protection_officer", Lies: "project_lead" };
const kWomen = [["Roos", "intensive", "Noor", "Maaike"], ["Ilona", "intensive", "Maaike", "Noor"], ["Daniela", "light_supplementary", "Maaike"], ["Petya", "light_consultative", "Maaike"]];

export function today(days = 0) {
  const date = new Date(Date.now() + days * 86_400_000);
  return date.toLocaleDateString("sv-SE", { timeZone: "Europe/Amsterdam" });
}

/** A server that runs, with nobody in it yet. Ended, and its folder removed, with the test. */
export async function emptyTown(t) {
  const folder = await temporary(t);
  const server = new Server(join(folder, "server"), await certificate(folder));
  await server.admin("init");
  await server.start();
  t.after(() => server.stop());
  return { folder, server };
}

async function enrol(town, name, user) {
  const { folder, server } = town, handheld = new Handheld(folder, name.replaceAll(" ", "-"), user), ticket = join(folder, name + ".ticket");
  await server.admin("device", "add", name, "--users", user, "--server", server.sync, "--ticket", ticket);
  await handheld.enrol(server, ticket);
  await handheld.sync(server);
  return handheld;
}

/** People (but for whom `without` names), women, and handhelds that know them. */
export async function settle(town, without = []) {
  const { server } = town;
  for (const [name, role] of Object.entries(kStaff)) if (!without.includes(name)) await server.admin("user", "add", name, "--role", role);
  town.women = {};
  for (const [alias, intensity, primary, second] of kWomen) {
    const added = await server.as("Joke", "client", "add", alias, "--intensity", intensity, "--primary", primary, ...(second ? ["--second", second] : []));
    town.women[alias] = added.client_id;
  }
  await server.admin("merge");
  [town.h1, town.h2, town.h3] = await Promise.all([enrol(town, "Handheld 1", "Noor"), enrol(town, "Handheld 2", "Maaike"), enrol(town, "Handheld 3", "Maaike")]);
  return town;
}

/** The evening, without a network: nothing of it is at the office yet. */
export async function evening(town) {
  const { folder, h1, h2 } = town, note = join(folder, "note");
  await writeFile(note, "Zoekt een kamer vanaf de eerste van de maand.");
  const at = new Date(Date.now() - 2 * 3_600_000).toISOString().slice(0, 19) + "Z";
  const talk = ["--channel", "in_person", "--place", "zone", "--outcome", "spoken", "--minutes", "10", "--at", at];
  await Promise.all([
    (async () => {
      await h1.ask("log", "--client", "Roos", ...talk, "--note-file", note, "--follow-up", `${today(-1)}:meegaan naar het spreekuur`);
      await h1.ask("log", "--client", "Ilona", ...talk);
      await h1.ask("client", "set", "Ilona", "--safe-contact", "calling");
      // Not on her caseload: as far as this handheld knows, nobody of that name was ever seen.
      await h1.ask("client", "add", "Daniela");
      await h1.ask("log", "--client", "Daniela", ...talk);
      await h1.ask("client", "add", "Petya");
    })(),
    (async () => {
      await h2.ask("log", "--client", "Ilona", ...talk);
      await h2.ask("client", "set", "Ilona", "--safe-contact", "messaging");
    })(),
  ]);
}

/** What is logged after the office took somebody off a handheld is set apart when it comes in. */
export async function lateEntry(town) {
  const talk = ["--channel", "phone", "--place", "office", "--outcome", "spoken", "--minutes", "5"];
  await town.h3.ask("log", "--client", "Petya", ...talk);
  await town.server.as("Joke", "device", "revoke-user", "Handheld 3", "--user", "Maaike");
  await town.h3.sync(town.server).catch(() => {});
}

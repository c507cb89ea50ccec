// Why a dossier outside one's own caseload is opened: asked once a day for each, and written down.
import { post } from "./api";
import { ask } from "./dialogs";
import { Form } from "./form";
import { may } from "./session";
import { t } from "./words";

function Opening({ client, done }: { client: string; done: (value?: true) => void }) {
  return (
    <Form done={done} said={t("page:opening:opened")} confirm={t("page:opening:open")} send={({ reason, emergency }) => post(`clients/${client}/opening`, { reason, emergency: emergency === "yes" })}>
      <p>{t("page:opening:text")}</p>
      <label class="field"><span>{t("page:reason")}</span><textarea name="reason" required maxLength={200} rows={2} /></label>
      <label class="check"><input type="checkbox" name="emergency" value="yes" /> <span>{t("page:opening:emergency")}<small class="hint">{t("page:opening:emergency_hint")}</small></span></label>
    </Form>
  );
}

let asking: Promise<boolean> | null = null;

/** Several requests that are refused at once ask one question. */
export function askOpening(client: string, why: string | undefined): Promise<boolean> {
  if (!may("POST clients/{client}/opening")) return Promise.resolve(false);
  if (why) return post(`clients/${client}/opening`, { reason: why, emergency: false }).then(() => true, () => false);
  asking ??= ask<true>(t("page:opening:title"), (done) => <Opening client={client} done={done} />).then((good) => good === true).finally(() => { asking = null; });
  return asking;
}

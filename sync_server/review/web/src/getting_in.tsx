// The way in: passkey first, then name, password and code; a recovery code when both are gone.
import { useState } from "preact/hooks";
import { post } from "./api";
import { formOf } from "./dialogs";
import { useDoing } from "./load";
import { Input } from "./parts";
import { canPasskeys, signInByPasskey } from "./passkeys";
import { entered } from "./session";
import type { Session } from "./session";
import { t } from "./words";
import { Look } from "./look";

function WithPassword({ recovery, user }: { recovery: boolean; user?: string | undefined }) {
  const doing = useDoing();
  const submit = (event: Event) => {
    const { name, password, code } = formOf(event);
    void doing.run(async () => entered(await post<Session>(recovery ? "session/recovery" : "session/password", { name, password, code })));
  };
  return (
    <form onSubmit={submit} key={String(recovery)}>
      <Input name="name" label={t("page:in:name")} required autocomplete="username" value={user} max={80} />
      <Input name="password" label={t("page:in:password")} type="password" required autocomplete="current-password" max={200} />
      {recovery
        ? <Input name="code" label={t("page:in:recovery_code")} required max={40} hint={t("page:in:recovery_hint")} />
        : <Input name="code" label={t("page:in:code")} required inputMode="numeric" autocomplete="one-time-code" max={8} hint={t("page:in:code_hint")} />}
      <button type="submit" class="primary" disabled={doing.busy}>{t("page:in:enter")}</button>
    </form>
  );
}

/** Also behind a locked page: then nobody's name stands on it. */
export function SignIn({ locked, leave }: { locked: boolean; leave?: () => void }) {
  const doing = useDoing();
  const [way, setWay] = useState<"passkey" | "password" | "recovery">(canPasskeys() ? "passkey" : "password");
  const other = (next: typeof way, words: string) => way !== next && <button type="button" class="quiet" onClick={() => setWay(next)}>{words}</button>;
  return (
    <main class="door" id="main">
      <div class="card">
        <h1>{locked ? t("page:in:locked") : "Lantaarn"}</h1>
        <p>{locked ? t("page:in:locked_lead") : t("page:in:lead")}</p>
        {way === "passkey" && (
          <button type="button" class="primary large" disabled={doing.busy} onClick={() => void doing.run(async () => entered(await signInByPasskey()))}>
            {doing.busy ? t("page:in:passkey_waiting") : t("page:in:passkey")}
          </button>
        )}
        {way !== "passkey" && <WithPassword recovery={way === "recovery"} />}
        <div class="other-ways">
          {canPasskeys() && other("passkey", t("page:in:with_passkey"))}
          {other("password", t("page:in:with_password"))}
          {other("recovery", t("page:in:with_recovery"))}
          {locked && leave && <button type="button" class="quiet" onClick={leave}>{t("page:in:leave")}</button>}
        </div>
      </div>
      <Look />
    </main>
  );
}

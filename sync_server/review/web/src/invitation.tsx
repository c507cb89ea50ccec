// An invitation: choose how to sign in from now on, then print the recovery codes.
import { generate } from "lean-qr/nano";
import { useEffect, useState } from "preact/hooks";
import { post } from "./api";
import { showMoment } from "./dates";
import { formOf } from "./dialogs";
import { useDoing } from "./load";
import { Input, Waiting } from "./parts";
import { canPasskeys, makePasskey } from "./passkeys";
import { go } from "./router";
import { entered } from "./session";
import type { Session } from "./session";
import { codeWord, t } from "./words";
import { Look } from "./look";

interface Invited { user: { name: string; role: string }; expires_at: string }
interface Settled { session: Session; recovery_codes: string[] }
interface Secret { ceremony: string; totp_uri: string; totp_secret: string }

/** One path of squares: a drawing that needs no styles and prints sharp. */
export function Qr({ text, words }: { text: string; words: string }) {
  const code = generate(text);
  let path = "";
  for (let y = 0; y < code.size; y++) for (let x = 0; x < code.size; x++) if (code.get(x, y)) path += `M${x + 4} ${y + 4}h1v1h-1z`;
  return <svg class="qr" role="img" aria-label={words} viewBox={`0 0 ${code.size + 8} ${code.size + 8}`}><rect width="100%" height="100%" fill="#fff" /><path d={path} fill="#000" /></svg>;
}

export function RecoveryCodes({ codes, done }: { codes: string[]; done: () => void }) {
  return (
    <div class="codes">
      <h2>{t("page:codes:title")}</h2>
      <p>{t("page:codes:lead")}</p>
      <ol>{codes.map((code) => <li><code>{code}</code></li>)}</ol>
      <div class="choice">
        <button type="button" onClick={() => print()}>{t("page:print")}</button>
        <button type="button" class="primary" onClick={done}>{t("page:codes:kept")}</button>
      </div>
    </div>
  );
}

function Password({ token, settled }: { token: string; settled: (done: Settled) => void }) {
  const doing = useDoing();
  const [secret, setSecret] = useState<Secret | null>(null);
  const [differs, setDiffers] = useState(false);
  const choose = (event: Event) => {
    const { password, again } = formOf(event);
    setDiffers(password !== again);
    if (password === again) void doing.run(async () => setSecret(await post<Secret>("invitation/password", { token, password })));
  };
  const confirm = (event: Event) => {
    const { code } = formOf(event);
    void doing.run(async () => settled(await post<Settled>("invitation/password/confirm", { token, ceremony: secret!.ceremony, code })));
  };
  if (!secret) {
    return (
      <form onSubmit={choose} key="password">
        <Input name="password" label={t("page:invited:password")} type="password" required autocomplete="new-password" max={200} hint={t("page:invited:password_hint")} />
        <Input name="again" label={t("page:invited:password_again")} type="password" required autocomplete="new-password" max={200} />
        {differs && <p class="problem" role="alert">{t("page:invited:differs")}</p>}
        <button type="submit" class="primary" disabled={doing.busy}>{t("page:invited:on")}</button>
      </form>
    );
  }
  return (
    <form onSubmit={confirm} key="code">
      <p>{t("page:invited:totp")}</p>
      <Qr text={secret.totp_uri} words={t("page:invited:qr")} />
      <p><code class="secret">{secret.totp_secret.replace(/(.{4})/g, "$1 ").trim()}</code></p>
      <p><a href={secret.totp_uri}>{t("page:invited:open_app")}</a></p>
      <Input name="code" label={t("page:in:code")} required inputMode="numeric" autocomplete="one-time-code" max={8} />
      <button type="submit" class="primary" disabled={doing.busy}>{t("page:invited:ready")}</button>
    </form>
  );
}

function Ways({ token, invited, settled }: { token: string; invited: Invited; settled: (done: Settled) => void }) {
  const doing = useDoing();
  const [password, setPassword] = useState(!canPasskeys());
  const make = (event: Event) => {
    const { label } = formOf(event);
    void doing.run(async () => settled(await makePasskey<Settled>("invitation/passkey", { token }, label ?? "")));
  };
  return (
    <>
      <h1>{t("page:invited:title", invited.user.name)}</h1>
      <p>{t("page:invited:lead", codeWord("role", invited.user.role), showMoment(invited.expires_at))}</p>
      {password ? <Password token={token} settled={settled} /> : (
        <form onSubmit={make}>
          <p>{t("page:invited:passkey")}</p>
          <Input name="label" label={t("page:invited:label")} required max={40} value={t("page:invited:label_value")} hint={t("page:invited:label_hint")} />
          <button type="submit" class="primary large" disabled={doing.busy}>{doing.busy ? t("page:in:passkey_waiting") : t("page:invited:make")}</button>
        </form>
      )}
      <div class="other-ways">
        {canPasskeys() && <button type="button" class="quiet" onClick={() => setPassword(!password)}>{password ? t("page:invited:with_passkey") : t("page:invited:with_password")}</button>}
      </div>
    </>
  );
}

export function Invitation({ token }: { token: string }) {
  const [invited, setInvited] = useState<Invited | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [settled, setSettled] = useState<Settled | null>(null);
  useEffect(() => {
    post<Invited>("invitation", { token }).then(setInvited, (error: Error) => setWrong(error.message));
  }, [token]);
  const enter = (of: Settled) => { go(); entered(of.session); };
  // Codes come with a password; whoever has a passkey only makes a second passkey instead.
  const finish = (of: Settled) => (of.recovery_codes.length > 0 ? setSettled(of) : enter(of));
  return (
    <main class="door" id="main">
      <div class="card">
        {wrong ? <><h1>Lantaarn</h1><p class="problem" role="alert">{wrong}</p><p><a href="#/">{t("page:in:to_sign_in")}</a></p></>
          : settled ? <><h1>{t("page:invited:welcome")}</h1><RecoveryCodes codes={settled.recovery_codes} done={() => enter(settled)} /></>
          : invited ? <Ways token={token} invited={invited} settled={finish} /> : <><h1>Lantaarn</h1><Waiting /></>}
      </div>
      <Look />
    </main>
  );
}

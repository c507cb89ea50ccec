// The browser's side of a passkey: asks, makes, and says plainly why it did not work.
import { answered, askedOf, madeOf, registered } from "./binary";
import type { AskOptions, MakeOptions } from "./binary";
import { post } from "./api";
import type { Session } from "./session";
import { t } from "./words";

export function canPasskeys(): boolean { return typeof PublicKeyCredential === "function" && isSecureContext; }

async function fromBrowser(asked: Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await asked;
    if (credential) return credential as PublicKeyCredential;
  } catch (error) {
    if ((error as DOMException).name === "InvalidStateError") throw new Error(t("page:in:passkey_known"));
  }
  throw new Error(t("page:in:passkey_failed"));
}

export async function signInByPasskey(): Promise<Session> {
  const options = await post<{ ceremony: string; publicKey: AskOptions }>("session/passkey/options");
  const credential = await fromBrowser(navigator.credentials.get({ publicKey: askedOf(options.publicKey) }));
  return post<Session>("session/passkey", { ceremony: options.ceremony, credential: answered(credential) });
}

/** At `path` (invitation/passkey, me/passkeys): asks for options, lets the browser make one, hands it in. */
export async function makePasskey<T>(path: string, more: object, label: string): Promise<T> {
  const options = await post<{ ceremony: string; publicKey: MakeOptions }>(path + "/options", more);
  const credential = await fromBrowser(navigator.credentials.create({ publicKey: madeOf(options.publicKey) }));
  return post<T>(path, { ...more, ceremony: options.ceremony, credential: registered(credential), label });
}

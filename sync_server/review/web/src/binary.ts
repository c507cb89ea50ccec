// base64url, as WebAuthn's documents carry it, and the credentials that the browser takes and gives.

export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = new Uint8Array(plain.length);
  for (let i = 0; i < plain.length; i++) bytes[i] = plain.charCodeAt(i);
  return bytes;
}

export function toText(buffer: ArrayBuffer | Uint8Array): string {
  let plain = "";
  for (const byte of new Uint8Array(buffer)) plain += String.fromCharCode(byte);
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

type Described = { id: string; type?: string; transports?: string[] };
export interface AskOptions { challenge: string; rpId?: string; timeout?: number; userVerification?: string; allowCredentials?: Described[] }
export interface MakeOptions {
  challenge: string;
  rp: { id?: string; name: string };
  user: { id: string; name: string; displayName: string };
  pubKeyCredParams: { type?: string; alg: number }[];
  timeout?: number;
  attestation?: string;
  authenticatorSelection?: object;
  excludeCredentials?: Described[];
}

function credentials(list: Described[] | undefined): PublicKeyCredentialDescriptor[] {
  return (list ?? []).map((one) => ({ id: toBytes(one.id), type: "public-key" }));
}

export function askedOf(options: AskOptions): PublicKeyCredentialRequestOptions {
  return { ...options, challenge: toBytes(options.challenge), allowCredentials: credentials(options.allowCredentials) } as PublicKeyCredentialRequestOptions;
}

export function madeOf(options: MakeOptions): PublicKeyCredentialCreationOptions {
  return {
    ...options,
    challenge: toBytes(options.challenge),
    user: { ...options.user, id: toBytes(options.user.id) },
    pubKeyCredParams: options.pubKeyCredParams.map((one) => ({ type: "public-key", alg: one.alg })),
    excludeCredentials: credentials(options.excludeCredentials),
  } as PublicKeyCredentialCreationOptions;
}

/** What is sent when a passkey answered. */
export function answered(credential: PublicKeyCredential): object {
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    id: toText(credential.rawId),
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: response.userHandle ? toText(response.userHandle) : null,
    },
  };
}

/** What is sent when a passkey was made. */
export function registered(credential: PublicKeyCredential): object {
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    id: toText(credential.rawId),
    response: { clientDataJSON: toText(response.clientDataJSON), authenticatorData: toText(response.getAuthenticatorData()) },
  };
}

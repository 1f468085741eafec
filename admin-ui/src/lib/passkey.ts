// Owns the browser's side of passkeys: options from JSON, the answer to JSON. Throws "cancelled" when the person turned away.

interface Options {
  readonly challenge: string;
  readonly [name: string]: unknown;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
}

function text(buffer: ArrayBuffer | null): string | undefined {
  if (buffer === null) return undefined;
  return btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

function listed(list: unknown): PublicKeyCredentialDescriptor[] {
  return ((list ?? []) as { id: string }[]).map((each) => ({ ...each, type: "public-key" as const, id: bytes(each.id) }));
}

/** Makes a passkey on this device. */
export async function createPasskey(options: Options): Promise<Record<string, unknown>> {
  const user = options["user"] as { id: string; name: string; displayName: string };
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: listed(options["excludeCredentials"]),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = (await dialog(navigator.credentials.create({ publicKey }))) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    ...plain(made),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

/** Lets the person choose one of this site's passkeys. */
export async function usePasskey(options: Options): Promise<Record<string, unknown>> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: listed(options["allowCredentials"]),
  } as unknown as PublicKeyCredentialRequestOptions;
  const used = (await dialog(navigator.credentials.get({ publicKey }))) as PublicKeyCredential;
  const response = used.response as AuthenticatorAssertionResponse;
  return {
    ...plain(used),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: text(response.userHandle),
    },
  };
}

function plain(credential: PublicKeyCredential): Record<string, unknown> {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
  };
}

async function dialog(asked: Promise<Credential | null>): Promise<Credential> {
  const given = await asked.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "InvalidStateError") throw new Error("known");
    throw new Error("cancelled");
  });
  if (given === null) throw new Error("cancelled");
  return given;
}

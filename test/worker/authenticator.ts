// Owns a passkey authenticator in software: makes P-256 keys, signs what a browser would hand it (WebAuthn level 3 §6.5, §8.7).

const encoder = new TextEncoder();

export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

function joined(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** ASN.1 DER of a raw r‖s signature. */
function der(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = (part: Uint8Array): number[] => {
    const first = part.findIndex((byte) => byte !== 0);
    const digits = [...part.subarray(Math.max(0, first))];
    const padded = (digits[0] ?? 0) > 127 ? [0, ...digits] : digits;
    return [2, padded.length, ...padded];
  };
  const body = [...whole(raw.subarray(0, 32)), ...whole(raw.subarray(32))];
  return Uint8Array.from([0x30, body.length, ...body]);
}

export interface Authenticator {
  readonly id: string;
  /** Answers a creation dialog. */
  create(options: { challenge: string }): Promise<Record<string, unknown>>;
  /** Answers a sign-in dialog; the counter rises each time, where it counts. */
  get(options: { challenge: string }): Promise<Record<string, unknown>>;
}

export async function authenticator(origin: string, { verified = true, counts = true } = {}): Promise<Authenticator> {
  const keys = (await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ])) as CryptoKeyPair;
  const point = new Uint8Array((await crypto.subtle.exportKey("raw", keys.publicKey)) as ArrayBuffer);
  const credential = crypto.getRandomValues(new Uint8Array(16));
  const id = base64url(credential);
  const rpIdHash = await sha256(Uint8Array.from(encoder.encode(new URL(origin).hostname)));
  let counter = 0;
  const plain = { id, rawId: id, type: "public-key", clientExtensionResults: {}, authenticatorAttachment: "platform" };
  const clientData = (type: string, challenge: string): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(encoder.encode(JSON.stringify({ type, challenge, origin, crossOrigin: false })));
  const head = (flags: number): Uint8Array => joined(rpIdHash, [flags | 1 | (verified ? 4 : 0)], [0, 0, 0, counter]);
  return {
    id,
    async create({ challenge }) {
      const cose = joined(
        [0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32],
        point.subarray(1, 33),
        [0x22, 0x58, 32],
        point.subarray(33),
      );
      const authData = joined(head(0x40), new Uint8Array(16), [0, credential.length], credential, cose);
      const name = (text: string): number[] => [0x60 | text.length, ...encoder.encode(text)];
      const attestation = joined(
        [0xa3],
        name("fmt"),
        name("none"),
        name("attStmt"),
        [0xa0],
        name("authData"),
        [0x58, authData.length],
        authData,
      );
      const response = {
        clientDataJSON: base64url(clientData("webauthn.create", challenge)),
        attestationObject: base64url(attestation),
        transports: ["internal"],
      };
      return { ...plain, response };
    },
    async get({ challenge }) {
      if (counts) counter++;
      const authenticatorData = head(0);
      const data = clientData("webauthn.get", challenge);
      const signed = joined(authenticatorData, await sha256(data));
      const raw = new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, keys.privateKey, signed));
      const response = {
        clientDataJSON: base64url(data),
        authenticatorData: base64url(authenticatorData),
        signature: base64url(der(raw)),
      };
      return { ...plain, response };
    },
  };
}

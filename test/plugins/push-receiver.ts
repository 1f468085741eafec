// Owns the other end of Web Push for the tests: a browser's keys and a push service's check, by node:crypto alone and nothing of
// the code under test. Written after RFC 8291 §3.4, RFC 8188 §2 and RFC 8292 §2.

import { createDecipheriv, createECDH, hkdfSync, verify } from "node:crypto";

export interface Receiver {
  /** Private key and authentication secret of the user agent, base64url. */
  readonly privateKey: string;
  readonly auth: string;
}

export interface Opened {
  readonly plaintext: string;
  /** Octets of padding behind the delimiter. */
  readonly padding: number;
}

function bytes(text: string): Buffer {
  return Buffer.from(text, "base64url");
}

/** The uncompressed public key that the browser hands out, base64url. */
export function p256dhOf({ privateKey }: Receiver): string {
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(bytes(privateKey));
  return ecdh.getPublicKey("base64url", "uncompressed");
}

/** Opens one message of `Content-Encoding: aes128gcm`. Throws where it is not for this receiver. */
export function openPush(body: Uint8Array, receiver: Receiver): Opened {
  const message = Buffer.from(body);
  const [salt, recordSize, idLength] = [message.subarray(0, 16), message.readUInt32BE(16), message.readUInt8(20)];
  const sender = message.subarray(21, 21 + idLength);
  const record = message.subarray(21 + idLength);
  if (record.length > recordSize) throw new Error(`one record of ${recordSize} octets at most, not ${record.length}`);
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(bytes(receiver.privateKey));
  const shared = ecdh.computeSecret(sender);
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), ecdh.getPublicKey(), sender]);
  const ikm = Buffer.from(hkdfSync("sha256", shared, bytes(receiver.auth), info, 32));
  const key = Buffer.from(hkdfSync("sha256", ikm, salt, "Content-Encoding: aes128gcm\0", 16));
  const nonce = Buffer.from(hkdfSync("sha256", ikm, salt, "Content-Encoding: nonce\0", 12));
  const decipher = createDecipheriv("aes-128-gcm", key, nonce);
  decipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  const end = padded.findLastIndex((byte: number) => byte !== 0);
  if (padded[end] !== 2) throw new Error("the last record ends with the delimiter 2");
  return { plaintext: padded.subarray(0, end).toString("utf8"), padding: padded.length - end - 1 };
}

export interface Vapid {
  readonly aud: string;
  readonly exp: number;
  readonly sub: string;
  readonly publicKey: string;
}

/** Reads `Authorization: vapid t=…, k=…` and checks the signature by the key in it. Throws where it does not fit. */
export function verifyVapid(authorization: string): Vapid {
  const found = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(authorization);
  if (found === null) throw new Error("this is no vapid");
  const [, header = "", claims = "", signature = "", k = ""] = found;
  const point = bytes(k);
  if (point.length !== 65 || point[0] !== 4) throw new Error("k is no uncompressed point");
  const jwk = {
    kty: "EC",
    crv: "P-256",
    x: point.subarray(1, 33).toString("base64url"),
    y: point.subarray(33).toString("base64url"),
  };
  const key = { key: jwk, format: "jwk" as const, dsaEncoding: "ieee-p1363" as const };
  if (JSON.stringify(JSON.parse(bytes(header).toString())) !== '{"typ":"JWT","alg":"ES256"}') throw new Error("not ES256");
  if (!verify("sha256", Buffer.from(`${header}.${claims}`), key, bytes(signature))) throw new Error("the signature does not fit");
  return { ...(JSON.parse(bytes(claims).toString()) as Omit<Vapid, "publicKey">), publicKey: k };
}

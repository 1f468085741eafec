// Owns checking an RSA signature by a certificate in PEM. Whose certificate it is was settled by the host it came from; here
// only the public key inside matters, so the certificate is walked, not judged.

/** Whether `signature` (base64) over `content` is RSA PKCS #1 v1.5 by the certificate's key. False for what is no certificate. */
export async function verifyRsa(pem: string, hash: "SHA-1" | "SHA-256", signature: string, content: string): Promise<boolean> {
  try {
    const spki = publicKeyOf(bytesOf(pem.replace(/-----(BEGIN|END) CERTIFICATE-----/g, "").replaceAll(/\s+/g, "")));
    const key = await crypto.subtle.importKey("spki", spki, { name: "RSASSA-PKCS1-v1_5", hash }, false, ["verify"]);
    return await crypto.subtle.verify("RSASSA-PKCS1-v1_5", key, bytesOf(signature), new TextEncoder().encode(content));
  } catch {
    return false;
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** RFC 5280 §4.1: Certificate → tbsCertificate → [version], serial, algorithm, issuer, validity, subject, subjectPublicKeyInfo. */
function publicKeyOf(der: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const tbs = element(der, element(der, 0).from);
  let at = tbs.from;
  if (der[at] === 0xa0) at = element(der, at).to;
  for (let skipped = 0; skipped < 5; skipped++) at = element(der, at).to;
  return der.slice(at, element(der, at).to);
}

/** Where the content of the DER element at `at` begins and ends. */
function element(der: Uint8Array, at: number): { readonly from: number; readonly to: number } {
  const first = der[at + 1] ?? 0;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  let length = lengthBytes === 0 ? first : 0;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + (der[at + 2 + i] ?? 0);
  const from = at + 2 + lengthBytes;
  if (lengthBytes > 4 || from + length > der.length) throw new RangeError("this is no DER");
  return { from, to: from + length };
}

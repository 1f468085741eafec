// Owns the one derivation: a root key (TOCSIN_SECRET) and a purpose give key bytes that nothing else shares.
// Must not know what the keys are for.

const encoder = new TextEncoder();

/**
 * HKDF-SHA-256 (RFC 5869) over a root key. `purpose` is the info string ("tocsin/v1/link"), so that a key for one thing
 * is no use for another; the salt is fixed because the root is already random. Answers `bytes` octets.
 */
export async function deriveBytes(root: string, purpose: string, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const material = await crypto.subtle.importKey("raw", encoder.encode(root), "HKDF", false, ["deriveBits"]);
  const salt = encoder.encode("tocsin");
  const bits = await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt, info: encoder.encode(purpose) },
    material,
    bytes * 8,
  );
  return new Uint8Array(bits);
}

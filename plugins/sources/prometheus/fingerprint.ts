// Owns the fingerprint of a set of labels as Prometheus and Alertmanager make it (common/model: 64-bit FNV-1a over the sorted
// pairs, each part ended by 0xff): an alert has one dedup key, whichever way it comes.

const offset = 14_695_981_039_346_656_037n;
const prime = 1_099_511_628_211n;

/** 16 hexadecimal digits. */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const encoder = new TextEncoder();
  const names = Object.keys(labels).toSorted(byBytes);
  let sum = offset;
  const add = (byte: number): void => {
    sum = BigInt.asUintN(64, (sum ^ BigInt(byte)) * prime);
  };
  for (const name of names)
    for (const part of [name, labels[name] ?? ""]) {
      encoder.encode(part).forEach(add);
      add(0xff);
    }
  return sum.toString(16).padStart(16, "0");
}

/** By UTF-8 bytes, as Go compares texts. */
function byBytes(a: string, b: string): number {
  const [x, y] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = (x[i]?.codePointAt(0) ?? 0) - (y[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

// Owns comparing plain data by what it says: keys in order, absent values gone.

export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(
          Object.entries(each)
            .filter(([, v]) => v !== undefined)
            .toSorted(([x], [y]) => (x < y ? -1 : 1)),
        )
      : each,
  );
}

export function sameJson(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}

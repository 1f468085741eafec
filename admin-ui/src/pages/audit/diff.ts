// Owns what is different between two states of an object, field by field, as a person reads it.

export interface Difference {
  /** `steps[0].escalateAfter`; "" for the whole. */
  readonly path: string;
  /** Null: it was not there. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Leaves of the two that are not the same, in the order in which the later one has them. */
export function differences(before: unknown, after: unknown): readonly Difference[] {
  const [was, is] = [leaves(before), leaves(after)];
  const paths = [...new Set([...is.keys(), ...was.keys()])];
  return paths
    .map((path) => ({ path, before: was.get(path) ?? null, after: is.get(path) ?? null }))
    .filter((each) => each.before !== each.after);
}

function leaves(value: unknown): Map<string, string> {
  const found = new Map<string, string>();
  if (value !== null && value !== undefined) walk(value, "", found);
  return found;
}

function walk(value: unknown, path: string, found: Map<string, string>): void {
  if (typeof value !== "object" || value === null || isSmall(value)) {
    found.set(path, textOf(value));
    return;
  }
  if (Array.isArray(value)) value.forEach((each, i) => walk(each, `${path}[${i}]`, found));
  else for (const [key, each] of Object.entries(value)) walk(each, path === "" ? key : `${path}.${key}`, found);
}

/** A list of words reads better whole; nothing in it is said as such; a sealed secret is one. */
function isSmall(value: object): boolean {
  if (Array.isArray(value)) return value.every((each) => typeof each !== "object" || each === null);
  return Object.keys(value).length === 0 || "sealed" in value;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.length === 0 ? "[]" : value.map(textOf).join(", ");
  if (typeof value === "object" && value !== null && "sealed" in value) return "•••";
  return JSON.stringify(value);
}

// Owns what differs between two states of an object, place by place, as one reads it.

export interface Difference {
  /** `steps[0].escalateAfter`; "" for the whole. */
  readonly path: string;
  /** Undefined: there was none. */
  readonly before: unknown;
  /** Undefined: there is none any more. */
  readonly after: unknown;
}

export function differences(before: unknown, after: unknown, path = ""): readonly Difference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isList(before) && isList(after)) return ofLists(before, after, path);
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(before[key], after[key], path === "" ? key : `${path}.${key}`));
  }
  return [{ path, before, after }];
}

/** Things with an id are told by it, everything else by its place. */
function ofLists(before: readonly unknown[], after: readonly unknown[], path: string): readonly Difference[] {
  const named = [...before, ...after].every((each) => isMap(each) && typeof each["id"] === "string");
  if (!named) {
    const plain = [...before, ...after].every((each) => typeof each !== "object" || each === null);
    if (plain) return [{ path, before, after }];
    return Array.from({ length: Math.max(before.length, after.length) }, (_, i) => i).flatMap((i) =>
      differences(before[i], after[i], `${path}[${i + 1}]`),
    );
  }
  const idOf = (each: unknown): string => (each as { id: string }).id;
  const ids = [...new Set([...before, ...after].map(idOf))];
  const found = ids.flatMap((id) =>
    differences(
      before.find((each) => idOf(each) === id),
      after.find((each) => idOf(each) === id),
      `${path} ${id}`,
    ),
  );
  // The same things in another order.
  return found.length > 0 ? found : [{ path, before: before.map(idOf), after: after.map(idOf) }];
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** As YAML would write it in one line; a sealed secret is never more than that. */
export function inLine(value: unknown): string {
  if (value === undefined) return "";
  if (isMap(value) && value["sealed"] === true) return "••••••";
  if (isMap(value))
    return `{ ${Object.entries(value)
      .map(([key, each]) => `${key}: ${inLine(each)}`)
      .join(", ")} }`;
  if (isList(value)) return `[${value.map(inLine).join(", ")}]`;
  if (typeof value !== "string") return JSON.stringify(value);
  return /^[\w./@+ -]+$/.test(value) ? value : JSON.stringify(value);
}

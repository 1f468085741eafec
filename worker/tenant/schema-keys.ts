// Owns finding the keys that a schema knows at a place, by walking it.

/** The keys that may stand at this path; none: it is no object of known keys. */
export function keysAt(root: unknown, path: readonly PropertyKey[]): readonly string[] {
  let schema = root;
  for (const part of path) schema = inner(schema, part);
  const shape = unwrap(schema);
  return isObjectSchema(shape) ? Object.keys(shape.shape) : [];
}

interface ObjectSchema {
  readonly shape: Readonly<Record<string, unknown>>;
}

function isObjectSchema(schema: unknown): schema is ObjectSchema {
  return typeof schema === "object" && schema !== null && "shape" in schema;
}

function unwrap(schema: unknown): unknown {
  let found = schema;
  for (let i = 0; i < 10; i++) {
    const def = (found as { def?: { innerType?: unknown; in?: unknown } } | undefined)?.def;
    // Optional and the like hold the schema within; a transformed one takes what stands before the transform.
    const within = def?.innerType ?? def?.in;
    if (within === undefined) return found;
    found = within;
  }
  return found;
}

function inner(schema: unknown, part: PropertyKey): unknown {
  const bare = unwrap(schema);
  if (typeof part === "number") return (bare as { element?: unknown } | undefined)?.element;
  return isObjectSchema(bare) ? bare.shape[String(part)] : undefined;
}

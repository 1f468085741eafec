// Owns where in a YAML document somebody types: the path of keys around the cursor, by indentation and open brackets. Good
// enough to propose by; what the document means, the hub says.

export interface YamlPlace {
  /** Keys, and 0 for any item of a list. */
  readonly path: readonly (string | 0)[];
  /** A key is being typed, or the value of the path's last key. */
  readonly at: "key" | "value";
  /** What is typed of it so far. */
  readonly typed: string;
}

interface Part {
  readonly column: number;
  /** Null: an item of a list. */
  readonly key: string | null;
}

const keyed = /^(?:"([^"]*)"|'([^']*)'|([\w./$-]+))\s*:(?=\s|$)\s*/;

/** `- id: x` is an item and a key; `rest` is what stands behind. */
function partsOf(line: string): { readonly parts: readonly Part[]; readonly rest: string; readonly column: number } {
  const parts: Part[] = [];
  let column = line.length - line.trimStart().length;
  for (;;) {
    const rest = line.slice(column);
    const item = /^-(?:\s+|$)/.exec(rest);
    const key = item === null ? keyed.exec(rest) : null;
    if (item !== null) parts.push({ column, key: null });
    else if (key === null) return { parts, rest, column };
    else {
      parts.push({ column, key: key[1] ?? key[2] ?? key[3] ?? "" });
      return { parts, rest: rest.slice(key[0].length), column: column + key[0].length };
    }
    column += item?.[0].length ?? 0;
  }
}

export function yamlPlace(text: string, pos: number): YamlPlace {
  const start = text.lastIndexOf("\n", pos - 1) + 1;
  const { parts, rest, column } = partsOf(text.slice(start, pos));
  const last = parts.at(-1);
  const own = parts.map(({ key }) => key ?? (0 as const));
  const within = flowPlace(rest);
  const first = parts[0]?.column ?? column;
  const around = enclosing(text.slice(0, start), first, parts[0]?.key === null);
  const path = [...around, ...own, ...within.path];
  if (within.open) return { path, at: within.at, typed: within.typed };
  return { path, at: last !== undefined && last.key !== null ? "value" : "key", typed: rest };
}

/** The keys of the lines above that this line stands below. */
function enclosing(above: string, column: number, isItem: boolean): (string | 0)[] {
  const path: (string | 0)[] = [];
  let limit = column;
  let item = isItem;
  for (const line of above.split("\n").toReversed()) {
    if (limit < 0 || /^\s*(#|$)/.test(line)) continue;
    const { parts, rest } = partsOf(line);
    for (const part of parts.toReversed()) {
      // The items of a list may stand below their key's own column.
      const listOf = item && part.key !== null && rest === "" && part.column === limit;
      if (part.column >= limit && !listOf) continue;
      path.unshift(part.key ?? 0);
      limit = part.column;
      item = part.key === null;
    }
  }
  return path;
}

interface Frame {
  readonly list: boolean;
  key: string | null;
}

/** Inside `{ … }` and `[ … ]` of one line. */
function flowPlace(rest: string): YamlPlace & { readonly open: boolean } {
  const frames: Frame[] = [];
  let i = 0;
  let typedFrom = 0;
  while (i < rest.length) {
    const char = rest[i] ?? "";
    const frame = frames.at(-1);
    if (char === "{" || char === "[") {
      frames.push({ list: char === "[", key: null });
      typedFrom = i + 1;
    } else if (char === "}" || char === "]") {
      frames.pop();
      typedFrom = i + 1;
    } else if (char === "," && frame !== undefined) {
      frame.key = null;
      typedFrom = i + 1;
    } else if (char === '"' || char === "'") {
      const end = rest.indexOf(char, i + 1);
      i = end < 0 ? rest.length : end;
    } else if (frame !== undefined && !frame.list && frame.key === null && /[\w$]/.test(char)) {
      const key = keyed.exec(rest.slice(i));
      if (key !== null) {
        frame.key = key[1] ?? key[2] ?? key[3] ?? "";
        i += key[0].length - 1;
        typedFrom = i + 1;
      } else while (/[\w./$-]/.test(rest[i + 1] ?? "")) i++;
    }
    i++;
  }
  const path = frames.flatMap(({ list, key }): (string | 0)[] => (list ? [0] : key === null ? [] : [key]));
  const inside = frames.at(-1);
  const at = inside === undefined || inside.list || inside.key !== null ? "value" : "key";
  return { open: frames.length > 0, path, at, typed: rest.slice(typedFrom).trimStart() };
}

// Owns what differs between two texts, line by line, with a few lines around each change.

export interface Line {
  readonly kind: "same" | "gone" | "new" | "left-out";
  /** Of the text it stands in, from 1; of lines left out, how many. */
  readonly n: number;
  readonly text: string;
}

const around = 3;
/** A table this big is a few milliseconds; beyond, the middle is told as replaced. */
const cellsMax = 4_000_000;

/** The lines that changed, in order, and those near them. Empty: nothing differs. */
export function changedLines(before: string, after: string): readonly Line[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const middle = between(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head);
  const same = (text: string, i: number): Line => ({ kind: "same", n: i + 1, text });
  const end = b.length - tail;
  return shortened([...b.slice(0, head).map(same), ...middle, ...b.slice(end).map((text, i) => same(text, end + i))]);
}

/** By the longest sequence that both have. */
function between(a: readonly string[], b: readonly string[], head: number): Line[] {
  const gone = (i: number): Line => ({ kind: "gone", n: head + i + 1, text: a[i] ?? "" });
  const fresh = (j: number): Line => ({ kind: "new", n: head + j + 1, text: b[j] ?? "" });
  if (a.length * b.length > cellsMax) return [...a.map((_, i) => gone(i)), ...b.map((_, j) => fresh(j))];
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: "same", n: head + j + 1, text: b[j] ?? "" });
      i++;
      j++;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) lines.push(gone(i++));
    else lines.push(fresh(j++));
  }
  return lines;
}

function shortened(lines: readonly Line[]): readonly Line[] {
  if (lines.every((each) => each.kind === "same")) return [];
  const near = new Set<number>();
  for (const [i, { kind }] of lines.entries()) if (kind !== "same") for (let k = i - around; k <= i + around; k++) near.add(k);
  const kept: Line[] = [];
  let out = 0;
  const close = (): void => {
    if (out > 0) kept.push({ kind: "left-out", n: out, text: "" });
    out = 0;
  };
  for (const [i, line] of lines.entries()) {
    if (!near.has(i)) {
      out++;
      continue;
    }
    close();
    kept.push(line);
  }
  close();
  return kept;
}

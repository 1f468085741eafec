// Owns where in its text an upload's errors stand: of the code by their line, of the fixtures by the fixture's name.

import type { CodeMark } from "../../design/editor/code.tsx";
import type { Problem } from "../../lib/api.ts";
import type { OwnReport } from "../../lib/own-plugins-shapes.ts";

interface Told {
  readonly path: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

function lineMark(text: string, line: number, column: number, message: string): CodeMark {
  const start =
    text
      .split("\n")
      .slice(0, line - 1)
      .join("\n").length + (line > 1 ? 1 : 0);
  const end = text.indexOf("\n", start);
  const to = end < 0 ? text.length : end;
  return { from: Math.min(start + column - 1, to), to, message, tone: "bad", wholeLine: true };
}

export function codeMarks(code: string, problem: Problem | null): readonly CodeMark[] {
  const errors = problem?.members["errors"];
  if (!Array.isArray(errors)) return [];
  return (errors as readonly Told[]).flatMap(({ line, column = 1, message }) =>
    line === undefined ? [] : [lineMark(code, line, column, message)],
  );
}

export function fixtureMarks(text: string, report: OwnReport | null): readonly CodeMark[] {
  return (report?.checks ?? []).flatMap(({ passed, fixture, reason }) => {
    const name =
      passed === false && fixture !== null ? new RegExp(`"name"\\s*:\\s*${escaped(JSON.stringify(fixture))}`).exec(text) : null;
    if (name === null) return [];
    const line = text.slice(0, name.index).split("\n").length;
    return [lineMark(text, line, 1, reason)];
  });
}

function escaped(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}

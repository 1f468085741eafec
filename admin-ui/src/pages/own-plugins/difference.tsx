// Owns what a version changes in the one in use, line by line.

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call } from "../../lib/api.ts";
import { said } from "../../lib/messages.ts";
import { useRead } from "../../lib/query.ts";
import { changedLines } from "./lines.ts";
import "./own-plugins.css";
import { words } from "./words.ts";

const marks = { same: " ", gone: "−", new: "+", "left-out": "⋯" } as const;

export function Difference({
  id,
  from,
  text,
}: {
  readonly id: string;
  /** The version it is held against. */
  readonly from: number;
  readonly text: string;
}): JSX.Element {
  const w = said(words);
  const read = useRead(`own-plugins/${id}/versions/${from}`, () => call("getOwnPluginVersion", { id, version: String(from) }));
  const before = read.data?.code ?? null;
  const lines = useMemo(() => (before === null ? [] : changedLines(before, text)), [before, text]);
  if (read.error !== null) return <Trouble problem={read.error} />;
  if (before === null) return <Skeleton lines={3} />;
  if (lines.length === 0) return <p class="soft">{w.sameText(from)}</p>;
  return (
    <div class="line-diff" tabIndex={0} role="region" aria-label={w.differs(from)}>
      {lines.map(({ kind, n, text: line }, i) => (
        <div key={i} class={kind}>
          <span class="n">{kind === "left-out" ? "" : n}</span>
          <span>{marks[kind]}</span>
          <code>{kind === "left-out" ? w.leftOut(n) : line}</code>
        </div>
      ))}
    </div>
  );
}

// Owns how an acknowledgment that is not sent yet is shown: honestly, until the hub has confirmed it; and how it ended.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Icon } from "../../design/icon.tsx";
import type { Directory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { cancel, dismiss, flush } from "../../lib/offline/queue.ts";
import { mine } from "../../lib/offline/waiting.ts";
import type { Unsent as Entry } from "../../lib/offline/unsent.ts";
import { clock, countdown } from "../../lib/time.ts";
import { tell } from "../../lib/toast.ts";
import type { NextUp } from "./next.ts";
import { words } from "./words.ts";

/** So long it may still be on its way: an ordinary press is answered sooner. */
const usualMs = 1_800;

export function Unsent({ entry, next }: { readonly entry: Entry; readonly next: NextUp | null }): JSX.Element {
  const w = said(words);
  const late = useLater(entry.madeAt + usualMs) || entry.tries > 0;
  if (!late)
    return (
      <Button tone="go" class="main-act" busy>
        {w.sending}
      </Button>
    );
  async function stop(): Promise<void> {
    tell((await cancel(entry.id)) ? w.cancelled : w.tooLate);
  }
  return (
    <div class="unsent" role="status">
      <p>
        <Icon name="warn" size={20} />
        <span>
          <strong>{entry.state === "sign-in" ? w.signIn : w.unsent}</strong>
          {next !== null && next.inMs > 0 && <> {w.unsentNext(next.text, countdown(next.inMs))}</>}
        </span>
      </p>
      <div class="pair">
        <Button onClick={() => flush()}>{w.tryNow}</Button>
        <Button onClick={stop}>{w.cancelAck}</Button>
      </div>
    </div>
  );
}

function useLater(at: number): boolean {
  const [late, setLate] = useState(Date.now() >= at);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), Math.max(0, at - Date.now()));
    return () => clearTimeout(timer);
  }, [at]);
  return late;
}

/** What became of those that had to wait, until their person has read it. */
export function Ended({ names }: { readonly names: Directory }): JSX.Element {
  const w = said(words);
  const over = mine.value.filter((entry) => entry.end !== null && !answeredAtOnce(entry));
  return (
    <div role="status">
      {over.map((entry) => (
        <div key={entry.id} class={`ended ${entry.end?.kind ?? ""}`}>
          <p>{textOf(entry, names, w)}</p>
          <Button onClick={() => dismiss(entry.id)}>{w.ok}</Button>
        </div>
      ))}
    </div>
  );
}

/** The card itself says so. */
function answeredAtOnce({ end, madeAt, tries }: Entry): boolean {
  return end?.kind === "acknowledged" && tries === 1 && end.at - madeAt < 15_000;
}

function textOf({ title, end }: Entry, names: Directory, w: (typeof words)["en"]): string {
  if (end === null) return "";
  switch (end.kind) {
    case "other":
      return w.ends.other(title, names.person(end.by), end.since === null ? "" : w.since(clock(end.since).slice(0, 5)));
    case "resolved":
      return w.ends.resolved(title, end.by === null ? "" : w.by(names.person(end.by)));
    case "refused":
      return w.ends.refused(title, end.why);
    default:
      return w.ends[end.kind](title);
  }
}

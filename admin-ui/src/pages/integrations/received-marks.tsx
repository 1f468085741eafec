// Owns the small marks of received bodies: how one was read, what became of its alerts, its text laid out.

import type { JSX } from "preact";
import { Link } from "wouter-preact";
import { tenant } from "../../lib/api.ts";
import { said } from "../../lib/messages.ts";
import type { BodyAlert, BodyOutcome } from "../../lib/received-shapes.ts";
import { words } from "./received-words.ts";

const tones: Readonly<Record<BodyOutcome, string>> = {
  readable: "go",
  ignored: "",
  unreadable: "bad",
  refused: "look",
  failed: "bad",
};

export function Outcome({ outcome }: { readonly outcome: BodyOutcome }): JSX.Element {
  return (
    <span class={`badge ${tones[outcome]}`}>
      <span class={`dot ${outcome === "unreadable" || outcome === "failed" ? "" : "hollow"}`} />
      {said(words).outcomes[outcome] ?? outcome}
    </span>
  );
}

const actionTones: Readonly<Record<string, string>> = {
  triggered: "bad",
  trigger: "bad",
  resolved: "go",
  resolve: "go",
  acknowledged: "look",
  acknowledge: "look",
  held: "info",
  unreadable: "bad",
};

export function Action({ action }: { readonly action: string }): JSX.Element {
  return <span class={`badge ${actionTones[action] ?? ""}`}>{said(words).actions[action] ?? action}</span>;
}

/** What became of each alert, with the way to its incident. */
export function Became({ alerts }: { readonly alerts: readonly BodyAlert[] }): JSX.Element {
  const w = said(words);
  if (alerts.length === 0) return <p class="soft">{w.noAlert}</p>;
  return (
    <ul class="became">
      {alerts.map((alert, i) => (
        <li key={`${i}-${alert.dedupKey}`}>
          <Action action={alert.action} />
          <span class="grow">{alert.title || alert.dedupKey}</span>
          {alert.incident !== null && (
            <Link class="small" href={`/t/${tenant.value}/incidents/${alert.incident}`}>
              {w.open}
            </Link>
          )}
          {alert.reason !== "" && alert.reason !== "opened" && <span class="soft small why">{alert.reason}</span>}
        </li>
      ))}
    </ul>
  );
}

/** JSON laid out; null where it is none, and stands as it came. */
export function laidOut(raw: string): string | null {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === "object" && value !== null ? JSON.stringify(value, null, 2) : null;
  } catch {
    return null;
  }
}

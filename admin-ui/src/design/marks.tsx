// Owns the small marks: severity by shape and letter, status by word and dot, a person, an instant.

import type { JSX } from "preact";
import { catalogue, said } from "../lib/messages.ts";
import type { IncidentStatus } from "../lib/shapes.ts";
import { dateTime, duration, elsewhere, slowly, viewerZone } from "../lib/time.ts";

const shapes = ["M7 1h10l6 6v10l-6 6H7l-6-6V7z", "M12 2l11 20H1z", "M12 1l11 11-11 11L1 12z", "M12 2a10 10 0 1 0 .01 0z"];
const bangs = ["M10.6 5h2.8v9h-2.8zM10.6 16.2h2.8V19h-2.8z", "M10.8 9h2.4v6.6h-2.4zM10.8 17.2h2.4v2.4h-2.4z"];

/** `rank`: place on the tenant's scale, worst 0. An octagon, a triangle, a diamond, a circle: the responder's page has the same. */
export function Severity({
  name,
  rank,
  words = true,
}: {
  readonly name: string;
  readonly rank: number;
  readonly words?: boolean;
}): JSX.Element {
  const step = Math.min(Math.max(rank, 0), 3);
  return (
    <span class={`severity rank-${step}`}>
      <svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true" focusable="false">
        <path d={shapes[step]} fill="currentColor" />
        {bangs[step] !== undefined && <path class="bang" d={bangs[step]} />}
      </svg>
      <span class={words ? "" : "unseen"}>{name}</span>
    </span>
  );
}

const statuses = catalogue<Readonly<Record<IncidentStatus | "snoozed", string>>>({
  en: {
    triggered: "Triggered",
    acknowledged: "Acknowledged",
    snoozed: "Snoozed",
    resolved: "Resolved",
    suppressed: "Suppressed",
    held: "Held",
    merged: "Merged",
  },
  es: {
    triggered: "Activa",
    acknowledged: "Reconocida",
    snoozed: "Aplazada",
    resolved: "Resuelta",
    suppressed: "Suprimida",
    held: "Retenida",
    merged: "Fusionada",
  },
});
const tones = {
  triggered: "bad",
  acknowledged: "look",
  snoozed: "info",
  resolved: "go",
  suppressed: "",
  held: "info",
  merged: "",
} as const;

export function statusName(status: IncidentStatus | "snoozed"): string {
  return said(statuses)[status];
}

export function Status({
  status,
  snoozed = false,
}: {
  readonly status: IncidentStatus;
  readonly snoozed?: boolean;
}): JSX.Element {
  const shown = snoozed ? "snoozed" : status;
  return (
    <span class={`badge ${tones[shown]}`}>
      <span class={`dot ${shown === "triggered" ? "" : "hollow"}`} />
      {statusName(shown)}
    </span>
  );
}

/** The colour that a name always gets, as an angle. */
export function hueOf(name: string): number {
  let hue = 0;
  for (const char of name) hue = (hue * 31 + (char.codePointAt(0) ?? 0)) % 360;
  return hue;
}

/** Initials on a colour that the name always gets. */
export function Avatar({ name }: { readonly name: string }): JSX.Element {
  const hue = hueOf(name);
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => String.fromCodePoint(word.codePointAt(0) ?? 32))
    .join("")
    .toUpperCase();
  return (
    <span class="avatar" style={{ "--hue": String(hue) }} aria-hidden="true">
      {initials}
    </span>
  );
}

export function PersonMark({ name }: { readonly name: string }): JSX.Element {
  return (
    <span class="person">
      <Avatar name={name} />
      <span class="cut">{name}</span>
    </span>
  );
}

const agoWords = catalogue({
  en: { ago: (text: string) => `${text} ago`, now: "just now" },
  es: { ago: (text: string) => `hace ${text}`, now: "ahora mismo" },
});

/** An instant: how long ago, or the date and time; the whole of it, also in `zone`, on pointing. */
export function Moment({
  at,
  as = "date",
  zone = null,
}: {
  readonly at: string;
  readonly as?: "date" | "ago";
  readonly zone?: string | null;
}): JSX.Element {
  const ms = Date.parse(at);
  const other = elsewhere(at, zone);
  const whole = `${dateTime(at)} ${viewerZone}${other === null ? "" : ` (${other})`}`;
  const past = slowly.value - ms;
  const text = as === "date" ? dateTime(at) : past < 45_000 ? said(agoWords).now : said(agoWords).ago(duration(past));
  return (
    <time dateTime={at} title={whole} class="num">
      {text}
      {as === "date" && other !== null && <span class="soft"> · {other}</span>}
    </time>
  );
}

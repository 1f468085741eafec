// Owns what is kept of an alert as word of it arrives: whether it fires, since when, its sender's last word, what it mutes.

import type { ReceivedAlert } from "./event.ts";
import { holdsUntil } from "./expiry.ts";
import type { Actor, AlertRow } from "./incident.ts";
import { limits } from "./limits.ts";
import { putAlert, type Turn } from "./turn.ts";
import { isWrittenBack, senderIn } from "./write-back.ts";

export interface Arrival {
  readonly received: ReceivedAlert;
  readonly key: string;
  readonly row: AlertRow | undefined;
  readonly token: string | null;
  readonly actor: Actor;
}

export function writeAlert(turn: Turn, arrival: Arrival, episode: number, firing: boolean): void {
  const { alert, integration } = arrival.received;
  const { row } = arrival;
  const again = row !== undefined && row.episode === episode;
  putAlert(turn, {
    key: arrival.key,
    episode,
    integration,
    dedupKey: alert.dedupKey,
    title: alert.title,
    severity: alert.severity,
    firing,
    count: again ? row.count + (firing && alert.action === "trigger" ? 1 : 0) : 1,
    firstAt: again ? row.firstAt : turn.now,
    lastAt: turn.now,
    sourceAt: laterOf(row?.sourceAt ?? null, alert.action === "trigger" || alert.action === "resolve" ? alert.sourceAt : null),
    ...(again && row.from !== undefined ? { from: row.from } : {}),
    ...holdsUntil(again ? row : undefined, alert),
    seen:
      arrival.token === null
        ? (row?.seen ?? [])
        : [...(row?.seen ?? []), arrival.token].slice(-limits.incident.seenDeliveriesKept),
    ...((alert.action === "trigger" ? alert : row)?.unreadable === true ? { unreadable: true as const } : {}),
    ...inhibitsOf(arrival),
    ...senderOf(turn, arrival),
  });
}

/** A firing says what it mutes; its end says nothing new. */
function inhibitsOf({ received, row }: Arrival): Pick<AlertRow, "inhibits"> {
  const inhibits = received.alert.action === "trigger" ? received.inhibits : row?.inhibits;
  return inhibits === undefined || inhibits.length === 0 ? {} : { inhibits };
}

/** A firing says how its sender knows it; what else is heard of it says nothing new. */
function senderOf(turn: Turn, { received: { alert, integration }, row }: Arrival): Pick<AlertRow, "sender"> {
  if (alert.action !== "trigger") return row?.sender === undefined ? {} : { sender: row.sender };
  return isWrittenBack(turn, integration, alert.source) ? { sender: senderIn(alert) } : {};
}

function laterOf(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.max(a, b);
}

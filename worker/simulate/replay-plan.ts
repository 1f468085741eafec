// Owns what letting bodies in again would come to, before anybody does it: each alert as it would be read and routed now, what is
// open for it, and whom it would page. Asks objects what is open; changes nothing.

import type { Alert } from "../core/alert.ts";
import { alertIdentity, alertKey, objectName } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import { turnsFrom } from "../core/rehearse.ts";
import { frozenGroup } from "../ingest/grouping.ts";
import type { ReceivedBy } from "../ingest/received.ts";
import { readAgain, type ReadAgain, type WholeBody } from "../ingest/replay-body.ts";
import { admit } from "../objects/descriptor-guard.ts";
import { withLimit } from "../objects/limit.ts";
import { incidentStub } from "../objects/places.ts";
import { simulateAlerts, type SimulatedAlert } from "./simulate.ts";

export interface PlannedAlert {
  readonly simulated: SimulatedAlert;
  readonly action: SimulatedAlert["action"];
  readonly reason: string;
  /** The incident that is open for it now; null: none, or it could not be asked (`unknown`). */
  readonly incident: string | null;
  readonly unknown: boolean;
}

export interface PlannedBody {
  readonly body: WholeBody;
  readonly unreadable: string | null;
  /** What it asks for about an alert, beside firing one; null: nothing. */
  readonly orders: string | null;
  readonly alerts: readonly PlannedAlert[];
}

/** What is open for a dedup key: as asked once, then as the bodies before would leave it. */
interface Standing {
  readonly incident: string | null;
  readonly open: boolean;
  readonly unknown: boolean;
}

/** In the order given. */
export async function planReplay(by: ReceivedBy, bodies: readonly WholeBody[], now: number): Promise<PlannedBody[]> {
  const standing = new Map<string, Standing>();
  const planned: PlannedBody[] = [];
  for (const body of bodies) {
    const read = await readAgain({ ...by, trial: true }, body, now);
    if (read.kind !== "alerts") {
      const [unreadable, orders] = read.kind === "unreadable" ? [read.reason, null] : [null, ordersText(read)];
      planned.push({ body, unreadable, orders, alerts: [] });
      continue;
    }
    const shown = read.alerts.slice(0, limits.received.alertsMax);
    await Promise.all(
      [...new Set(shown.map((alert) => alert.dedupKey))].map(async (key) => {
        if (!standing.has(key)) standing.set(key, await standingOf(by, key, standing.size));
      }),
    );
    const simulated = simulateAlerts({ ...by, turns: turnsFrom([]) }, shown, now);
    planned.push({ body, unreadable: read.others, orders: null, alerts: simulated.map((each) => planOne(each, standing)) });
  }
  return planned;
}

export function ordersText({ orders }: Extract<ReadAgain, { kind: "orders" }>): string {
  return `it asks for this about an alert that is there: ${orders.map(({ kind }) => kind).join(", ")}`;
}

async function standingOf({ env, entry, integration }: ReceivedBy, key: string, asked: number): Promise<Standing> {
  if (asked >= limits.simulate.alertsMax) return { incident: null, open: false, unknown: true };
  try {
    const own = alertIdentity(entry.tenant, entry.jurisdiction, integration.id, key);
    const at = (await frozenGroup(env, own)) ?? own;
    if (!admit(env, objectName(at), Date.now(), 0.5)) return { incident: null, open: false, unknown: true };
    const view = await withLimit(incidentStub(env, at).current(), limits.received.askMs);
    const row = view?.alerts.find((each) => each.key === alertKey(integration.id, key));
    const incident = row === undefined ? null : (view?.episode.id ?? null);
    return { incident, open: row?.firing === true, unknown: false };
  } catch {
    return { incident: null, open: false, unknown: true };
  }
}

function planOne(simulated: SimulatedAlert, standing: Map<string, Standing>): PlannedAlert {
  const { alert } = simulated;
  const { incident, open, unknown } = standing.get(alert.dedupKey) ?? { incident: null, open: false, unknown: true };
  const is = (action: SimulatedAlert["action"], reason: string): PlannedAlert => ({
    simulated,
    action,
    reason,
    incident,
    unknown,
  });
  const leave = (after: boolean): void => void standing.set(alert.dedupKey, { incident, open: after, unknown });
  const planned = wouldBe(alert, { open, incident });
  if (alert.action === "trigger") leave(true);
  if (alert.action === "resolve") leave(false);
  return planned === null ? is(simulated.action, simulated.reason) : is(planned.action, planned.reason);
}

/** Null: as the simulation of an empty world says. */
function wouldBe(
  { action }: Alert,
  { open, incident }: Pick<Standing, "open" | "incident">,
): { readonly action: SimulatedAlert["action"]; readonly reason: string } | null {
  const what = incident === null ? "an alert of a body before it" : incident;
  if (action === "trigger") return open || incident !== null ? { action: "updated", reason: `${what} is open for it` } : null;
  if (action === "resolve") return open ? { action: "resolved", reason: `ends ${what}` } : null;
  if (action === "acknowledge" && open) return { action: "acknowledged", reason: `acknowledges ${what}` };
  return null;
}

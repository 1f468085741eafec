// Owns merging two incidents over HTTP: which object is told first. The target always is: a failure in between leaves both
// open, never an alert that nobody answers for; the same request again goes on from there.

import type { Command, MergedAlert } from "../../core/event.ts";
import type { Actor, Identity } from "../../core/incident.ts";
import { identityOfId } from "../../core/ids.ts";
import { limits } from "../../core/limits.ts";
import { carried } from "../../core/merge.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { callObject } from "../../objects/call.ts";
import { incidentStub } from "../../objects/places.ts";
import type { CommandAnswer, IncidentView } from "../../objects/rpc.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { incidentJson } from "../shapes.ts";
import { actorOf } from "./actor.ts";
import { refusal } from "./commands.ts";
import { identityFor, notFound } from "./incidents.ts";
import { snapshotOf } from "./tenant.ts";

const askMs = limits.api.commandMs;

interface Party {
  readonly identity: Identity;
  readonly incident: string;
}

export const merge: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const child = identityFor(call, snapshot);
  const target = targetOf(call, snapshot, String(call.body["into"]));
  const actor = actorOf(call, snapshot);
  const commandId = typeof call.body["commandId"] === "string" ? call.body["commandId"] : null;
  const view = await viewOf(call, child);
  if (view.episode.status === "merged" && view.episode.mergedInto === target.incident) return answered(call, child, true);
  if (view.episode.status === "merged" || view.episode.status === "resolved")
    throw new ApiError("conflict", `an incident that is ${view.episode.status} cannot be merged`, {
      legal: [],
      incidentStatus: view.episode.status,
    });
  const command: Command = {
    kind: "absorb",
    child: child.incident,
    title: view.episode.title,
    severity: view.episode.severity,
    quiet: view.episode.status === "held" || view.episode.status === "suppressed",
    alerts: view.alerts.map(carried),
  };
  const taken = await tell(call, target, command, actor, null);
  if (taken.kind === "refused") {
    if (taken.code === "not-found")
      throw new ApiError("invalid", "into: there is no such incident", at("there is no such incident"));
    throw new ApiError("conflict", `the incident to merge into: ${taken.message}`, { legal: [], incidentStatus: taken.status });
  }
  const merged = await tell(call, child, { kind: "merge", into: target.incident }, actor, commandId);
  if (merged.kind === "refused") {
    await tell(call, target, { kind: "release", child: child.incident }, actor, null);
    throw refusal(merged);
  }
  return answered(call, child, merged.already);
};

export const unmerge: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const child = identityFor(call, snapshot);
  const actor = actorOf(call, snapshot);
  const commandId = typeof call.body["commandId"] === "string" ? call.body["commandId"] : null;
  const { episode } = await viewOf(call, child);
  const into = episode.status === "merged" ? (episode.mergedInto ?? null) : null;
  const identity = into === null ? null : identityOfId(snapshot.tenant, snapshot.jurisdiction, into);
  let alerts: readonly MergedAlert[] = [];
  if (into !== null && identity !== null) {
    const released = await tell(call, { identity, incident: into }, { kind: "release", child: child.incident }, actor, null);
    // The target may be over and forgotten: the child then goes on with what it knew.
    if (released.kind === "done") alerts = released.alerts ?? [];
  }
  const taken = await tell(call, child, { kind: "unmerge", alerts }, actor, commandId);
  if (taken.kind === "refused") throw refusal(taken);
  return answered(call, child, taken.already);
};

function targetOf(call: Call, snapshot: Snapshot, into: string): Party {
  if (into === call.params["incident"])
    throw new ApiError(
      "invalid",
      "into: an incident cannot be merged into itself",
      at("an incident cannot be merged into itself"),
    );
  const identity = identityOfId(snapshot.tenant, snapshot.jurisdiction, into);
  if (identity === null) throw new ApiError("invalid", "into: there is no such incident", at("there is no such incident"));
  return { identity, incident: into };
}

function at(message: string) {
  return { errors: [{ in: "body", path: "into", message }] };
}

async function viewOf(call: Call, { identity, incident }: Party): Promise<IncidentView> {
  const view = await callObject(() => incidentStub(call.env, identity).view(incident), askMs);
  if (view === null) throw notFound();
  return view;
}

function tell(call: Call, party: Party, command: Command, actor: Actor, commandId: string | null): Promise<CommandAnswer> {
  const input = { v: 1 as const, ...party, commandId, actor, command, roster: null };
  return callObject(() => incidentStub(call.env, party.identity).command(input), askMs);
}

async function answered(call: Call, party: Party, already: boolean): Promise<Response> {
  return call.c.json({ ...incidentJson(await viewOf(call, party), call.now), already });
}

// Owns the actions on an incident: body to command, refusal to problem. What is legal is the core's table.

import { parseDuration } from "../../core/duration.ts";
import { limits } from "../../core/limits.ts";
import { policyClosure } from "../../core/policy-closure.ts";
import type { Command } from "../../core/event.ts";
import { rosterFor, type Roster } from "../../core/roster.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { callObject } from "../../objects/call.ts";
import { incidentStub } from "../../objects/places.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { incidentJson, isoOrNull } from "../shapes.ts";
import { actorOf } from "./actor.ts";
import { identityFor, notFound } from "./incidents.ts";
import { snapshotOf } from "./tenant.ts";

const askMs = limits.api.commandMs;

type Made = { readonly command: Command; readonly users?: readonly string[] };

function act(make: (call: Call, snapshot: Snapshot) => Made): Handler {
  return async (call) => {
    const snapshot = await snapshotOf(call);
    const { identity, incident } = identityFor(call, snapshot);
    const made = make(call, snapshot);
    const commandId = typeof call.body["commandId"] === "string" ? call.body["commandId"] : null;
    const input = {
      v: 1 as const,
      identity,
      incident,
      commandId,
      actor: actorOf(call, snapshot),
      command: made.command,
      roster: rosterOf(made, snapshot),
    };
    const answer = await callObject(() => incidentStub(call.env, identity).command(input), askMs);
    if (answer.kind === "refused") throw refusal(answer);
    const view = await callObject(() => incidentStub(call.env, identity).view(incident), askMs);
    if (view === null) throw notFound();
    return call.c.json({ ...incidentJson(view, call.now), already: answer.already });
  };
}

/** People a command brings in come with it: the incident's own slice may not know them. */
function rosterOf({ command, users }: Made, snapshot: Snapshot): Roster | null {
  if (command.kind === "reassign" && "policy" in command.to)
    return rosterFor(snapshot, { policy: command.to.policy, policies: Object.values(command.to.policies ?? {}), users: [] });
  return users === undefined ? null : rosterFor(snapshot, { policy: null, users });
}

export function refusal(answer: {
  readonly code: string;
  readonly message: string;
  readonly legal: readonly string[];
  readonly status: string | null;
  readonly by: string | null;
  readonly since?: number | null;
}): ApiError {
  if (answer.code === "not-found") return notFound();
  if (answer.code === "invalid")
    return new ApiError("invalid", answer.message, { errors: [{ in: "body", path: "", message: answer.message }] });
  return new ApiError("conflict", answer.message, {
    reason: answer.code,
    legal: answer.legal,
    incidentStatus: answer.status,
    by: answer.by,
    since: isoOrNull(answer.since ?? null),
  });
}

function invalid(path: string, message: string): ApiError {
  return new ApiError("invalid", `${path}: ${message}`, { errors: [{ in: "body", path, message }] });
}

export const ack = act(({ body }) => ({
  command: { kind: "ack", ...(typeof body["epoch"] === "number" ? { epoch: body["epoch"] } : {}) },
}));
export const unack = act(({ body }) => ({ command: { kind: "unack", undo: body["undo"] === true } }));
export const resolve = act(({ body }) => ({
  command: { kind: "resolve", reason: typeof body["reason"] === "string" ? body["reason"] : null },
}));
export const reopen = act(({ body }) => ({ command: { kind: "reopen", undo: body["undo"] === true } }));
export const escalate = act(() => ({ command: { kind: "escalate", seenAt: null } }));
export const severity = act(({ body }) => ({ command: { kind: "severity", severity: String(body["severity"]) } }));
export const note = act(({ body }) => ({ command: { kind: "note", text: String(body["text"]) } }));

export const snooze = act(({ body, now }) => {
  if ((body["for"] === undefined) === (body["until"] === undefined))
    throw invalid("for", "give either `for` (a duration) or `until` (an instant)");
  if (typeof body["until"] === "number") return { command: { kind: "snooze", until: body["until"] } };
  const forMs = parseDuration(String(body["for"]));
  if (forMs === null) throw invalid("for", "a duration is a number and a unit: 30m, 4h, 1d");
  return { command: { kind: "snooze", until: now + forMs } };
});

export const reassign = act(({ body }, snapshot) => {
  const { user, policy } = body;
  if ((user === undefined) === (policy === undefined)) throw invalid("user", "give either `user` or `policy`");
  if (typeof user === "string") {
    if (!snapshot.users[user]?.active) throw invalid("user", `nobody active is called ${user}`);
    return { command: { kind: "reassign", to: { user } }, users: [user] };
  }
  const found = snapshot.policies[String(policy)];
  if (!found) throw invalid("policy", `no policy is called ${String(policy)}`);
  return { command: { kind: "reassign", to: { policy: found, policies: policyClosure([found], snapshot.policies) } } };
});

export const responders = act(({ body }, snapshot) => {
  const users = body["users"] as string[];
  const unknown = users.filter((id) => !snapshot.users[id]?.active);
  if (unknown.length > 0) throw invalid("users", `nobody active is called ${unknown.join(", ")}`);
  return { command: { kind: "responders", users, message: String(body["message"]) }, users };
});

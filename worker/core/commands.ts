// Owns what a person's command does to the incident. Legality is moves.ts; repeats of a command are answered, not redone.

import { assignTo, enterStep, nextStep, rewave, startLadder, stopEverything } from "./escalation.ts";
import { runOut } from "./lapse.ts";
import { ownLadder } from "./ladder.ts";
import type { Command, Event, Reply } from "./event.ts";
import { identityOfId } from "./ids.ts";
import type { Actor, Episode } from "./incident.ts";
import { acknowledgeBy, ackTimeoutFrom, isPerson, seenBy } from "./lifecycle.ts";
import { limits } from "./limits.ts";
import { absorb, mergeInto, release, unmerge } from "./merge.ts";
import { legalMoves, stateOf } from "./moves.ts";
import { cancelOutstanding, startRun } from "./paging.ts";
import { lookedAt, promote } from "./quiet.ts";
import type { Roster } from "./roster.ts";
import { change, episodeOf, isOpen, say, type Turn } from "./turn.ts";
import { resolveBy, undoAcknowledge, undoResolve } from "./undo.ts";
import { lookedAtUnread } from "./unread.ts";
import { riseUnseen } from "./urgency-rise.ts";

type CommandEvent = Extract<Event, { type: "command" }>;
type Refused = Extract<Reply, { kind: "refused" }>;

export function command(turn: Turn, event: CommandEvent): Reply {
  const episode = turn.episode;
  if (episode === null) return refuse(null, "not-found", "there is no such incident");
  if (episode.id !== event.incident) {
    const ours = identityOfId(turn.before.identity.tenant, turn.before.identity.jurisdiction, event.incident);
    const older = ours?.hash === turn.before.identity.hash && event.incident < episode.id;
    return older
      ? refuse(episode, "closed", "this incident is closed; the same problem has come back as a newer one")
      : refuse(null, "not-found", "there is no such incident");
  }
  if (event.commandId !== null && episode.commands.includes(event.commandId)) return done(turn, true);
  if (repeated(episode, event)) return done(turn, true);
  // An acknowledgment that lay somewhere is for what its person saw, not for a wave that began while they slept.
  if (event.command.kind === "ack" && isOpen(episode) && (event.command.epoch ?? episode.epoch) !== episode.epoch)
    return refuse(episode, "stale", "paging has begun anew since you saw it; look again");
  if (event.command.kind === "ack" && seenBy(turn, event.actor)) return done(turn, false);
  if (event.command.kind === "release") return { ...done(turn, false), alerts: release(turn, event.command.child, event.actor) };
  if (!mayTake(episode, event.command)) return illegal(episode, event.command);
  if (event.roster !== null) turn.roster = mergeRoster(turn.roster, event.roster);
  const refused = apply(turn, event.command, event.actor);
  if (refused !== null) return refused;
  // Whoever does something about it has looked at it, and the next re-open pages again.
  if (looks(event.command)) change(turn, lookedAt(episodeOf(turn)));
  if (event.commandId !== null) {
    change(turn, { commands: [...episodeOf(turn).commands, event.commandId].slice(-limits.incident.commandsRemembered) });
  }
  return done(turn, false);
}

function looks(cmd: Command): boolean {
  return !["note", "severity", "amend"].includes(cmd.kind) && !(cmd.kind === "reopen" && cmd.undo === true);
}

/** Another incident's alerts, and a source's new words, are taken in by any open incident; everything else is by the table. */
function mayTake(episode: Episode, cmd: Exclude<Command, { kind: "release" }>): boolean {
  return cmd.kind === "absorb" || cmd.kind === "amend" ? isOpen(episode) : legalMoves[stateOf(episode)].includes(cmd.kind);
}

/** Asking for what is so already is no error: the same person acknowledging twice, resolving the resolved. */
function repeated(episode: Episode, event: CommandEvent): boolean {
  if (event.command.kind === "ack")
    return episode.status === "acknowledged"
      ? episode.acknowledgedBy === event.actor.id
      : (episode.acks?.includes(event.actor.id) ?? false);
  if (event.command.kind === "merge") return episode.status === "merged" && episode.mergedInto === event.command.into;
  return event.command.kind === "resolve" && episode.status === "resolved";
}

function apply(turn: Turn, cmd: Exclude<Command, { kind: "release" }>, actor: Actor): Refused | null {
  const episode = episodeOf(turn);
  switch (cmd.kind) {
    case "ack":
      acknowledgeBy(turn, actor);
      return null;
    case "unack":
      return unacknowledge(turn, cmd.undo, actor);
    case "resolve":
      resolveBy(turn, actor, cmd.reason);
      return null;
    case "reopen":
      return cmd.undo ? takeResolveBack(turn, actor) : reopen(turn, actor);
    case "snooze":
      return snooze(turn, cmd.until, actor);
    case "escalate":
      return escalate(turn, cmd.seenAt, actor);
    case "reassign":
      return reassign(turn, cmd.to, actor);
    case "responders":
      return responders(turn, cmd.users, cmd.message, actor);
    case "severity":
      if (!episode.decision.severities.includes(cmd.severity))
        return refuse(episode, "invalid", `severity must be one of ${episode.decision.severities.join(", ")}`);
      change(turn, { severity: cmd.severity });
      say(turn, "severity", actor, `severity set from ${episode.severity} to ${cmd.severity}`, {
        from: episode.severity,
        to: cmd.severity,
      });
      return null;
    case "note":
      return note(turn, cmd.text, actor);
    case "amend":
      amend(turn, cmd, actor);
      return null;
    case "merge":
      if (cmd.into === episode.id) return refuse(episode, "invalid", "an incident cannot be merged into itself");
      mergeInto(turn, cmd.into, actor);
      return null;
    case "unmerge":
      unmerge(turn, cmd.alerts, actor);
      return null;
    case "absorb": {
      const problem = absorb(turn, { ...cmd, incident: cmd.child }, actor);
      return problem === null ? null : refuse(episode, "invalid", problem);
    }
  }
}

function unacknowledge(turn: Turn, undo: boolean, actor: Actor): Refused | null {
  const episode = episodeOf(turn);
  if (undo) {
    return undoAcknowledge(turn, actor)
      ? null
      : refuse(
          episode,
          "stale",
          `the ${limits.escalation.undoMs / 1_000} s for an undo are over; un-acknowledge instead, which pages again`,
        );
  }
  say(turn, "unacknowledged", actor, `${actor.id} gave it back: paging again from step ${episode.ladder.step + 1}`, {
    by: episode.acknowledgedBy,
    step: episode.ladder.step + 1,
  });
  rewave(turn, episode.ladder.step, []);
  return null;
}

function takeResolveBack(turn: Turn, actor: Actor): Refused | null {
  const problem = undoResolve(turn, actor);
  return problem === null ? null : refuse(episodeOf(turn), "stale", problem);
}

function reopen(turn: Turn, actor: Actor): null {
  const episode = episodeOf(turn);
  change(turn, {
    status: "triggered",
    undo: null,
    epoch: episode.epoch + 1,
    resolvedAt: null,
    resolvedBy: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    suppressedBy: null,
    autoResolveAt: episode.decision.autoResolveMs === null ? null : turn.now + episode.decision.autoResolveMs,
  });
  runOut(turn);
  say(turn, "reopened", actor, `re-opened by ${actor.id}`, {});
  riseUnseen(turn);
  startLadder(turn);
  return null;
}

function snooze(turn: Turn, until: number, actor: Actor): Refused | null {
  const episode = episodeOf(turn);
  const forMs = until - turn.now;
  if (forMs < limits.escalation.snoozeMsMin || forMs > limits.escalation.snoozeMsMax) {
    return refuse(episode, "invalid", "a snooze lasts from 1 minute to 7 days");
  }
  const holder = episode.acknowledgedBy ?? actor.id;
  const cancelled = cancelOutstanding(turn);
  change(turn, {
    status: "acknowledged",
    acknowledgedBy: holder,
    acknowledgedAt: episode.acknowledgedAt ?? turn.now,
    ackTimeoutAt: null,
    snoozedUntil: until,
    undo: null,
    runs: [],
    acks: [],
    ...lookedAtUnread(turn, Math.min(forMs, limits.unreadable.snoozeHoldsMs)),
  });
  stopEverything(turn);
  const unreadUntil = episodeOf(turn).unread?.until ?? until;
  const but =
    unreadUntil < until ? `; further bodies that nobody can read page again from ${new Date(unreadUntil).toISOString()} on` : "";
  say(turn, "snoozed", actor, `snoozed until ${new Date(until).toISOString()}${but}`, {
    until,
    cancelled: cancelled.length,
    ...(but === "" ? {} : { unreadUntil }),
  });
  return null;
}

function escalate(turn: Turn, seenAt: number | null, actor: Actor): Refused | null {
  const episode = episodeOf(turn);
  const { ladder, status } = episode;
  if (seenAt !== null && status === "triggered" && ladder.enteredAt > seenAt) {
    return refuse(episode, "stale", `the incident has moved on to step ${ladder.step + 1} since this page was made; look again`);
  }
  if (status === "held" || status === "suppressed") {
    promote(turn, actor, `${actor.id} wants people paged for it`, { code: "asked-for", by: actor.id });
    return null;
  }
  say(turn, "escalated", actor, `${actor.id} asks for the next level now`, { from: ladder.step + 1 });
  if (status === "acknowledged") {
    const next = Math.min(ladder.step + 1, Math.max(0, (episode.decision.policy?.steps.length ?? 1) - 1));
    rewave(turn, next, []);
  } else if (ladder.phase === "direct") enterStep(turn, ownLadder, { step: ladder.step, round: ladder.round });
  else if (ladder.phase === "picking" && ladder.entering) enterStep(turn, ownLadder, { ...ladder.entering, picks: {} });
  else if (ladder.phase === "step" || ladder.phase === "stopped") nextStep(turn, ownLadder);
  // Everybody was paged already: begin again rather than refuse somebody who asks for help.
  else enterStep(turn, ownLadder, { step: 0, round: ladder.round + 1 });
  return null;
}

function reassign(turn: Turn, to: Extract<Command, { kind: "reassign" }>["to"], actor: Actor): Refused | null {
  const episode = episodeOf(turn);
  if ("user" in to && !turn.roster?.people[to.user]?.active)
    return refuse(episode, "invalid", `nobody active is called ${to.user}`);
  if ("policy" in to && to.policy === null) return refuse(episode, "invalid", "there is no such policy");
  cancelOutstanding(turn);
  change(turn, {
    status: "triggered",
    epoch: episode.epoch + 1,
    acknowledgedBy: null,
    acknowledgedAt: null,
    ackTimeoutAt: null,
    snoozedUntil: null,
    holdUntil: null,
    suppressedBy: null,
    undo: null,
    runs: [],
    acks: [],
    beside: [],
  });
  if ("user" in to) {
    say(
      turn,
      "reassigned",
      actor,
      `${actor.id} gives it to ${to.user}; back to the policy in ${limits.escalation.directTimeoutMs / 60_000} min if not acknowledged`,
      { user: to.user, backAfterMs: limits.escalation.directTimeoutMs },
    );
    assignTo(turn, to.user, actor);
  } else if (to.policy !== null) {
    const ackTimeoutMs = to.policy.ackTimeoutMs === undefined ? episode.decision.ackTimeoutMs : to.policy.ackTimeoutMs;
    const policies = { ...episode.decision.policies, ...to.policies };
    change(turn, { decision: { ...episode.decision, policy: to.policy, also: [], policies, ackTimeoutMs } });
    say(turn, "reassigned", actor, `${actor.id} gives it to policy ${to.policy.id}`, { policy: to.policy.id });
    startLadder(turn);
  }
  return null;
}

/** Calls people in without changing who owns it or where the ladder stands. */
function responders(turn: Turn, users: readonly string[], message: string, actor: Actor): Refused | null {
  const episode = episodeOf(turn);
  const unknown = users.filter((id) => !turn.roster?.people[id]?.active);
  if (unknown.length > 0) return refuse(episode, "invalid", `nobody active is called ${unknown.join(", ")}`);
  const unreachable: string[] = [];
  for (const id of users) {
    const person = turn.roster?.people[id];
    const text = `asked for by ${actor.id}${message ? `: ${message}` : ""}`;
    const why = { code: "asked-for", by: actor.id, message };
    const reason = { policy: null, step: 0, round: 1, via: `asked for by ${actor.id}`, text, why };
    if (person && !startRun(turn, { person, contact: null, via: reason.via, why }, { part: "aside", reason }))
      unreachable.push(id);
  }
  if (unreachable.length === users.length)
    return refuse(episode, "invalid", `${unreachable.join(", ")} cannot be reached by any contact`);
  say(turn, "responders", actor, `${actor.id} calls in ${users.join(", ")}${message ? `: ${message}` : ""}`, {
    users,
    unreachable,
    message,
  });
  return null;
}

/** A note shows that somebody is at work: the acknowledgment's time starts anew (features.md §4.4). */
function note(turn: Turn, text: string, actor: Actor): Refused | null {
  const episode = episodeOf(turn);
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > limits.incident.noteCharsMax) {
    return refuse(episode, "invalid", `a note has 1 to ${limits.incident.noteCharsMax} characters`);
  }
  if (episode.status === "acknowledged" && episode.ackTimeoutAt !== null)
    change(turn, { ackTimeoutAt: ackTimeoutFrom(episode, turn.now) });
  // A machine that writes a note has looked at nothing.
  if (episode.status === "acknowledged" && episode.snoozedUntil === null && isPerson(actor))
    change(turn, lookedAtUnread(turn, limits.unreadable.ackHoldsMs));
  say(turn, "note", actor, trimmed, {});
  return null;
}

/** What routes and people have made of the incident stays; the same words again change nothing and are not written down. */
function amend(turn: Turn, { title, body, labels }: Extract<Command, { kind: "amend" }>, actor: Actor): void {
  const episode = episodeOf(turn);
  const merged = Object.entries({ ...episode.labels, ...labels }).filter(([, value]) => value !== null);
  const next = {
    title: title ?? episode.title,
    body: body ?? episode.body,
    labels: Object.fromEntries(merged.slice(0, limits.alert.labelsMax)) as Record<string, string>,
  };
  const changed = [
    ...(next.title === episode.title ? [] : [`title: ${next.title}`]),
    ...(next.body === episode.body ? [] : ["a new description"]),
    ...Object.entries(labels ?? {}).flatMap(([name, value]) =>
      (episode.labels[name] ?? null) === value ? [] : [value === null ? `without ${name}` : `${name}: ${value}`],
    ),
  ];
  if (changed.length === 0) return;
  change(turn, next);
  say(turn, "alert", actor, `its source says now: ${changed.join(", ")}`.slice(0, limits.incident.noteCharsMax), {
    amended: true,
  });
}

/** What a command brings is about the people it names alone; whatever else was known (the policy's schedules) stays known. */
function mergeRoster(present: Roster | null, incoming: Roster): Roster {
  if (present === null) return incoming;
  const newer = incoming.version >= present.version ? incoming : present;
  const older = newer === incoming ? present : incoming;
  return {
    ...newer,
    people: { ...older.people, ...newer.people },
    teams: { ...older.teams, ...newer.teams },
    notifiers: { ...older.notifiers, ...newer.notifiers },
    ...((newer.schedules ?? older.schedules) ? { schedules: { ...older.schedules, ...newer.schedules } } : {}),
    ...((newer.businessHours ?? older.businessHours)
      ? { businessHours: { ...older.businessHours, ...newer.businessHours } }
      : {}),
    ...((newer.quiet ?? older.quiet) ? { quiet: newer.quiet ?? older.quiet } : {}),
  };
}

function done(turn: Turn, already: boolean): Extract<Reply, { kind: "done" }> {
  const episode = episodeOf(turn);
  const by = episode.status === "resolved" ? (episode.resolvedBy?.id ?? null) : episode.acknowledgedBy;
  return {
    kind: "done",
    incident: episode.id,
    status: episode.status,
    already,
    since: episode.resolvedAt ?? episode.acknowledgedAt,
    by,
  };
}

function illegal(episode: Episode, cmd: Command): Refused {
  const state = stateOf(episode);
  const holder = episode.acknowledgedBy;
  if (state === "merged")
    return refuse(episode, "closed", `it was merged into ${episode.mergedInto ?? "another incident"}; act there`);
  if (state === "resolved" && cmd.kind !== "unack")
    return refuse(episode, "closed", "the incident is resolved; re-open it to go on");
  if (cmd.kind === "reopen" && cmd.undo)
    return refuse(episode, "stale", `it is ${state}, not resolved: there is nothing to take back`);
  if (cmd.kind === "ack" && holder !== null) return refuse(episode, "illegal", `${holder} has it; reassign it to take it over`);
  return refuse(episode, "illegal", `an incident that is ${state} cannot be ${past[cmd.kind]}`);
}

const past: Readonly<Record<Command["kind"], string>> = {
  ack: "acknowledged",
  unack: "un-acknowledged",
  resolve: "resolved",
  reopen: "re-opened",
  snooze: "snoozed",
  escalate: "escalated",
  reassign: "reassigned",
  responders: "given responders",
  severity: "given another severity",
  note: "noted on",
  merge: "merged into another",
  unmerge: "taken out of another",
  absorb: "merged with another",
  amend: "worded anew",
  release: "given back",
};

function refuse(episode: Episode | null, code: Refused["code"], message: string): Refused {
  return {
    kind: "refused",
    code,
    message,
    legal: episode === null ? [] : legalMoves[stateOf(episode)],
    status: episode?.status ?? null,
    by: episode === null ? null : episode.status === "resolved" ? (episode.resolvedBy?.id ?? null) : episode.acknowledgedBy,
    since: episode === null ? null : (episode.resolvedAt ?? episode.acknowledgedAt),
  };
}

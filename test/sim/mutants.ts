// Owns the planted bugs: each replaces a part of the program by a plausible mistake. The simulator must catch every one.

import type { Alert } from "../../worker/core/alert.ts";
import type { Event, StepResult } from "../../worker/core/event.ts";
import type { AlertRow, Delivery, IncidentState } from "../../worker/core/incident.ts";
import type { Policy } from "../../worker/core/snapshot.ts";
import type { Post } from "../../worker/core/post.ts";
import { step } from "../../worker/core/step.ts";
import { nextWake } from "../../worker/core/wake.ts";
import type { Program } from "./machine.ts";
import { onCallByHand } from "./oncall.ts";
import { soundProgram } from "./run.ts";

type Change = (before: IncidentState, event: Event, now: number, result: StepResult) => StepResult;

function after(change: Change): Program {
  return { ...soundProgram, step: (state, event, now) => change(state, event, now, step(state, event, now)) };
}

function withDeliveries(result: StepResult, edit: (delivery: Delivery) => Delivery): StepResult {
  const deliveries = Object.fromEntries(Object.entries(result.state.deliveries).map(([id, d]) => [id, edit(d)]));
  return { ...result, state: { ...result.state, deliveries } };
}

/** Marks the row sent, then sends; takes it back when the provider refuses. */
const markSentBeforeSend: Program = {
  ...soundProgram,
  step(state, event, now) {
    const reverted =
      event.type === "result" && event.outcome.status !== "accepted"
        ? withDeliveries({ state, entries: [], sends: [], picks: [], reply: { kind: "none" } }, (d) =>
            d.id === event.delivery && d.attempt === event.attempt && d.status === "accepted"
              ? { ...d, status: "sending" as const, leaseUntil: now }
              : d,
          ).state
        : state;
    const result = step(reverted, event, now);
    const claimed = new Set(result.sends.map((send) => send.delivery));
    return withDeliveries(result, (d) => (claimed.has(d.id) ? { ...d, status: "accepted", leaseUntil: null } : d));
  },
};

/** Arms the alarm for the plan only, not for the end of a claim's lease. */
const noPreArm: Program = {
  ...soundProgram,
  nextWake: (state) =>
    nextWake({
      ...state,
      deliveries: Object.fromEntries(Object.entries(state.deliveries).filter(([, d]) => d.status !== "sending")),
    }),
};

/** Does not look again right before the request leaves. */
const sendsAfterAck: Program = { ...soundProgram, asksBeforeSend: false };

/** An acknowledgment forgets what is being sent at that moment; the lease brings it back. */
const resendsClaimAfterAck = after((before, event, _now, result) => {
  if (event.type !== "command" || event.command.kind !== "ack" || result.reply.kind !== "done" || result.reply.already)
    return result;
  return withDeliveries(result, (d) => {
    const was = before.deliveries[d.id];
    return was?.status === "sending" && d.status === "cancelled" ? was : d;
  });
});

/** Steps that reach nobody are passed over without a word. */
const forgetsSkippedStep = after((_before, _event, _now, result) => ({
  ...result,
  entries: result.entries.filter((entry) => entry.kind !== "step-empty"),
}));

/** A result is recorded whichever try it belongs to. */
const lateResultOverwrites: Program = {
  ...soundProgram,
  step(state, event, now) {
    const attempt = event.type === "result" ? state.deliveries[event.delivery]?.attempt : undefined;
    return step(state, event.type === "result" && attempt !== undefined ? { ...event, attempt } : event, now);
  },
};

/** The next step's time counts from when the last one should have been, not from when it was. */
const chainsDueTimes = after((before, event, now, result) => {
  const [was, is] = [before.episode, result.state.episode];
  if (event.type !== "wake" || !was || !is || was.ladder.dueAt === null || is.ladder.dueAt === null) return result;
  if (was.ladder.step === is.ladder.step && was.ladder.round === is.ladder.round) return result;
  const ladder = { ...is.ladder, dueAt: was.ladder.dueAt + (is.ladder.dueAt - now) };
  return { ...result, state: { ...result.state, episode: { ...is, ladder } } };
});

/** Gives up on the whole step when one send fails for a while. */
const forgetsRetry = after((_before, event, _now, result) => {
  if (event.type !== "result" || event.outcome.status !== "retry") return result;
  return withDeliveries(result, (d) =>
    d.id === event.delivery && d.status === "pending" ? { ...d, status: "cancelled", nextAt: null } : d,
  );
});

/** The first acknowledgment is enough, however many the step asks for. */
const oneAckIsEnough = rewritten((policy) => ({
  ...policy,
  steps: policy.steps.map(({ acksRequired: _asked, ...step }) => step),
}));

/** An acknowledgment stops the way up, whatever the step waits for. */
const ackStopsAll = rewritten((policy) => ({ ...policy, steps: policy.steps.map(({ until: _until, ...step }) => step) }));

/** The program is shown another policy than the one the incident keeps. */
function rewritten(edit: (policy: Policy) => Policy): Program {
  return {
    ...soundProgram,
    step(state, event, now) {
      const kept = state.episode?.decision;
      if (!state.episode || !kept?.policy || event.type !== "command" || event.command.kind !== "ack")
        return step(state, event, now);
      const shown = { ...state, episode: { ...state.episode, decision: { ...kept, policy: edit(kept.policy) } } };
      const result = step(shown, event, now);
      return result.state.episode
        ? { ...result, state: { ...result.state, episode: { ...result.state.episode, decision: kept } } }
        : result;
    },
  };
}

/** A mute's end is not among the times the alarm is armed for. */
const forgetsMuteEnd: Program = {
  ...soundProgram,
  nextWake: (state) => nextWake(state.episode === null ? state : { ...state, episode: { ...state.episode, mutes: [] } }),
};

/** A quiet incident stays quiet whatever joins it. */
const swallowsLoudAlert = after((before, event, _now, result) => {
  const [was, is] = [before.episode, result.state.episode];
  if (event.type !== "receive" || was?.status !== "suppressed" || is?.status !== "triggered") return result;
  return { ...result, state: { ...result.state, episode: { ...was, seq: is.seq }, deliveries: before.deliveries }, sends: [] };
});

/** Pages who was on call when the incident opened. */
const remembersWhoWasOnCall: Program = {
  ...soundProgram,
  step(state, event, now) {
    const opened = state.episode?.openedAt;
    const roster = state.roster;
    if (event.type !== "wake" || opened === undefined || !roster?.schedules) return step(state, event, now);
    // As if the clock of every rotation stood still: the same people as then, whatever time it is.
    const frozen = Object.fromEntries(
      Object.entries(roster.schedules).map(([id, schedule]) => [
        id,
        { ...schedule, layers: [], overrides: [], fallback: onCallByHand(schedule, opened) },
      ]),
    );
    const result = step({ ...state, roster: { ...roster, schedules: frozen } }, { ...event, roster: null }, now);
    return { ...result, state: { ...result.state, roster } };
  },
};

/** Connectors are told only as long as the incident is open. */
const dropsPostsAtEnd = after((before, _event, _now, result) => {
  if (before.episode?.status === "resolved" || result.state.episode?.status !== "resolved") return result;
  return withPosts(result, (post) => (post.status === "pending" ? { ...post, status: "failed", nextAt: null } : post));
});

/** A post that must wait lets the next one pass. */
const overtakes = after((before, event, now, result) => {
  if (event.type !== "result" || event.outcome.status !== "retry") return result;
  const waits = before.posts[event.delivery];
  const next = Object.values(result.state.posts).find(
    (post) => post.connector === waits?.connector && post.status === "pending" && post.attempt === 0,
  );
  if (!next) return result;
  const sent = withPosts(result, (post) =>
    post.id === next.id ? { ...post, status: "sending", attempt: 1, nextAt: null, leaseUntil: now + 15_000 } : post,
  );
  return { ...sent, sends: [...sent.sends, { delivery: next.id, attempt: 1, lookup: false }] };
});

/** Arms no alarm for a post that is being sent. */
const noPreArmForPosts: Program = {
  ...soundProgram,
  nextWake: (state) =>
    nextWake({
      ...state,
      posts: Object.fromEntries(Object.entries(state.posts).filter(([, post]) => post.status !== "sending")),
    }),
};

function withPosts(result: StepResult, edit: (post: Post) => Post): StepResult {
  const posts = Object.fromEntries(Object.entries(result.state.posts).map(([id, post]) => [id, edit(post)]));
  return { ...result, state: { ...result.state, posts } };
}

/** Service levels are not among the times the alarm is armed for. */
const forgetsServiceLevels: Program = {
  ...soundProgram,
  nextWake: (state) => nextWake(state.episode === null ? state : { ...state, episode: { ...state.episode, sla: null } }),
};

/** A clock runs on through the states it should stand still in. */
const countsPauses: Program = {
  ...soundProgram,
  step(state, event, now) {
    const sla = state.episode?.sla;
    if (!state.episode || !sla) return step(state, event, now);
    return step({ ...state, episode: { ...state.episode, sla: { ...sla, spells: [] } } }, event, now);
  },
};

/** After downtime only the latest stage is remembered as given: the others come again. */
const warnsTwice = after((_before, _event, _now, result) => {
  const sla = result.state.episode?.sla;
  if (!result.state.episode || !sla) return result;
  const clocks = sla.clocks.map((clock) => ({ ...clock, warned: clock.warned.slice(-1) }));
  return { ...result, state: { ...result.state, episode: { ...result.state.episode, sla: { ...sla, clocks } } } };
});

/** The hour that makes it urgent passes unseen. */
const staysLow: Program = {
  ...soundProgram,
  nextWake: (state) =>
    nextWake(state.episode === null ? state : { ...state, episode: { ...state.episode, urgencyRisesAt: null } }),
};

/** What an alert's source said of its end is not among the times the alarm is armed for. */
const forgetsExpiry: Program = {
  ...soundProgram,
  nextWake: (state) => nextWake(withRows(state, (row) => ({ ...row, expiresAt: null }))),
};

/** A repeat leaves the end where the first word set it. */
const neverRenews = after((before, event, _now, result) => {
  if (event.type !== "receive") return result;
  const kept = withRows(result.state, (row) => {
    const was = before.alerts[row.key];
    return was?.firing && row.firing && was.episode === row.episode ? { ...row, expiresAt: was.expiresAt ?? null } : row;
  });
  return { ...result, state: kept };
});

/** One alert that has run out is taken for all of them. */
const lapsesTogether = after((before, event, now, result) => {
  const n = result.state.episode?.n;
  const ran = (row: AlertRow): boolean => before.alerts[row.key]?.firing === true && !row.firing && row.episode === n;
  if (event.type !== "wake" || !Object.values(result.state.alerts).some(ran)) return result;
  return {
    ...result,
    state: withRows(result.state, (row) => (row.episode === n && row.firing ? { ...row, firing: false, lastAt: now } : row)),
  };
});

function withRows(state: IncidentState, edit: (row: AlertRow) => AlertRow): IncidentState {
  return { ...state, alerts: Object.fromEntries(Object.entries(state.alerts).map(([key, row]) => [key, edit(row)])) };
}

function takesBack(event: Event): boolean {
  return event.type === "command" && event.command.kind === "reopen" && event.command.undo === true;
}

/** An end that is taken back leaves what it interrupted where it was. */
const forgetsInterrupted = after((before, event, _now, result) => {
  if (!takesBack(event) || before.episode?.status !== "resolved" || result.state.episode?.status === "resolved") return result;
  return withDeliveries(result, (d) => (before.deliveries[d.id]?.status === "cancelled" ? (before.deliveries[d.id] ?? d) : d));
});

/** Taking an end back pages everybody from the start. */
const undoesByNewWave: Program = {
  ...soundProgram,
  step: (state, event, now) =>
    step(state, event.type === "command" && takesBack(event) ? { ...event, command: { kind: "reopen" } } : event, now),
};

/** Its clocks think that it was over. */
const losesTimeInUndo = after((before, event, now, result) => {
  const { episode } = result.state;
  if (!takesBack(event) || before.episode?.status !== "resolved" || !episode?.sla || episode.status === "resolved") return result;
  const { sla } = episode;
  const spells = [
    ...sla.spells.filter((each) => each.to !== null),
    { state: "resolved" as const, from: before.episode.resolvedAt ?? now, to: now },
  ];
  return { ...result, state: { ...result.state, episode: { ...episode, sla: { ...sla, spells } } } };
});

/** A body that nobody can read is a repeat like any other: an acknowledgment holds against it for good. */
const takesUnreadForKnown: Program = {
  ...soundProgram,
  step: (state, event, now) =>
    step(
      state,
      event.type === "receive"
        ? {
            ...event,
            alerts: event.alerts.map((each) => ({ ...each, alert: readable(each.alert) })),
          }
        : event,
      now,
    ),
};

function readable({ unreadable: _unreadable, ...alert }: Alert): Alert {
  return alert;
}

/** The end of an acknowledgment's hold against unreadable bodies is not among the times the alarm is armed for. */
const forgetsUnread: Program = {
  ...soundProgram,
  nextWake: (state) => nextWake(state.episode === null ? state : { ...state, episode: { ...state.episode, unread: null } }),
};

export const mutants: Readonly<Record<string, Program>> = {
  "marks sent before it sends": markSentBeforeSend,
  "does not arm for the lease": noPreArm,
  "starts a send after the acknowledgment": sendsAfterAck,
  "sends a claim again after the acknowledgment": resendsClaimAfterAck,
  "forgets the skipped step": forgetsSkippedStep,
  "lets a late result overwrite a newer try": lateResultOverwrites,
  "chains due times through downtime": chainsDueTimes,
  "forgets a send that failed once": forgetsRetry,
  "forgets the end of a mute": forgetsMuteEnd,
  "forgets that an alert runs out": forgetsExpiry,
  "lets a renewal change nothing": neverRenews,
  "ends every alert when one has run out": lapsesTogether,
  "swallows an alert that nothing keeps quiet": swallowsLoudAlert,
  "pages who was on call when it opened": remembersWhoWasOnCall,
  "stops telling connectors when the incident closes": dropsPostsAtEnd,
  "lets a later event overtake an earlier one": overtakes,
  "does not arm for a post's lease": noPreArmForPosts,
  "forgets its service levels": forgetsServiceLevels,
  "counts the time a clock stands still": countsPauses,
  "warns of one stage twice": warnsTwice,
  "stays low when the hours begin": staysLow,
  "forgets the pages that a mistaken end interrupted": forgetsInterrupted,
  "takes an end back by a new wave": undoesByNewWave,
  "counts a mistaken end as one for its clocks": losesTimeInUndo,
  "takes a body that nobody can read for a repeat": takesUnreadForKnown,
  "forgets bodies that nobody could read": forgetsUnread,
  "takes the first acknowledgment for all": oneAckIsEnough,
  "lets an acknowledgment stop what waits for the end": ackStopsAll,
};

// Owns why an open incident pages nobody, and how that ends: suppression, mutes that end by themselves, holds, thresholds,
// flapping. Nothing here is silent for ever without a written reason, and whatever still fires when its time is over pages.

import type { Decision } from "./decision.ts";
import { startLadder } from "./escalation.ts";
import type { AlertResult, Event } from "./event.ts";
import type { Actor, Episode } from "./incident.ts";
import { resolve } from "./lifecycle.ts";
import { limits } from "./limits.ts";
import { occurrenceAt, wordsOf, type Mute } from "./mute.ts";
import type { Told } from "./page.ts";
import { change, episodeOf, say, system, type Turn } from "./turn.ts";
import { riseOf } from "./urgency.ts";

type Receive = Extract<Event, { type: "receive" }>;
type Wake = Extract<Event, { type: "wake" }>;
type Settled = Pick<AlertResult, "action" | "reason">;

/** Nothing in it keeps the alert from paging at once. */
export function isLoud(decision: Decision): boolean {
  return (
    decision.suppress === null &&
    decision.holdMs === null &&
    (decision.threshold ?? null) === null &&
    (decision.mutes ?? []).length === 0
  );
}

/** What an incident that has just opened does: pages, unless its decision keeps it quiet. */
export function begin(turn: Turn, actor: Actor): Settled {
  const { decision, test } = episodeOf(turn);
  const mutes = decision.mutes ?? [];
  if (decision.suppress !== null) {
    change(turn, { status: "suppressed", suppressedBy: decision.suppress });
    say(turn, "suppressed", actor, `nobody is paged: ${decision.suppress}`, { rule: decision.suppress });
    return { action: test ? "test" : "suppressed", reason: decision.suppress };
  }
  if (mutes.length > 0) {
    const words = mutes.map(wordsOf).join("; ");
    change(turn, { status: "suppressed", suppressedBy: words, mutes, ...nextLook(turn) });
    say(turn, "suppressed", actor, `nobody is paged: ${words}`, { mutes });
    return { action: "suppressed", reason: words };
  }
  return beginHeld(turn, actor) ?? pageNow(turn);
}

function pageNow(turn: Turn): Settled {
  startLadder(turn);
  return { action: "triggered", reason: "opened" };
}

/** Null: nothing holds it. */
function beginHeld(turn: Turn, actor: Actor): Settled | null {
  const { decision, flapping } = episodeOf(turn);
  if (flapping?.holding) return hold(turn, actor, flapping.steadyMs, flappingWords);
  if (decision.threshold) {
    // Firings that were not enough before a resolve count on: a check that fires and recovers again and again reaches it.
    change(turn, { status: "held", holdUntil: null });
    return count(turn, actor, true);
  }
  return decision.holdMs === null ? null : hold(turn, actor, decision.holdMs, "its route says so");
}

const flappingWords = "it is flapping";

function hold(turn: Turn, actor: Actor, forMs: number, why: string): Settled {
  const holdUntil = turn.now + forMs;
  change(turn, { status: "held", holdUntil });
  say(turn, "held", actor, `paged only if it still fires after ${forMs / 1_000} s: ${why}`, {
    until: holdUntil,
    forMs,
    why: why === flappingWords ? "flapping" : "route",
  });
  return { action: "held", reason: `held for ${forMs / 1_000} s` };
}

/** One more firing of an incident held below its threshold; at the threshold it pages, once. */
function count(turn: Turn, actor: Actor, begins = false): Settled {
  const { decision, firings } = episodeOf(turn);
  const threshold = decision.threshold;
  if (!threshold) return pageNow(turn);
  const recent = [...(firings ?? []).filter((at) => at > turn.now - threshold.withinMs), turn.now];
  const words = `${recent.length} of ${threshold.count} within ${threshold.withinMs / 1_000} s`;
  if (recent.length < threshold.count) {
    change(turn, { firings: recent });
    if (begins || recent.length === 1)
      say(turn, "held", actor, `paged at ${threshold.count} firings within ${threshold.withinMs / 1_000} s`, { threshold });
    return { action: "held", reason: words };
  }
  promote(turn, actor, `${words}: paging`, {
    code: "threshold",
    n: recent.length,
    of: threshold.count,
    withinMs: threshold.withinMs,
  });
  return { action: "triggered", reason: words };
}

/** From quiet to paging, with the reason. */
export function promote(turn: Turn, actor: Actor, reason: string, told: Told): void {
  change(turn, { status: "triggered", holdUntil: null, suppressedBy: null, mutes: [], firings: [], lasting: false });
  say(turn, "promoted", actor, reason, { told });
  startLadder(turn);
}

/**
 * A firing of an alert while the incident is quiet: it may count towards the threshold, bring a further mute, or be one that
 * nothing keeps quiet any more. Null: nothing changed.
 */
export function fireQuietly(
  turn: Turn,
  event: Receive,
  actor: Actor,
  { rose, anew }: { readonly rose: boolean; readonly anew: boolean },
): Settled | null {
  const { decision } = event;
  const episode = episodeOf(turn);
  if (episode.status !== "held" && episode.status !== "suppressed") return null;
  if (rose && (episode.flapping?.holding || episode.lasting)) return louder(turn, event, actor, "severity rose", "severity");
  // What it was left with is left; an alert that joins or begins again is not.
  if (episode.lasting && !anew) return null;
  if (isLoud(decision))
    return episode.flapping?.holding ? null : louder(turn, event, actor, "no rule keeps it quiet any more", "loud");
  if (episode.status === "suppressed") return quietOtherwise(turn, event, actor);
  return episode.decision.threshold && !episode.flapping?.holding ? count(turn, actor) : null;
}

/**
 * What keeps the present alert quiet is not what keeps the incident quiet: whatever ends sooner or by itself is in force from
 * now on, or its page would wait for the other, perhaps for ever. Null: nothing but a further mute.
 */
function quietOtherwise(turn: Turn, event: Receive, actor: Actor): Settled | null {
  const { suppress, mutes = [] } = event.decision;
  const present = episodeOf(turn).mutes ?? [];
  if (suppress === null && (mutes.length === 0 || present.length === 0)) {
    adopt(turn, event);
    change(turn, { mutes: [], suppressedBy: null, firings: [], lasting: false });
    return begin(turn, actor);
  }
  addMutes(turn, event);
  return null;
}

/** Nobody has been paged by the old decision: the one that wakes people is the one in force. */
function louder(turn: Turn, event: Receive, actor: Actor, why: string, code: "severity" | "loud"): Settled {
  adopt(turn, event);
  promote(turn, actor, `${why}: paging`, { code });
  return { action: "triggered", reason: why };
}

/** The decision for the present alert becomes the incident's; its place stays. */
function adopt(turn: Turn, event: Receive): void {
  const { decision } = event;
  turn.roster = event.roster;
  const { groupKey, groupWindow, route, slas, policies } = episodeOf(turn).decision;
  change(turn, {
    // Its place in the group and its service levels, with the policies those start, are those it opened with.
    decision: {
      ...decision,
      groupKey,
      groupWindow,
      slas: slas ?? [],
      policies: { ...policies, ...decision.policies },
      route: groupKey === null ? decision.route : route,
    },
    urgencyRisesAt: riseOf(decision, turn.now),
    urgency: decision.urgency,
    test: false,
  });
}

function addMutes(turn: Turn, { decision, roster }: Receive): void {
  const present = episodeOf(turn).mutes ?? [];
  const fresh = (decision.mutes ?? []).filter(
    (each) => !present.some((known) => known.kind === each.kind && known.id === each.id),
  );
  if (fresh.length === 0 || present.length === 0 || turn.roster === null) return;
  const known = turn.roster.quiet;
  turn.roster = {
    ...turn.roster,
    quiet: {
      maintenance: { ...known?.maintenance, ...roster.quiet?.maintenance },
      silences: { ...known?.silences, ...roster.quiet?.silences },
    },
  };
  setMutes(turn, [...present, ...fresh]);
}

function setMutes(turn: Turn, mutes: readonly Mute[]): void {
  const words = mutes.map(wordsOf).join("; ");
  change(turn, { mutes, suppressedBy: words });
  say(turn, "suppressed", system, `nobody is paged: ${words}`, { mutes });
}

/** Mutes whose time has come: moved on, where the window or silence behind them now ends later; ended otherwise. */
export function endMutes(turn: Turn, wake: Wake): void {
  const mutes = episodeOf(turn).mutes ?? [];
  if (episodeOf(turn).mutesLookAt !== null) change(turn, nextLook(turn));
  const next = mutes.map((mute) => ({ mute, now: presentForm(turn, mute, wake) }));
  const left = next.flatMap((each) => (each.now === null ? [] : [each.now]));
  const ended = next.flatMap((each) => (each.now === null ? [each.mute] : []));
  if (ended.some((mute) => mute.kind === "reminder")) return remind(turn, ended);
  if (ended.length === 0) {
    // An inhibition that goes on is no news; a window that lasts longer is.
    const news = next.some(({ mute, now }) => mute.kind !== "inhibition" && now?.until !== mute.until);
    return news ? setMutes(turn, left) : change(turn, { mutes: left });
  }
  if (left.length > 0) return setMutes(turn, left);
  atEnd(turn, ended);
}

/** The mute as it stands now; null: it is over. */
function presentForm(turn: Turn, mute: Mute, wake: Wake): Mute | null {
  if (mute.kind === "inhibition") return stillInhibited(turn, mute, wake);
  if (mute.kind === "reminder") return mute.until > turn.now ? mute : null;
  const known = turn.roster?.quiet;
  // A roster from before there were any, or a step without configuration: by the copy in the incident.
  if (!known || wake.stale) return mute.until > turn.now ? mute : null;
  if (mute.kind === "silence") {
    const silence = known.silences[mute.id];
    return silence !== undefined && silence.until > turn.now ? { ...mute, until: silence.until, reason: silence.reason } : null;
  }
  const window = known.maintenance[mute.id];
  const occurrence = window ? occurrenceAt(window, turn.now) : null;
  return window && occurrence ? { ...mute, until: occurrence.to, atEnd: window.atEnd } : null;
}

/** Asked of the gate before this step; no answer is taken as "no longer": rather a page too many. */
function stillInhibited(turn: Turn, mute: Extract<Mute, { kind: "inhibition" }>, wake: Wake): Mute | null {
  const again = turn.now + limits.gate.recheckMs;
  if (wake.inhibited === "assumed") return { ...mute, until: Math.max(mute.until, again) };
  const answer = wake.inhibited?.[mute.id];
  if (answer !== undefined) return answer ? { ...mute, until: again } : null;
  return mute.until > turn.now ? mute : null;
}

/** Should nobody tell it that a window was ended early, it finds out by itself. */
function nextLook(turn: Turn): Pick<Episode, "mutesLookAt"> {
  return { mutesLookAt: turn.now + limits.maintenance.lookMs };
}

/** The reminder's time: it pages the owner, unless the silence is gone or ends at another time, which has its own. */
function remind(turn: Turn, [mute]: readonly Mute[]): void {
  if (mute?.kind !== "reminder") return;
  const known = turn.roster?.quiet;
  if (known !== undefined && known.silences[mute.id]?.until !== mute.of)
    return void resolve(turn, system, "auto-resolved", `silence ${mute.id} no longer ends then: nothing to remind of`, {
      code: "silence-moved",
      silence: mute.id,
    });
  change(turn, { autoResolveAt: mute.of });
  promote(turn, system, `silence ${mute.id} ends soon`, { code: "silence-ends", silence: mute.id });
}

const strongest = ["page", "nothing", "resolve"] as const;

function atEnd(turn: Turn, ended: readonly Mute[]): void {
  const names = ended
    .map((mute) => (mute.kind === "inhibition" ? `what muted it (${mute.by})` : `${mute.kind} ${mute.id}`))
    .join(" and ");
  const asked = new Set(ended.map((mute) => (mute.kind === "maintenance" ? mute.atEnd : "page")));
  const what = strongest.find((each) => asked.has(each)) ?? "page";
  if (what === "resolve")
    return void resolve(turn, system, "auto-resolved", `${names} is over: resolved, as it says for its end`, {
      code: "mute-over",
      mutes: ended,
    });
  const { n } = episodeOf(turn);
  const firing = Object.values(turn.alerts).some((row) => row.episode === n && row.firing);
  if (what === "page" && firing) {
    change(turn, { mutes: [], suppressedBy: null });
    say(turn, "unmuted", system, `${names} is over and it still fires`, { told: { code: "fires", mutes: ended } });
    if (beginHeld(turn, system) === null)
      promote(turn, system, `still fires after ${names}: paging`, { code: "mute-over", mutes: ended });
    return;
  }
  const why = firing ? `${names} is over: left as it is, as it says for its end` : `${names} is over and nothing fires any more`;
  change(turn, { mutes: [], lasting: true, suppressedBy: why });
  say(turn, "unmuted", system, `${why}; nobody is paged`, { told: { code: firing ? "left" : "over", mutes: ended } });
}

/** The hold is over and nothing resolved it. */
export function endHold(turn: Turn): void {
  const { flapping } = episodeOf(turn);
  if (flapping) change(turn, { flapping: { ...flapping, holding: false, pagedAt: turn.now } });
  promote(turn, system, "still fires at the end of the hold: paging", { code: "hold-over" });
}

/**
 * A re-open by the source, entered into the record of re-opens. More than the allowed number within the time is flapping: the
 * re-open that shows it still pages; those after it are held until it has fired steadily, yet never longer than the limit.
 */
export function noteReopen(turn: Turn, actor: Actor): void {
  const episode = episodeOf(turn);
  const rule = episode.decision.flapping;
  if (!rule) return;
  const reopens = [...(episode.reopens ?? []).filter((at) => at > turn.now - rule.withinMs), turn.now];
  if (reopens.length <= rule.reopens) return change(turn, { reopens, flapping: null });
  const words = `re-opened ${reopens.length} times within ${rule.withinMs / 60_000} min: flapping`;
  const { flapping } = episode;
  const quietUntil = flapping ? flapping.pagedAt + limits.flapping.silentMsMax : 0;
  const holding = flapping != null && turn.now < quietUntil;
  const steadyMs = holding ? Math.min(rule.steadyMs, quietUntil - turn.now) : rule.steadyMs;
  change(turn, { reopens, flapping: { holding, steadyMs, pagedAt: holding ? flapping.pagedAt : turn.now } });
  if (holding) return;
  say(
    turn,
    "flapping",
    actor,
    `${words}; this one pages, further ones only once it has fired for ${rule.steadyMs / 1_000} s, at the latest after ${limits.flapping.silentMsMax / 60_000} min`,
    { reopens: reopens.length, withinMs: rule.withinMs, steadyMs: rule.steadyMs, silentMsMax: limits.flapping.silentMsMax },
  );
}

/** Somebody looked at it: the next re-open pages again. */
export function lookedAt(episode: Episode): Partial<Episode> {
  return (episode.reopens ?? []).length > 0 || episode.flapping ? { reopens: [], flapping: null } : {};
}

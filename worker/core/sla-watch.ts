// Owns what service level clocks do to an incident: its timeline, its flags, the people and policies a warning pages, and
// calendars that were edited meanwhile. The reckoning is sla-clock.ts's.

import type { BusinessHours } from "./calendar.ts";
import { startBeside } from "./escalation.ts";
import type { Episode } from "./incident.ts";
import { stateOf } from "./moves.ts";
import type { Told } from "./page.ts";
import { pageAside } from "./page-step.ts";
import { elapsedMs, tendClocks, type SlaClock, type SlaEvent, type SlaState } from "./sla-clock.ts";
import { breachFlag, targetMs, type SlaTerms, type Stage } from "./sla.ts";
import { leftText, sentenceOf, stageText } from "./sla-words.ts";
import { change, episodeOf, isOpen, say, system, type Turn } from "./turn.ts";

/** After every event: the clocks are brought up to now, and whatever has come of it is done. */
export function tendServiceLevels(turn: Turn): void {
  const { episode } = turn;
  if (episode === null || (!episode.sla && (episode.decision.slas ?? []).length === 0)) return;
  const edited = isOpen(episode) ? takeCalendars(turn, episode) : [];
  if (episode.acknowledgedAt !== null && !episode.respondedAt) change(turn, { respondedAt: episode.acknowledgedAt });
  const { decision, severity, openedAt, respondedAt, resolvedAt, sla } = episodeOf(turn);
  const terms = decision.slas ?? [];
  const tended = tendClocks(
    sla ?? null,
    {
      terms,
      state: stateOf(episode),
      severity,
      openedAt,
      respondedAt: respondedAt ?? null,
      resolvedAt,
      edited: edited.length > 0,
    },
    turn.now,
  );
  if (tended.state === (sla ?? null)) return;
  change(turn, { sla: tended.state, flags: flagsOf(terms, tended.state) });
  record(turn, tended.events, edited);
}

/** Puts edited calendars into the terms; answers their ids. One that was deleted stays as it was. */
function takeCalendars(turn: Turn, { decision }: Episode): readonly string[] {
  const present = turn.roster?.businessHours;
  if (present === undefined || turn.roster === turn.before.roster) return [];
  const edited = new Set<string>();
  const slas = (decision.slas ?? []).map((terms): SlaTerms => {
    const calendar: BusinessHours | undefined = terms.hours === "always" ? undefined : present[terms.hours.id];
    if (calendar === undefined || JSON.stringify(calendar) === JSON.stringify(terms.hours)) return terms;
    edited.add(calendar.id);
    return { ...terms, hours: calendar };
  });
  if (edited.size > 0) change(turn, { decision: { ...decision, slas } });
  return [...edited];
}

/** What lists can be filtered by: the flags of warnings whose clock is open, and that something was missed. */
function flagsOf(terms: readonly SlaTerms[], state: SlaState | null): readonly string[] {
  const flags = (state?.clocks ?? []).flatMap((clock) => {
    const warned = terms.find(({ id }) => id === clock.id)?.warn.filter((_, n) => clock.warned.includes(n)) ?? [];
    const open = clock.stoppedAt === null ? warned.flatMap(({ flag }) => flag ?? []) : [];
    return !clock.applies ? [] : clock.breachedAt === null ? open : [...open, breachFlag];
  });
  return [...new Set(flags)].toSorted();
}

function termsOf(turn: Turn, clock: SlaClock): SlaTerms {
  const terms = episodeOf(turn).decision.slas?.find(({ id }) => id === clock.id);
  if (terms === undefined) throw new Error(`a clock without terms: ${clock.id}`);
  return terms;
}

function record(turn: Turn, events: readonly SlaEvent[], edited: readonly string[]): void {
  const quiet = events.filter((event) => event.kind === "started" || event.kind === "moved" || event.kind === "dropped");
  if (quiet.length > 0) {
    const lines = quiet.map((event) => sentenceOf(event, termsOf(turn, event.clock)));
    const why = edited.length > 0 ? [`${edited.join(", ")} was edited`] : [];
    say(turn, "sla", system, [...why, ...lines].join("; "), {
      clocks: quiet.map(({ kind, clock }) => ({ event: kind, ...shown(turn, clock) })),
      ...(edited.length > 0 ? { edited } : {}),
    });
  }
  for (const event of events) {
    if (event.kind === "warning") warn(turn, event);
    else if (event.kind === "breached")
      say(turn, "sla-breached", system, sentenceOf(event, termsOf(turn, event.clock)), shown(turn, event.clock));
    else if (event.kind === "stopped")
      say(turn, "sla", system, sentenceOf(event, termsOf(turn, event.clock)), {
        ...shown(turn, event.clock),
        usedMs: elapsedMs(termsOf(turn, event.clock), event.clock, event.clock.stoppedAt ?? 0),
      });
  }
}

function shown(turn: Turn, clock: SlaClock): Record<string, unknown> {
  const { id, kind, deadline, met } = clock;
  const terms = termsOf(turn, clock);
  return { sla: id, kind, deadline, ...(met === null ? {} : { met }), name: terms.name, wholeMs: targetMs(terms, kind) };
}

function warn(turn: Turn, { clock, stages, passed, pages }: Extract<SlaEvent, { kind: "warning" }>): void {
  const terms = termsOf(turn, clock);
  const left = (targetMs(terms, clock.kind) ?? 0) - elapsedMs(terms, clock, turn.now);
  const cause = leftText(terms, clock.kind, left);
  const told = { code: "sla", name: terms.name, kind: clock.kind, leftMs: left, wholeMs: targetMs(terms, clock.kind) };
  const { people, policies, problems } = pageThem(turn, pages, { text: cause, told });
  const paged = [...people, ...policies.map((policy) => `policy ${policy}`)].join(", ");
  say(turn, "sla-warning", system, paged === "" ? cause : `${cause}: pages ${paged}`, {
    ...shown(turn, clock),
    leftMs: left,
    stage: stages.map(stageText),
    stages: [...stages, ...passed].map(({ n }) => n),
    ...(passed.length > 0 ? { passed: passed.map(stageText) } : {}),
    flags: [...stages, ...passed].flatMap(({ warning }) => warning.flag ?? []),
    people,
    policies,
    ...(problems.length > 0 ? { problems } : {}),
  });
}

interface Paged {
  readonly people: readonly string[];
  readonly policies: readonly string[];
  readonly problems: readonly string[];
}

/** Pages whom the stages name; the tenant's fallback where that reaches nobody and starts nothing. */
function pageThem(turn: Turn, stages: readonly Stage[], cause: { readonly text: string; readonly told: Told }): Paged {
  if (stages.length === 0) return { people: [], policies: [], problems: [] };
  const named = pageAside(
    turn,
    stages.flatMap(({ warning }) => warning.notify),
    cause,
  );
  const problems = [...named.problems];
  const wanted = [...stages.flatMap(({ warning }) => warning.policy ?? []), ...named.policies];
  // One that runs already pages by its own steps: nothing is missing.
  const running = wanted.filter((id) => {
    const policy = episodeOf(turn).decision.policies?.[id];
    if (policy === undefined) problems.push(`policy ${id} does not exist`);
    else if (!startBeside(turn, policy, cause)) problems.push(`policy ${id} runs already`);
    return policy !== undefined;
  });
  if (named.people.length > 0 || running.length > 0) return { people: named.people, policies: running, problems };
  const fallback = pageAside(turn, turn.roster?.fallback ?? [], {
    text: `${cause.text}; nobody whom the warning names can be reached`,
    told: { ...cause.told, unreached: true },
  });
  if (fallback.people.length === 0)
    say(turn, "coverage-gap", system, `${cause.text}, and nobody can be reached`, { problems, told: cause.told });
  return { people: fallback.people, policies: [], problems: [...problems, ...fallback.problems] };
}

// Owns one wave of a ladder: the people behind a step's targets, their rules started, other policies started beside it, and
// whose turn it is where a team is paged in turn. Knows nothing of times between steps.

import type { PickEffect } from "./event.ts";
import { hashOf } from "./ids.ts";
import { ladderOf, ownLadder, policyOf } from "./ladder.ts";
import type { PageReason, Told } from "./page.ts";
import { startRun } from "./paging.ts";
import { reachableMembers, recipientsOf, type Circumstances, type Recipient } from "./people.ts";
import type { Id, Step, Target, Team } from "./snapshot.ts";
import { episodeOf, type Turn } from "./turn.ts";

export interface Wave {
  readonly ladder: number;
  readonly targets: readonly Target[];
  /** People paged with it whatever the targets say. */
  readonly also: readonly Id[];
  /** 1-based step; 0: outside of the steps. */
  readonly step: number;
  /** 1-based pass. */
  readonly round: number;
  /** Whose turn it is, by team. */
  readonly picks?: Readonly<Record<Id, Id | null>> | undefined;
}

/** Starts the rules of everyone the targets name. Answers why some could not be, and the policies the targets start. */
export function pageWave(
  turn: Turn,
  wave: Wave,
): {
  readonly problems: readonly string[];
  readonly troubles: readonly Told[];
  readonly policies: readonly Id[];
} {
  const roster = turn.roster;
  if (roster === null) return { ...unconfigured, policies: [] };
  const { recipients, problems, troubles, policies } = recipientsOf(wave.targets, roster, circumstancesOf(turn, wave));
  const extra = wave.also
    .map((id) => roster.people[id])
    .filter((person) => person?.active && !recipients.some((r) => r.person.id === person.id));
  const everybody: Recipient[] = [
    ...recipients,
    ...extra.flatMap((person) =>
      person ? [{ person, contact: null, via: "had acknowledged it", why: { code: "had-it" } }] : [],
    ),
  ];
  for (const recipient of everybody) {
    const start = { part: "ladder" as const, ladder: wave.ladder, reason: reasonFor(turn, recipient, wave) };
    if (startRun(turn, recipient, start)) continue;
    problems.push(`${recipient.person.id} has no usable contact`);
    troubles.push({ code: "no-contact", user: recipient.person.id });
  }
  return { problems, troubles, policies };
}

const unconfigured = { problems: ["no configuration reached this incident"], troubles: [{ code: "unconfigured" }] };

/** Pages people beside every ladder, for a reason of its own. Answers whom, why some could not be, and policies it names. */
export function pageAside(
  turn: Turn,
  targets: readonly Target[],
  cause: { readonly text: string; readonly told: Told },
): {
  readonly people: readonly Id[];
  readonly problems: readonly string[];
  readonly troubles: readonly Told[];
  readonly policies: readonly Id[];
} {
  const roster = turn.roster;
  if (roster === null) return { people: [], ...unconfigured, policies: [] };
  const wave: Wave = { ladder: ownLadder, targets, also: [], step: 0, round: 1 };
  const { recipients, problems, troubles, policies } = recipientsOf(targets, roster, circumstancesOf(turn, wave));
  const people = recipients.flatMap((recipient) => {
    const { via, text = via, why } = recipient;
    const reason = { policy: null, step: 0, round: 1, via, text: `${cause.text} (${text})`, why, cause: cause.told };
    if (startRun(turn, recipient, { part: "aside", reason })) return [recipient.person.id];
    problems.push(`${recipient.person.id} has no usable contact`);
    troubles.push({ code: "no-contact", user: recipient.person.id });
    return [];
  });
  return { people, problems, troubles, policies };
}

export function reasonFor(
  turn: Turn,
  { via, text = via, why: told }: Pick<Recipient, "via" | "text" | "why">,
  at: Pick<Wave, "ladder" | "step" | "round">,
): PageReason {
  const { ladder, step, round } = at;
  const where = step === 0 ? "" : `, step ${step}${round > 1 ? `, pass ${round}` : ""}`;
  const beside = episodeOf(turn).beside?.find((each) => each.n === ladder);
  const why = beside === undefined ? "" : ` (${beside.cause})`;
  return {
    policy: policyOf(turn, ladder).id || null,
    step,
    round,
    via,
    text: `${text}${where}${why}`,
    why: told,
    ...(beside?.told === undefined ? {} : { cause: beside.told }),
  };
}

function circumstancesOf(turn: Turn, wave: Wave): Circumstances {
  const { decision } = episodeOf(turn);
  return {
    now: turn.now,
    owner: decision.owner ?? null,
    choose(team, strategy, members) {
      const picked = strategy === "round-robin" ? wave.picks?.[team.id] : undefined;
      return picked !== undefined && picked !== null && members.includes(picked) ? picked : drawn(turn, team, members, wave);
    },
  };
}

/** One member by a hash of the incident and the step: the same in every replay, different from incident to incident. */
function drawn(turn: Turn, team: Team, members: readonly Id[], { step, round }: Wave): Id | undefined {
  const { id, epoch } = episodeOf(turn);
  const text = hashOf([id, epoch, step, round, team.id], 8);
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (sum * 33 + text.charCodeAt(i)) % 65_521;
  return members[sum % members.length];
}

/** The questions a step must ask before it can page: one for each of its teams paged in turn that leaves a choice. */
export function picksNeeded(turn: Turn, n: number, index: number, step: Step, round: number): readonly PickEffect[] {
  const roster = turn.roster;
  if (roster === null) return [];
  const { id, epoch } = episodeOf(turn);
  return step.notify.flatMap((target) => {
    const team = target.kind === "team" && target.strategy === "round-robin" ? roster.teams[target.team] : undefined;
    const members = team === undefined ? [] : reachableMembers(team, roster);
    if (team === undefined || members.length < 2) return [];
    const key = `${policyOf(turn, n).id}/${index}/${team.id}`;
    return [{ ladder: n, team: team.id, key, turn: `${id}/${epoch}/${n}/${round}`, members }];
  });
}

/** Who of each team paged in turn has been paged by the present step: a repeat of the step is theirs again. */
export function presentPicks(turn: Turn, n: number, step: Step): Readonly<Record<Id, Id>> {
  const people = peopleOnStep(turn, n);
  const picks: Record<Id, Id> = {};
  for (const target of step.notify) {
    if (target.kind !== "team" || target.strategy !== "round-robin") continue;
    const picked = turn.roster?.teams[target.team]?.members.find((member) => people.includes(member));
    if (picked !== undefined) picks[target.team] = picked;
  }
  return picks;
}

/** Whom the present step of a ladder has paged, each once, in order. */
export function peopleOnStep(turn: Turn, n: number): readonly Id[] {
  const { firstRun } = ladderOf(turn, n);
  const mine = episodeOf(turn).runs.filter(
    (run) => run.part === "ladder" && (run.ladder ?? ownLadder) === n && run.n >= firstRun,
  );
  return [...new Set(mine.map((run) => run.user))];
}

// Owns the slice of a snapshot that one incident needs to go on paging by itself: the people its policy and the
// tenant's fallback can reach, and the notifiers that reach them. Small, so that every incident can keep its own copy.

import type { BusinessHours } from "./calendar.ts";
import type { Decision } from "./decision.ts";
import type { Episode } from "./incident.ts";
import { everyoneOf, type Schedule } from "./oncall/schedule.ts";
import type { MaintenanceWindow, Mute, Silence } from "./mute.ts";
import type { Connector, Defaults, Id, Notifier, Person, Policy, Snapshot, Target, Team } from "./snapshot.ts";

export interface Roster {
  readonly tenant: Id;
  readonly tenantName: string;
  readonly version: number;
  readonly timeZone: string;
  readonly severities: readonly string[];
  readonly fallback: readonly Target[];
  readonly defaults: Defaults;
  readonly people: Readonly<Record<Id, Person>>;
  readonly teams: Readonly<Record<Id, Team>>;
  /** Those that the policies name. */
  readonly schedules?: Readonly<Record<Id, Schedule>>;
  /** Those that its clocks count in and its policies' conditions ask. */
  readonly businessHours?: Readonly<Record<Id, BusinessHours>>;
  readonly notifiers: Readonly<Record<Id, Notifier>>;
  /** Absent in one stored before there were any. */
  readonly connectors?: Readonly<Record<Id, Connector>>;
  /** The windows and silences that keep this incident quiet, as they stand now. Absent: from before there were any. */
  readonly quiet?: Quiet;
}

export interface Quiet {
  readonly maintenance: Readonly<Record<Id, MaintenanceWindow>>;
  readonly silences: Readonly<Record<Id, Silence>>;
}

/** What an incident asks the Directory for: its policies' people, and others named by hand (assignees, responders). */
export interface RosterQuery {
  readonly policy: Policy | null;
  /** Other policies that may page for it. */
  readonly policies?: readonly Policy[];
  /** Teams beside those that the policies name: the service's owner. */
  readonly teams?: readonly Id[];
  /** Whom a service level's warnings page. */
  readonly targets?: readonly Target[];
  /** Calendars that its clocks count in. */
  readonly hours?: readonly Id[];
  readonly users: readonly Id[];
  /** What keeps the incident quiet. */
  readonly mutes?: readonly Mute[];
}

/** Everything that an incident under this decision may need. */
export function rosterQueryOf(decision: Decision, users: readonly Id[]): RosterQuery {
  return {
    policy: decision.policy,
    policies: [...(decision.also ?? []), ...Object.values(decision.policies ?? {})],
    teams: decision.owner ? [decision.owner] : [],
    targets: (decision.slas ?? []).flatMap((terms) => terms.warn.flatMap((warning) => warning.notify)),
    hours: calendarsOf(decision),
    users,
    mutes: decision.mutes ?? [],
  };
}

function calendarsOf({ slas, urgencyByHour }: Decision): readonly Id[] {
  const counted = (slas ?? []).flatMap(({ hours }) => (hours === "always" ? [] : hours.id));
  return [...new Set(urgencyByHour ? [...counted, urgencyByHour.hours.id] : counted)];
}

/** What an open incident needs now: its decision's people, those who are on it, what mutes it. */
export function rosterQueryFor(episode: Episode): RosterQuery {
  const people = [
    ...episode.assignees,
    ...episode.runs.map((run) => run.user),
    ...(episode.acknowledgedBy ? [episode.acknowledgedBy] : []),
  ];
  return { ...rosterQueryOf(episode.decision, [...new Set(people)]), mutes: episode.mutes ?? [] };
}

export function rosterFor(snapshot: Snapshot, query: RosterQuery): Roster {
  const policies = [...(query.policy === null ? [] : [query.policy]), ...(query.policies ?? [])];
  const targets: readonly Target[] = [
    ...policies.flatMap((policy) => [...policy.steps.flatMap((step) => step.notify), ...policy.onExhausted]),
    ...snapshot.fallback,
    ...(query.targets ?? []),
    ...(query.teams ?? []).map((team): Target => ({ kind: "team", team })),
  ];
  const schedules: Record<Id, Schedule> = {};
  const people: Record<Id, Person> = {};
  const teams: Record<Id, Team> = {};
  const add = (id: Id): void => {
    const person = snapshot.users[id];
    if (person) people[id] = person;
  };
  for (const target of targets) {
    if (target.kind === "user") add(target.user);
    else if (target.kind === "team") {
      const team = snapshot.teams[target.team];
      if (!team) continue;
      teams[team.id] = team;
      team.members.forEach(add);
    } else if (target.kind === "schedule") {
      const schedule = snapshot.schedules?.[target.schedule];
      if (!schedule) continue;
      schedules[schedule.id] = schedule;
      everyoneOf(schedule).forEach(add);
    }
  }
  query.users.forEach(add);
  return {
    tenant: snapshot.tenant,
    tenantName: snapshot.name,
    version: snapshot.version,
    timeZone: snapshot.timeZone,
    severities: snapshot.severities,
    fallback: snapshot.fallback,
    defaults: snapshot.defaults,
    people,
    teams,
    schedules,
    businessHours: calendarsFor(snapshot, conditionsOf(snapshot, policies), query.hours ?? []),
    notifiers: reachableNotifiers(snapshot, Object.values(people)),
    ...quietFor(snapshot, query.mutes ?? []),
    connectors: snapshot.connectors ?? {},
  };
}

function conditionsOf({ connectors = {} }: Snapshot, policies: readonly Policy[]): readonly string[] {
  return [
    ...policies.flatMap((policy) => policy.steps.flatMap((step) => step.when ?? [])),
    ...Object.values(connectors).flatMap((connector) => connector.when ?? []),
  ];
}

/** A condition that works a calendar's name out may mean any of them. */
function calendarsFor(
  { businessHours = {} }: Snapshot,
  conditions: readonly string[],
  clocks: readonly Id[],
): Readonly<Record<Id, BusinessHours>> {
  if (conditions.some((when) => /\bwithin\(\s*[^"'\s]/.test(when))) return businessHours;
  const named = conditions.flatMap((when) => [...when.matchAll(/\bwithin\(\s*["']([^"']*)["']/g)].map((found) => found[1] ?? ""));
  const wanted = new Set([...clocks, ...named]);
  return Object.fromEntries(Object.entries(businessHours).filter(([id]) => wanted.has(id)));
}

function quietFor(snapshot: Snapshot, mutes: readonly Mute[]): { readonly quiet?: Quiet } {
  if (mutes.length === 0) return {};
  const pick = <T extends { readonly id: Id }>(all: readonly T[] | undefined, kinds: readonly Mute["kind"][]): Record<Id, T> =>
    Object.fromEntries(
      (all ?? [])
        .filter((each) => mutes.some((mute) => kinds.includes(mute.kind) && mute.id === each.id))
        .map((each) => [each.id, each]),
    );
  return {
    quiet: {
      maintenance: pick(snapshot.maintenance, ["maintenance"]),
      silences: pick(snapshot.silences, ["silence", "reminder"]),
    },
  };
}

function reachableNotifiers(snapshot: Snapshot, people: readonly Person[]): Record<Id, Notifier> {
  const found: Record<Id, Notifier> = {};
  const add = (id: Id | null): void => {
    const notifier = id === null ? undefined : snapshot.notifiers[id];
    if (!notifier || found[notifier.id]) return;
    found[notifier.id] = notifier;
    add(notifier.fallback);
  };
  for (const person of people) for (const contact of person.contacts) add(contact.via);
  return found;
}

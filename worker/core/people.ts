// Owns who a target means and how a person can be reached, from the roster alone.

import { everyoneOf, nextOnCallAt, onCallAt, type Schedule } from "./oncall/schedule.ts";
import type { Told } from "./page.ts";
import type { Roster } from "./roster.ts";
import type { Contact, Id, NotifyRule, Person, Target, Team, Urgency } from "./snapshot.ts";

export interface Recipient {
  readonly person: Person;
  /** A contact named by the target; null: the person's own rules. */
  readonly contact: Id | null;
  /** What led to the person: "schedule sre", "team payments". */
  readonly via: string;
  /** The same for a human, where more is to be said: "on call for sre (override vac)". */
  readonly text?: string;
  /** The same as data. */
  readonly why: Told;
}

/** What a target's meaning depends on beside the roster. */
export interface Circumstances {
  readonly now: number;
  /** The team that owns the incident's service. */
  readonly owner: Id | null;
  /** One of a team's reachable members, where the target pages only one. */
  readonly choose: (team: Team, strategy: "round-robin" | "random", members: readonly Id[]) => Id | undefined;
}

export interface Recipients {
  readonly recipients: Recipient[];
  /** Why somebody fell away, in words. */
  readonly problems: string[];
  /** The same as data, in the same order. */
  readonly troubles: Told[];
  /** Policies that the targets start, by id. */
  readonly policies: Id[];
}

/** The people behind the targets, each once (the first target that names somebody wins), and why others fell away. */
export function recipientsOf(targets: readonly Target[], roster: Roster, circumstances: Circumstances): Recipients {
  const found: Recipients = { recipients: [], problems: [], troubles: [], policies: [] };
  for (const target of targets) addTarget(found, target, roster, circumstances);
  return found;
}

function addTarget(found: Recipients, target: Target, roster: Roster, circumstances: Circumstances): void {
  switch (target.kind) {
    case "user":
      return addPerson(found, roster, target.user, target.contact, {
        via: `user ${target.user}`,
        why: { code: "user", user: target.user },
      });
    case "team": {
      const team = roster.teams[target.team];
      return team === undefined
        ? lacking(found, `team ${target.team} does not exist`, { code: "no-team", team: target.team })
        : addTeam(found, roster, team, target.strategy ?? "all", circumstances);
    }
    case "owner": {
      const team = circumstances.owner === null ? undefined : roster.teams[circumstances.owner];
      return team === undefined
        ? lacking(found, "the service has no team that owns it", { code: "no-owner" })
        : addTeam(found, roster, team, "all", circumstances);
    }
    case "schedule": {
      const schedule = roster.schedules?.[target.schedule];
      return schedule === undefined
        ? lacking(found, `schedule ${target.schedule} does not exist`, { code: "no-schedule", schedule: target.schedule })
        : addSchedule(found, roster, schedule, target.who, circumstances.now);
    }
    case "policy":
      if (!found.policies.includes(target.policy)) found.policies.push(target.policy);
  }
}

function lacking({ problems, troubles }: Recipients, text: string, told: Told): void {
  problems.push(text);
  troubles.push(told);
}

function addTeam(
  found: Recipients,
  roster: Roster,
  team: Team,
  strategy: "all" | "round-robin" | "random",
  { choose }: Circumstances,
): void {
  const ofTeam = { code: "team", team: team.id };
  if (team.members.length === 0) return lacking(found, `team ${team.id} has no members`, { ...ofTeam, code: "team-empty" });
  if (strategy === "all") {
    for (const member of team.members) addPerson(found, roster, member, null, { via: `team ${team.id}`, why: ofTeam });
    return;
  }
  const chosen = choose(team, strategy, reachableMembers(team, roster));
  if (chosen === undefined)
    return lacking(found, `nobody of team ${team.id} can be reached`, { ...ofTeam, code: "team-unreachable" });
  const how = strategy === "random" ? "drawn" : "in turn";
  addPerson(found, roster, chosen, null, { via: `team ${team.id}, ${how}`, why: { ...ofTeam, how } });
}

function addSchedule(
  found: Recipients,
  roster: Roster,
  schedule: Schedule,
  who: "current" | "next" | "everyone",
  now: number,
): void {
  const via = `schedule ${schedule.id}`;
  const why = { code: "schedule", schedule: schedule.id, who };
  if (who === "everyone") {
    for (const user of everyoneOf(schedule))
      addPerson(found, roster, user, null, { via, why, text: `in schedule ${schedule.id}` });
    return;
  }
  const shift = who === "current" ? onCallAt(schedule, now) : nextOnCallAt(schedule, now);
  if (shift === null || shift.users.length === 0)
    return lacking(found, `nobody is ${who === "current" ? "" : "next "}on call for ${schedule.id}`, {
      ...why,
      code: "nobody-on-call",
    });
  const { override, fallback } = shift.why;
  const text = `${who === "current" ? "on call" : "next on call"} for ${schedule.id}`;
  const how = override === null ? (fallback ? " (its fallback)" : "") : ` (override ${override})`;
  const told = { ...why, ...(override === null ? (fallback ? { fallback: true } : {}) : { override }) };
  for (const user of shift.users) addPerson(found, roster, user, null, { via, why: told, text: `${text}${how}` });
  // Somebody deactivated, or without a usable contact, is on call in name only: the fallback is there for when nobody is.
  if (shift.users.some((user) => isReachable(user, roster))) return;
  const rest = schedule.fallback.filter((user) => !shift.users.includes(user));
  for (const user of rest)
    addPerson(found, roster, user, null, {
      via,
      why: { ...why, fallback: true, unreached: true },
      text: `${text} (its fallback: nobody on call can be reached)`,
    });
}

function addPerson(
  found: Recipients,
  roster: Roster,
  id: Id,
  contact: Id | null,
  how: Pick<Recipient, "via" | "text" | "why">,
): void {
  const person = roster.people[id];
  if (!person) lacking(found, `${how.via}: nobody is called ${id}`, { code: "nobody-called", user: id, why: how.why });
  else if (!person.active) lacking(found, `${how.via}: ${id} is deactivated`, { code: "deactivated", user: id, why: how.why });
  else if (!found.recipients.some((known) => known.person.id === id)) found.recipients.push({ person, contact, ...how });
}

/** Members who are active and have a usable contact, in the team's order: whoever cannot be reached does not use up a turn. */
export function reachableMembers(team: Team, roster: Roster): readonly Id[] {
  return team.members.filter((id) => isReachable(id, roster));
}

function isReachable(id: Id, roster: Roster): boolean {
  const person = roster.people[id];
  return person !== undefined && outOfReach(person, roster) === null;
}

/** Why no page can reach a person; null: one can. */
export function outOfReach(person: Person, roster: Pick<Roster, "notifiers">): "deactivated" | "no-contact" | null {
  if (!person.active) return "deactivated";
  return usable(person, roster).length > 0 ? null : "no-contact";
}

/** Whom the targets would page, and everybody and everything that falls away, as a wave would find it. */
export function reachedBy(targets: readonly Target[], roster: Roster, circumstances: Circumstances): Recipients {
  const { recipients, problems, troubles, policies } = recipientsOf(targets, roster, circumstances);
  const out = recipients.filter(({ person }) => outOfReach(person, roster) !== null);
  return {
    recipients: recipients.filter((each) => !out.includes(each)),
    problems: [...problems, ...out.map(({ person }) => `${person.id} has no usable contact`)],
    troubles: [...troubles, ...out.map(({ person }): Told => ({ code: "no-contact", user: person.id }))],
    policies,
  };
}

function usable(person: Person, roster: Pick<Roster, "notifiers">): readonly Contact[] {
  return person.contacts.filter((contact) => roster.notifiers[contact.via] !== undefined);
}

/**
 * The rules to page this person by, every contact usable. Never silence: a person without rules for this urgency gets
 * the tenant's default, and one whose rules name nothing usable gets everything usable at once. Empty: out of reach.
 */
export function rulesFor(
  recipient: Pick<Recipient, "person" | "contact">,
  urgency: Urgency,
  roster: Pick<Roster, "notifiers" | "defaults">,
): readonly { readonly afterMs: number; readonly contact: Id }[] {
  const contacts = usable(recipient.person, roster);
  const expand = (rules: readonly NotifyRule[]): { afterMs: number; contact: Id }[] =>
    rules.flatMap((rule) =>
      contacts
        .filter(({ id, device }) => rule.contact === "*" || rule.contact === id || rule.contact === device?.contact)
        .map((contact) => ({ afterMs: rule.afterMs, contact: contact.id })),
    );
  const named = recipient.contact === null ? [] : expand([{ afterMs: 0, contact: recipient.contact }]);
  if (named.length > 0) return named;
  const own = expand(recipient.person.notify[urgency]);
  if (own.length > 0) return own;
  const byDefault = expand(roster.defaults.notify[urgency]);
  return byDefault.length > 0 ? byDefault : expand([{ afterMs: 0, contact: "*" }]);
}

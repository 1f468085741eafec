// Owns who a target means and how a person can be reached, from the roster alone. Decides nothing about time.

import type { Roster } from "./roster.ts";
import type { Contact, Id, NotifyRule, Person, Target, Urgency } from "./snapshot.ts";

export interface Recipient {
  readonly person: Person;
  /** A contact named by the target; null: the person's own rules. */
  readonly contact: Id | null;
  readonly via: string;
}

/** The people behind the targets, each once (the first target that names somebody wins), and why others fell away. */
export function recipientsOf(
  targets: readonly Target[],
  roster: Roster,
): { readonly recipients: Recipient[]; readonly problems: string[] } {
  const recipients: Recipient[] = [];
  const problems: string[] = [];
  const add = (id: Id, contact: Id | null, via: string): void => {
    const person = roster.people[id];
    if (!person) problems.push(`${via}: nobody is called ${id}`);
    else if (!person.active) problems.push(`${via}: ${id} is deactivated`);
    else if (!recipients.some((known) => known.person.id === id)) recipients.push({ person, contact, via });
  };
  for (const target of targets) {
    if (target.kind === "user") add(target.user, target.contact, `user ${target.user}`);
    else {
      const team = roster.teams[target.team];
      if (!team) problems.push(`team ${target.team} does not exist`);
      else if (team.members.length === 0) problems.push(`team ${team.id} has no members`);
      else for (const member of team.members) add(member, null, `team ${team.id}`);
    }
  }
  return { recipients, problems };
}

function usable(person: Person, roster: Roster): readonly Contact[] {
  return person.contacts.filter((contact) => roster.notifiers[contact.via] !== undefined);
}

/**
 * The rules to page this person by, every contact usable. Never silence: a person without rules for this urgency gets
 * the tenant's default, and one whose rules name nothing usable gets everything usable at once. Empty: out of reach.
 */
export function rulesFor(
  recipient: Recipient,
  urgency: Urgency,
  roster: Roster,
): readonly { readonly afterMs: number; readonly contact: Id }[] {
  const contacts = usable(recipient.person, roster);
  const expand = (rules: readonly NotifyRule[]): { afterMs: number; contact: Id }[] =>
    rules.flatMap((rule) =>
      contacts
        .filter((contact) => rule.contact === "*" || rule.contact === contact.id)
        .map((contact) => ({ afterMs: rule.afterMs, contact: contact.id })),
    );
  const named = recipient.contact === null ? [] : expand([{ afterMs: 0, contact: recipient.contact }]);
  if (named.length > 0) return named;
  const own = expand(recipient.person.notify[urgency]);
  if (own.length > 0) return own;
  const byDefault = expand(roster.defaults.notify[urgency]);
  return byDefault.length > 0 ? byDefault : expand([{ afterMs: 0, contact: "*" }]);
}

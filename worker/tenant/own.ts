// Owns what people changed of themselves at run time: their contacts and notification rules. It lies over what the document
// says and is kept whatever a document says next, unless it is told to prune `contacts` or `rules` (contract §2).

import { sameJson } from "../lib/canonical-json.ts";
import type { UserDefinition } from "./definitions.ts";
import type { TenantDocument } from "./document.ts";

type UserWords = NonNullable<TenantDocument["users"]>[number];
type Contact = UserWords["contacts"][number];
type Rules = NonNullable<UserWords["notify"]>;

/** `contacts`: by id, null where the person took one of the document's away. `notify`: null where they have no rules at all. */
export interface Own {
  readonly contacts?: Readonly<Record<string, Contact | null>>;
  readonly notify?: Rules | null;
  /** What the document says, which the above lies over. */
  readonly documented: { readonly contacts: readonly Contact[]; readonly notify?: Rules | undefined };
}

/** The user as the document writes them, without what they made their own. */
export function documentedUser(user: UserDefinition): UserWords {
  const { own, ...words } = user;
  return own === undefined ? words : rewritten(words, own.documented.contacts, own.documented.notify);
}

/** The user as the document writes them now, with what they had made their own before. */
export function withOwn(words: UserWords, before: UserDefinition | undefined, prune: readonly string[]): UserDefinition {
  const own = before?.own;
  const contacts = prune.includes("contacts") ? undefined : own?.contacts;
  const notify = prune.includes("rules") || prune.includes("notify") ? undefined : own?.notify;
  return overlaid(words, contacts, notify);
}

/** The user as somebody wants them now, told apart from what the document says. */
export function ownedBy(wanted: UserWords, before: UserDefinition): UserDefinition {
  const documented = documentedUser(before);
  const contacts: Record<string, Contact | null> = {};
  for (const contact of wanted.contacts)
    if (!documented.contacts.some((other) => sameJson(other, contact))) contacts[contact.id] = contact;
  for (const { id } of documented.contacts) if (!wanted.contacts.some((contact) => contact.id === id)) contacts[id] = null;
  const notify = sameJson(wanted.notify, documented.notify) ? undefined : (wanted.notify ?? null);
  return overlaid(rewritten(wanted, documented.contacts, documented.notify), contacts, notify);
}

function overlaid(words: UserWords, contacts: Own["contacts"], notify: Own["notify"]): UserDefinition {
  // What the document has come to say itself is nobody's own any more.
  const differing = Object.entries(contacts ?? {}).filter(
    ([id, own]) => !sameJson(own, words.contacts.find((each) => each.id === id) ?? null),
  );
  const ownNotify = notify === undefined || sameJson(notify ?? undefined, words.notify) ? undefined : notify;
  if (differing.length === 0 && ownNotify === undefined) return words;
  const over = new Map(differing);
  const kept = words.contacts.flatMap((each) => (over.has(each.id) ? (over.get(each.id) ?? []) : each));
  const added = differing.flatMap(([id, own]) => (own === null || words.contacts.some((each) => each.id === id) ? [] : own));
  const own: Own = {
    ...(differing.length === 0 ? {} : { contacts: Object.fromEntries(differing) }),
    ...(ownNotify === undefined ? {} : { notify: ownNotify }),
    documented: { contacts: words.contacts, ...(words.notify === undefined ? {} : { notify: words.notify }) },
  };
  const effective = ownNotify === undefined ? words.notify : (ownNotify ?? undefined);
  return { ...rewritten(words, [...kept, ...added], effective), own };
}

function rewritten(words: UserWords, contacts: readonly Contact[], notify: Rules | undefined): UserWords {
  const { notify: _notify, ...rest } = words;
  return { ...rest, contacts: [...contacts], ...(notify === undefined ? {} : { notify }) };
}

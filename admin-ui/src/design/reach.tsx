// Owns how it is said that no page can reach somebody, or that a policy pages nobody: the same words wherever it shows.

import type { JSX } from "preact";
import type { Directory } from "../lib/directory.ts";
import { catalogue, language, said } from "../lib/messages.ts";
import { troubleInSpanish } from "../lib/reasons-es-parts.ts";
import type { Trouble } from "../lib/shapes-oncall.ts";
import { Icon } from "./icon.tsx";
import { Avatar } from "./marks.tsx";

const words = catalogue({
  en: {
    why: { deactivated: "deactivated", "no-contact": "no contact that can be used" },
    nobody: "Pages nobody right now",
    nobodyLong: "Right now this policy pages nobody: nobody on it can be reached. Its incidents go to the tenant's fallback.",
  },
  es: {
    why: { deactivated: "cuenta desactivada", "no-contact": "sin ningún contacto que sirva" },
    nobody: "Ahora mismo no avisa a nadie",
    nobodyLong:
      "Ahora mismo esta política no avisa a nadie: nadie en ella es localizable. Sus incidencias van a la reserva de la organización.",
  },
});

/** A person, and plainly if no page can reach them. */
export function Reachable({ user, names }: { readonly user: string; readonly names: Directory }): JSX.Element {
  return (
    <span class="person">
      <Avatar name={names.person(user)} />
      {names.person(user)}
      <OutOfReach user={user} names={names} />
    </span>
  );
}

export function OutOfReach({ user, names }: { readonly user: string; readonly names: Directory }): JSX.Element | null {
  const why = names.outOfReach(user);
  if (why === null) return null;
  return (
    <span class="badge bad">
      <Icon name="warn" size={14} />
      {said(words).why[why]}
    </span>
  );
}

/** In a list: short. On the policy's own page: `long`. */
export function PagesNobody({ long = false }: { readonly long?: boolean }): JSX.Element {
  const w = said(words);
  if (long)
    return (
      <p class="note bad" role="status">
        {w.nobodyLong}
      </p>
    );
  return (
    <span class="badge bad">
      <Icon name="warn" size={14} />
      {w.nobody}
    </span>
  );
}

/** Why somebody falls away: the hub's English with names for ids, or Spanish from its data. */
export function troubleText(problem: string, trouble: Trouble | undefined, names: Directory): string {
  const speech = {
    person: names.person,
    policy: names.policy,
    team: names.team,
    schedule: names.schedule,
    at: (ms: number) => new Date(ms).toISOString(),
    span: (ms: number) => `${ms / 1_000} s`,
  };
  const own = language.value === "es" && trouble !== undefined ? troubleInSpanish(trouble, speech) : null;
  const user = typeof trouble?.["user"] === "string" ? trouble["user"] : null;
  return own ?? (user === null ? problem : problem.replaceAll(user, names.person(user)));
}

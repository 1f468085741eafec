// Owns what is said where somebody's role is too low: what it takes, and what theirs is. Whoever may sees nothing of it.

import type { JSX } from "preact";
import { Link } from "wouter-preact";
import { tenant, type Operation } from "../lib/api.ts";
import { catalogue, said } from "../lib/messages.ts";
import { roleName } from "../lib/roles.ts";
import { allowed, leastFor, may, session } from "../lib/session.ts";
import type { Role } from "../lib/shapes.ts";
import { Icon } from "./icon.tsx";
import { Empty } from "./states.tsx";

const words = catalogue({
  en: {
    read: (least: string, own: string) => `Only to read: changes here take the role ${least} or above. Yours is ${own}.`,
    readHub: "Only to read: changes here are for the hub's owner.",
    closed: (page: string) => `${page}: not with your role`,
    why: (least: string, own: string) => `It takes the role ${least} or above, and yours is ${own}. An admin can change it.`,
    back: "To the incidents",
  },
  es: {
    read: (least: string, own: string) =>
      `Solo lectura: los cambios aquí requieren el rol ${least} o superior. El tuyo es ${own}.`,
    readHub: "Solo lectura: los cambios aquí son del propietario del hub.",
    closed: (page: string) => `${page}: no con tu rol`,
    why: (least: string, own: string) =>
      `Requiere el rol ${least} o superior, y el tuyo es ${own}. Un administrador puede cambiarlo.`,
    back: "A las incidencias",
  },
});

function ownRole(): string {
  const role = session.value?.role;
  return role === undefined || role === "hub-owner" ? "" : roleName(role);
}

/** Beside what may only be read. `by`: the operation that would change it; `of`: whose role must not be above one's own. */
export function Withheld({
  by,
  params,
  of = "stakeholder",
}: {
  readonly by: Operation;
  readonly params?: Readonly<Record<string, string>>;
  readonly of?: Role;
}): JSX.Element | null {
  const mine = allowed(by, params);
  if (mine && may(of)) return null;
  const least = mine ? of : leastFor(by);
  return (
    <p class="withheld soft small">
      <Icon name="lock" size={16} />
      {least === null ? said(words).readHub : said(words).read(roleName(least), ownRole())}
    </p>
  );
}

/** Instead of a page, or of a form, that is not theirs. */
export function NotForYou({ by, title }: { readonly by: Operation; readonly title: string }): JSX.Element {
  const least = leastFor(by);
  return (
    <div class="card">
      <Empty whole icon="lock" title={said(words).closed(title)}>
        {least !== null && <p>{said(words).why(roleName(least), ownRole())}</p>}
        <Link class="button" href={`/t/${tenant.value ?? ""}/incidents`}>
          {said(words).back}
        </Link>
      </Empty>
    </div>
  );
}

// Owns the page of the simulated phones: one for each person whom the `inbox` notifier reaches, or one's own alone.

import type { JSX } from "preact";
import { Link, useSearch } from "wouter-preact";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import { allowed, session } from "../../lib/session.ts";
import type { PageProps } from "../../pages.ts";
import { useInbox, useInboxUsers, useIncidentStates } from "./inbox.ts";
import { Phone } from "./phone.tsx";

const words = catalogue({
  en: {
    title: "Simulated phones",
    why: "Pages by the notifier “inbox” arrive here: the whole way of a page is real, only the last step needs no provider.",
    whose: "Whose phone",
    all: "Everybody's",
    none: "Nobody is reached by a simulated phone",
    how: "Give a person a contact by “inbox”, and their pages show here.",
    people: "People",
  },
  es: {
    title: "Teléfonos simulados",
    why: "Aquí llegan los avisos del canal «inbox»: todo el camino es real, solo el último paso no necesita proveedor.",
    whose: "De quién",
    all: "De todos",
    none: "A nadie se le avisa por un teléfono simulado",
    how: "Da a una persona un contacto por «inbox», y sus avisos aparecerán aquí.",
    people: "Personas",
  },
});

export default function Phones(_: PageProps): JSX.Element {
  const w = said(words);
  const { person } = useDirectory();
  const asked = new URLSearchParams(useSearch()).get("user");
  const own = allowed("listInbox") ? null : (session.value?.user ?? "");
  const only = own ?? asked;
  const inbox = useInbox(only);
  const users = useInboxUsers(own);
  const incidents = useIncidentStates();
  const messages = inbox.data?.items ?? [];
  // Whose phone rang last stands first.
  const everybody = [...new Set([...messages.map((each) => each.user), ...(users ?? [])])];
  const shown = only === null ? everybody : [only];
  const chips = own === null ? [...new Set([...(asked === null ? [] : [asked]), ...everybody, ...(users ?? [])])] : [];
  const here = `/t/${tenant.value}/phones`;
  return (
    <>
      <div class="page-head">
        <h1>{w.title}</h1>
      </div>
      <p class="soft">{w.why}</p>
      {chips.length > 1 && (
        <nav class="chips" aria-label={w.whose}>
          <Link class="chip" href={here} aria-current={asked === null ? "true" : undefined}>
            {w.all}
          </Link>
          {chips.toSorted().map((user) => (
            <Link key={user} class="chip" href={`${here}?user=${user}`} aria-current={asked === user ? "true" : undefined}>
              {person(user)}
            </Link>
          ))}
        </nav>
      )}
      {inbox.error !== null && <Trouble problem={inbox.error} onAgain={() => refresh("inbox")} />}
      {inbox.data === null && inbox.error === null && <Skeleton lines={5} />}
      {inbox.data !== null && users !== null && shown.length === 0 && (
        <Empty icon="phone" title={w.none}>
          <p>{w.how}</p>
          <Link class="button" href={`/t/${tenant.value}/people`}>
            {w.people}
          </Link>
        </Empty>
      )}
      {inbox.data !== null && (
        <div class="phones">
          {shown.map((user) => (
            <Phone key={user} user={user} messages={messages.filter((each) => each.user === user)} incidents={incidents} />
          ))}
        </div>
      )}
    </>
  );
}

// Owns the list of people, and who of them could not be reached.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Icon } from "../../design/icon.tsx";
import { Listing } from "../../design/listing.tsx";
import { Avatar } from "../../design/marks.tsx";
import { call, tenant } from "../../lib/api.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { pageMax, usePaged } from "../../lib/paging.ts";
import { roleName } from "../../lib/roles.ts";
import type { PageProps } from "../../pages.ts";
import { PersonDialog } from "./person-dialog.tsx";

const words = catalogue({
  en: {
    title: "People",
    make: "New person",
    none: "Nobody yet",
    noneWhy: "People are whom pages go to. Each says by which contacts, and in which order.",
    nothing: (q: string) => `Nobody is called “${q}”.`,
    find: "Find a person",
    unreachable: "No contact: no page can reach them",
    inactive: "Deactivated",
    contacts: (n: number) => (n === 1 ? "1 contact" : `${n} contacts`),
  },
  es: {
    title: "Personas",
    make: "Nueva persona",
    none: "Aún no hay nadie",
    noneWhy: "Las personas reciben los avisos. Cada una dice por qué contactos y en qué orden.",
    nothing: (q: string) => `Nadie se llama «${q}».`,
    find: "Buscar a una persona",
    unreachable: "Sin contacto: ningún aviso puede llegarle",
    inactive: "Desactivada",
    contacts: (n: number) => (n === 1 ? "1 contacto" : `${n} contactos`),
  },
});

export default function People(_: PageProps): JSX.Element {
  const w = said(words);
  const [, go] = useLocation();
  const [q, setQ] = useState("");
  const [making, setMaking] = useState(false);
  const list = usePaged(`users?q=${q}`, (cursor) => call("listUsers", { query: { limit: pageMax, q, cursor } }));
  const home = `/t/${tenant.value}/people`;
  const make = (
    <Button tone="go" icon="plus" onClick={() => setMaking(true)}>
      {w.make}
    </Button>
  );
  return (
    <>
      <Listing
        title={w.title}
        topic="users"
        list={list}
        make={make}
        by="createUser"
        find={{ label: w.find, value: q, onInput: setQ, nothing: w.nothing(q) }}
        empty={{ icon: "people", title: w.none, text: w.noneWhy }}
      >
        {(user) => (
          <Link class="go-there" href={`${home}/${user.id}`}>
            <Avatar name={user.name ?? user.id} />
            <span class="grow">
              <strong>{user.name ?? user.id}</strong>
              <br />
              <span class="soft small">
                {[roleName(user.role), user.email, w.contacts(user.contacts.length)].filter(Boolean).join(" · ")}
              </span>
            </span>
            {!user.active && <span class="badge">{w.inactive}</span>}
            {user.active && user.contacts.length === 0 && user.role !== "stakeholder" && (
              <span class="badge look">
                <Icon name="warn" size={14} />
                {w.unreachable}
              </span>
            )}
          </Link>
        )}
      </Listing>
      {making && <PersonDialog onClose={() => setMaking(false)} onMade={(id) => go(`${home}/${id}`)} />}
    </>
  );
}

// Owns the list of people, and who of them could not be reached.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Icon } from "../../design/icon.tsx";
import { Avatar } from "../../design/marks.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { call, tenant } from "../../lib/api.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { may } from "../../lib/session.ts";
import type { PageProps } from "../../pages.ts";
import { Search } from "../services/search.tsx";
import { PersonDialog } from "./person-dialog.tsx";
import { roleNames } from "./roles.ts";

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
  const list = useRead(`users?q=${q}`, () => call("listUsers", { query: { limit: 200, q: q === "" ? undefined : q } }));
  const items = list.data?.items ?? [];
  const home = `/t/${tenant.value}/people`;
  const make = (
    <Button tone="go" icon="plus" onClick={() => setMaking(true)}>
      {w.make}
    </Button>
  );
  return (
    <>
      <div class="page-head">
        <h1>{w.title}</h1>
        {may("admin") && make}
      </div>
      <Search label={w.find} value={q} onInput={setQ} />
      {list.error !== null && <Trouble problem={list.error} onAgain={() => refresh("users")} />}
      {list.data === null && list.error === null && <Skeleton lines={5} />}
      {list.data !== null && items.length === 0 && q !== "" && <p class="soft">{w.nothing(q)}</p>}
      {list.data !== null && items.length === 0 && q === "" && (
        <div class="card">
          <Empty icon="people" title={w.none}>
            <p>{w.noneWhy}</p>
            {may("admin") && make}
          </Empty>
        </div>
      )}
      {items.length > 0 && (
        <ul class="card rows">
          {items.map((user) => (
            <li key={user.id}>
              <Link class="go-there" href={`${home}/${user.id}`}>
                <Avatar name={user.name ?? user.id} />
                <span class="grow">
                  <strong>{user.name ?? user.id}</strong>
                  <br />
                  <span class="soft small">
                    {[said(roleNames)[user.role], user.email, w.contacts(user.contacts.length)].filter(Boolean).join(" · ")}
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
            </li>
          ))}
        </ul>
      )}
      {making && <PersonDialog onClose={() => setMaking(false)} onMade={(id) => go(`${home}/${id}`)} />}
    </>
  );
}

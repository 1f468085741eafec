// Owns the list of policies, each with whom it would page first right now.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Icon } from "../../design/icon.tsx";
import { Avatar } from "../../design/marks.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { call, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { may } from "../../lib/session.ts";
import type { PageProps } from "../../pages.ts";
import { Search } from "../services/search.tsx";
import "../../design/editing.css";

const words = catalogue({
  en: {
    title: "Policies",
    make: "New policy",
    none: "No policy yet",
    noneWhy: "A policy is a ladder: whom to page first, and whom next if nobody acknowledges in time.",
    nothing: (q: string) => `No policy is called “${q}”.`,
    steps: (n: number) => (n === 1 ? "1 step" : `${n} steps`),
    first: "First, right now",
    nobody: "nobody right now",
    find: "Find a policy",
  },
  es: {
    title: "Políticas",
    make: "Nueva política",
    none: "Aún no hay políticas",
    noneWhy: "Una política es una escalera: a quién avisar primero y a quién después si nadie reconoce a tiempo.",
    nothing: (q: string) => `Ninguna política se llama «${q}».`,
    steps: (n: number) => (n === 1 ? "1 paso" : `${n} pasos`),
    first: "Primero, ahora mismo",
    nobody: "nadie ahora mismo",
    find: "Buscar una política",
  },
});

export default function Policies(_: PageProps): JSX.Element {
  const w = said(words);
  const { person } = useDirectory();
  const [q, setQ] = useState("");
  const list = useRead("policies", () => call("listPolicies", { query: { limit: 200 } }));
  const oncall = useRead("oncall/policies", () => call("getOncall"), { everyMs: 60_000 });
  const items = (list.data?.items ?? []).filter(({ id, name }) => `${id} ${name ?? ""}`.toLowerCase().includes(q.toLowerCase()));
  const link = (
    <Link class="button go" href={`/t/${tenant.value}/policies/-`}>
      <Icon name="plus" size={18} />
      {w.make}
    </Link>
  );
  return (
    <>
      <div class="page-head">
        <h1>{w.title}</h1>
        {may("manager") && link}
      </div>
      {list.error !== null && <Trouble problem={list.error} onAgain={() => refresh("policies")} />}
      {list.data === null && list.error === null && <Skeleton lines={5} />}
      {list.data !== null && list.data.items.length === 0 && (
        <div class="card">
          <Empty icon="ladder" title={w.none}>
            <p>{w.noneWhy}</p>
            {may("manager") && link}
          </Empty>
        </div>
      )}
      {list.data !== null && list.data.items.length > 0 && (
        <>
          <Search label={w.find} value={q} onInput={setQ} />
          {items.length === 0 && <p class="soft">{w.nothing(q)}</p>}
          <ul class="card rows" hidden={items.length === 0}>
            {items.map((policy) => {
              const first = oncall.data?.policies.find((each) => each.policy === policy.id);
              return (
                <li key={policy.id}>
                  <Link class="go-there" href={`/t/${tenant.value}/policies/${policy.id}`}>
                    <span class="grow">
                      <strong>{policy.name ?? policy.id}</strong>
                      <br />
                      <span class="soft small">{w.steps(policy.steps.length)}</span>
                    </span>
                    {first !== undefined && (
                      <span class="row small">
                        <span class="unseen">{w.first}: </span>
                        {first.users.length === 0 ? (
                          <span class="badge look">
                            <Icon name="warn" size={14} />
                            {w.nobody}
                          </span>
                        ) : (
                          first.users.slice(0, 3).map((user) => (
                            <span key={user} class="person">
                              <Avatar name={person(user)} />
                              {person(user)}
                            </span>
                          ))
                        )}
                      </span>
                    )}
                  </Link>
                </li>
              );
            })}
          </ul>
        </>
      )}
    </>
  );
}

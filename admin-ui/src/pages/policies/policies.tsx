// Owns the list of policies, each with whom it would page first right now.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Icon } from "../../design/icon.tsx";
import { Listing, MakeLink } from "../../design/listing.tsx";
import { PagesNobody, Reachable, troubleText } from "../../design/reach.tsx";
import { call, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { pageMax, usePaged } from "../../lib/paging.ts";
import { useRead } from "../../lib/query.ts";
import type { PageProps } from "../../pages.ts";
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
    nobody: "depends on the incident",
    at: (step: number) => `step ${step}`,
    end: "at its end",
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
    nobody: "depende de la incidencia",
    at: (step: number) => `paso ${step}`,
    end: "al final",
    find: "Buscar una política",
  },
});

export default function Policies(_: PageProps): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const [q, setQ] = useState("");
  const list = usePaged(`policies?q=${q}`, (cursor) => call("listPolicies", { query: { limit: pageMax, q, cursor } }));
  const oncall = useRead("oncall/policies", () => call("getOncall"), { everyMs: 60_000 });
  const home = `/t/${tenant.value}/policies`;
  return (
    <Listing
      title={w.title}
      topic="policies"
      list={list}
      make={<MakeLink href={`${home}/-`}>{w.make}</MakeLink>}
      by="createPolicy"
      find={{ label: w.find, value: q, onInput: setQ, nothing: w.nothing(q) }}
      empty={{ icon: "ladder", title: w.none, text: w.noneWhy }}
    >
      {(policy) => {
        const first = oncall.data?.policies.find((each) => each.policy === policy.id);
        return (
          <Link class="go-there" href={`${home}/${policy.id}`}>
            <span class="grow">
              <strong>{policy.name ?? policy.id}</strong>
              <br />
              <span class="soft small">{w.steps(policy.steps.length)}</span>
            </span>
            {first !== undefined && (
              <span class="row small">
                {first.users.length > 0 ? (
                  <>
                    <span class={first.step === 1 ? "unseen" : "soft"}>
                      {w.first}
                      {first.step === 1 ? ": " : ` (${first.step === null ? w.end : w.at(first.step)}): `}
                    </span>
                    {first.users.slice(0, 3).map((user) => (
                      <Reachable key={user} user={user} names={names} />
                    ))}
                  </>
                ) : first.depends ? (
                  <span class="soft">{w.nobody}</span>
                ) : (
                  <PagesNobody />
                )}
                {first.problems.slice(0, 2).map((problem, i) => (
                  <span key={problem} class="badge bad">
                    <Icon name="warn" size={14} />
                    {troubleText(problem, first.troubles[i], names)}
                  </span>
                ))}
              </span>
            )}
          </Link>
        );
      }}
    </Listing>
  );
}

// Owns the list of teams: who is in them, and who is on call for them now.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Listing, MakeLink } from "../../design/listing.tsx";
import { Avatar } from "../../design/marks.tsx";
import { call, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { pageMax, usePaged } from "../../lib/paging.ts";
import type { PageProps } from "../../pages.ts";
import { TeamDialog } from "./team-dialog.tsx";

const words = catalogue({
  en: {
    title: "Teams",
    make: "New team",
    none: "No team yet",
    noneWhy: "A team owns services and schedules. A policy can page all of it, or one of it in turn.",
    nothing: (q: string) => `No team is called “${q}”.`,
    find: "Find a team",
    members: (n: number) => (n === 1 ? "1 person" : `${n} people`),
    empty: "Nobody in it",
    more: (n: number) => `+${n}`,
  },
  es: {
    title: "Equipos",
    make: "Nuevo equipo",
    none: "Aún no hay equipos",
    noneWhy: "Un equipo tiene servicios y calendarios. Una política puede avisar a todo el equipo, o a uno por turnos.",
    nothing: (q: string) => `Ningún equipo se llama «${q}».`,
    find: "Buscar un equipo",
    members: (n: number) => (n === 1 ? "1 persona" : `${n} personas`),
    empty: "Nadie en él",
    more: (n: number) => `+${n}`,
  },
});

const facesShown = 6;

export default function Teams({ params }: PageProps): JSX.Element {
  const w = said(words);
  const [, go] = useLocation();
  const { person } = useDirectory();
  const [q, setQ] = useState("");
  const list = usePaged(`teams?q=${q}`, (cursor) => call("listTeams", { query: { limit: pageMax, q, cursor } }));
  const home = `/t/${tenant.value}/teams`;
  const opened = params["team"] ?? null;
  return (
    <>
      <Listing
        title={w.title}
        topic="teams"
        list={list}
        make={<MakeLink href={`${home}/-`}>{w.make}</MakeLink>}
        by="createTeam"
        find={{ label: w.find, value: q, onInput: setQ, nothing: w.nothing(q) }}
        empty={{ icon: "people", title: w.none, text: w.noneWhy }}
      >
        {(team) => (
          <Link class="go-there" href={`${home}/${team.id}`}>
            <span class="grow">
              <strong>{team.name ?? team.id}</strong>
              <br />
              <span class="soft small">{team.members.length === 0 ? w.empty : w.members(team.members.length)}</span>
            </span>
            <span class="faces">
              {team.members.slice(0, facesShown).map((user) => (
                <span key={user} title={person(user)}>
                  <Avatar name={person(user)} />
                </span>
              ))}
              {team.members.length > facesShown && <span class="soft small">{w.more(team.members.length - facesShown)}</span>}
            </span>
          </Link>
        )}
      </Listing>
      {opened !== null && <TeamDialog key={opened} id={opened} onClose={() => go(home)} />}
    </>
  );
}

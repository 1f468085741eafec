// Owns reading, editing and making one team.

import type { JSX } from "preact";
import { Button } from "../../design/button.tsx";
import { Avatar } from "../../design/marks.tsx";
import { NameFields, ObjectDialog } from "../../design/object-dialog.tsx";
import { Sortable } from "../../design/sortable.tsx";
import { call } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { moved, without } from "../../lib/editing.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { useObject } from "../../lib/object.ts";
import type { TeamWords } from "../../lib/shapes-oncall.ts";

const words = catalogue({
  en: {
    make: "New team",
    idHint: "What policies, services and the API call it. It stays.",
    members: "Members, in the order in which they take turns",
    managers: "Managers",
    add: "Add a person…",
    remove: (name: string) => `Remove ${name}`,
    nobody: "Nobody yet.",
    save: "Save team",
    saved: "Team saved",
    gone: "Team deleted",
    why: "Services, schedules and policies that name it must name another first.",
  },
  es: {
    make: "Nuevo equipo",
    idHint: "Así lo llaman las políticas, los servicios y la API. No cambia.",
    members: "Miembros, en el orden en que se turnan",
    managers: "Responsables",
    add: "Añadir a alguien…",
    remove: (name: string) => `Quitar a ${name}`,
    nobody: "Nadie todavía.",
    save: "Guardar equipo",
    saved: "Equipo guardado",
    gone: "Equipo eliminado",
    why: "Antes, los servicios, calendarios y políticas que lo nombran deben nombrar otro.",
  },
});

const empty: TeamWords = { id: "", members: [], managers: [] };

export function TeamDialog({ id: asked, onClose }: { readonly id: string; readonly onClose: () => void }): JSX.Element {
  const w = said(words);
  const object = useObject<TeamWords>({
    asked,
    empty,
    get: (id) => call("getTeam", { id }),
    create: (body) => call("createTeam", { body }),
    replace: (id, body, headers) => call("replaceTeam", { id, body, headers }),
    remove: (id) => call("deleteTeam", { id }),
    topics: ["teams", "directory"],
    saved: w.saved,
    gone: w.gone,
    onDone: onClose,
  });
  const { set } = object;
  return (
    <ObjectDialog object={object} title={w.make} save={w.save} why={w.why} by="replaceTeam" what="team" onClose={onClose}>
      {(draft) => (
        <>
          <NameFields object={object} hint={w.idHint} />
          <People label={w.members} chosen={draft.members} onChange={(members) => set("members", members)} />
          <People label={w.managers} chosen={draft.managers} onChange={(managers) => set("managers", managers)} />
        </>
      )}
    </ObjectDialog>
  );
}

function People({
  label,
  chosen,
  onChange,
}: {
  readonly label: string;
  readonly chosen: readonly string[];
  readonly onChange: (people: readonly string[]) => void;
}): JSX.Element {
  const w = said(words);
  const { users, person } = useDirectory();
  const others = users
    .filter((each) => each.active && !chosen.includes(each.id))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  return (
    <fieldset class="stack-s">
      <legend class="fields-label">{label}</legend>
      {chosen.length === 0 && <p class="soft small">{w.nobody}</p>}
      <Sortable items={chosen} nameOf={person} onMove={(from, to) => onChange(moved(chosen, from, to))}>
        {(user, at) => (
          <span class="spread">
            <span class="person">
              <Avatar name={person(user)} />
              {person(user)}
            </span>
            <Button
              size="small"
              tone="quiet"
              icon="trash"
              label={w.remove(person(user))}
              onClick={() => onChange(without(chosen, at))}
            />
          </span>
        )}
      </Sortable>
      <select
        class="input"
        aria-label={`${label}: ${w.add}`}
        value=""
        onChange={(event) => {
          const { value } = event.currentTarget;
          event.currentTarget.value = "";
          if (value !== "") onChange([...chosen, value]);
        }}
      >
        <option value="">{w.add}</option>
        {others.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </select>
    </fieldset>
  );
}

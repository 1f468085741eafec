// Owns reading, editing and making one team.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Conflict } from "../../design/conflict.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { TextField } from "../../design/field.tsx";
import { Avatar } from "../../design/marks.tsx";
import { Remove } from "../../design/remove.tsx";
import { Sortable } from "../../design/sortable.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, Problem } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { moved, slugOf, useSaving, without, wordsOf } from "../../lib/editing.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import { may } from "../../lib/session.ts";
import type { TeamWords } from "../../lib/shapes-oncall.ts";
import { tell } from "../../lib/toast.ts";

const words = catalogue({
  en: {
    make: "New team",
    name: "Name",
    id: "Id",
    idHint: "What policies, services and the API call it. It stays.",
    members: "Members, in the order in which they take turns",
    managers: "Managers",
    add: "Add a person…",
    remove: (name: string) => `Remove ${name}`,
    nobody: "Nobody yet.",
    save: "Save team",
    cancel: "Cancel",
    close: "Close",
    saved: "Team saved",
    gone: "Team deleted",
    why: "Services, schedules and policies that name it must name another first.",
  },
  es: {
    make: "Nuevo equipo",
    name: "Nombre",
    id: "Id",
    idHint: "Así lo llaman las políticas, los servicios y la API. No cambia.",
    members: "Miembros, en el orden en que se turnan",
    managers: "Responsables",
    add: "Añadir a alguien…",
    remove: (name: string) => `Quitar a ${name}`,
    nobody: "Nadie todavía.",
    save: "Guardar equipo",
    cancel: "Cancelar",
    close: "Cerrar",
    saved: "Equipo guardado",
    gone: "Equipo eliminado",
    why: "Antes, los servicios, calendarios y políticas que lo nombran deben nombrar otro.",
  },
});

const empty: TeamWords = { id: "", members: [], managers: [] };

export function TeamDialog({ id: asked, onClose }: { readonly id: string; readonly onClose: () => void }): JSX.Element {
  const w = said(words);
  const isNew = asked === "-";
  const saving = useSaving();
  const [draft, setDraft] = useState<TeamWords | null>(isNew ? empty : null);
  const [etag, setEtag] = useState<string | null>(null);
  const [failed, setFailed] = useState<Problem | null>(null);
  const mayChange = may("manager");
  async function load(): Promise<void> {
    if (isNew) return;
    saving.clear();
    try {
      const stored = await call("getTeam", { id: asked });
      setDraft(wordsOf(stored));
      setEtag(stored.meta.etag);
      setFailed(null);
    } catch (error) {
      if (error instanceof Problem) setFailed(error);
    }
  }
  useEffect(() => void load(), [asked]);
  const name = draft?.name ?? draft?.id ?? asked;
  if (draft === null)
    return (
      <Dialog title={name} onClose={onClose}>
        {failed === null ? <Skeleton /> : <Trouble problem={failed} onAgain={load} />}
      </Dialog>
    );
  const id = isNew && draft.id === "" ? slugOf(draft.name ?? "") : draft.id;
  async function save(match: string | null): Promise<void> {
    const body = { ...draft, id } as TeamWords;
    const done = await saving.save(match, (headers) =>
      isNew ? call("createTeam", { body: body }) : call("replaceTeam", { id, body: body, headers }),
    );
    if (!done) return;
    refresh("teams", "directory");
    tell(w.saved);
    onClose();
  }
  async function remove(): Promise<void> {
    if (!(await saving.save(null, () => call("deleteTeam", { id: asked })))) return;
    refresh("teams", "directory");
    tell(w.gone);
    onClose();
  }
  return (
    <Dialog title={isNew ? w.make : name} onClose={onClose} {...(mayChange ? { onSubmit: () => void save(etag) } : {})}>
      <fieldset class="stack" disabled={!mayChange}>
        <TextField
          label={w.name}
          value={draft.name ?? ""}
          wrong={saving.wrongAt("name")}
          onInput={(value) => {
            const { name: _name, ...rest } = draft;
            setDraft(value === "" ? rest : { ...rest, name: value });
          }}
        />
        {isNew && (
          <TextField
            label={w.id}
            value={id}
            required
            hint={w.idHint}
            wrong={saving.wrongAt("id")}
            onInput={(value) => setDraft({ ...draft, id: value })}
          />
        )}
        <People label={w.members} chosen={draft.members} onChange={(members) => setDraft({ ...draft, members })} />
        <People label={w.managers} chosen={draft.managers} onChange={(managers) => setDraft({ ...draft, managers })} />
      </fieldset>
      <Conflict saving={saving} onTheirs={() => void load()} onMine={() => void save(null)} />
      <div class="actions">
        {!isNew && mayChange && <Remove name={name} why={w.why} problem={saving.problem} onRemove={remove} />}
        <Button onClick={onClose}>{mayChange ? w.cancel : w.close}</Button>
        {mayChange && (
          <Button tone="go" type="submit" busy={saving.busy}>
            {w.save}
          </Button>
        )}
      </div>
    </Dialog>
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

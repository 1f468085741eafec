// Owns whose turn it is, in order: one person, several together, or nobody on purpose. Put in order by drag or arrow keys.

import type { JSX } from "preact";
import { Button } from "../../design/button.tsx";
import { Avatar } from "../../design/marks.tsx";
import { Sortable } from "../../design/sortable.tsx";
import { useDirectory } from "../../lib/directory.ts";
import { moved, replaced, without } from "../../lib/editing.ts";
import { catalogue, said } from "../../lib/messages.ts";
import type { LayerWords } from "../../lib/shapes-oncall.ts";
import { slotText } from "./summary.ts";

const words = catalogue({
  en: {
    turns: "Turns, in order",
    add: "Add a person…",
    nobody: "Add nobody, on purpose",
    together: "Together with…",
    remove: (name: string) => `Remove ${name}`,
    empty: "Nobody, on purpose",
    none: "No turn yet: nobody would be on call in this layer.",
  },
  es: {
    turns: "Turnos, en orden",
    add: "Añadir a alguien…",
    nobody: "Añadir nadie, a propósito",
    together: "Junto con…",
    remove: (name: string) => `Quitar a ${name}`,
    empty: "Nadie, a propósito",
    none: "Aún no hay turnos: nadie estaría de guardia en esta capa.",
  },
});

type Slots = LayerWords["users"];

export function Slots({
  slots,
  path,
  wrongAt,
  onChange,
}: {
  readonly slots: Slots;
  /** `layers[0].users`. */
  readonly path: string;
  readonly wrongAt: (path: string) => string | null;
  readonly onChange: (slots: Slots) => void;
}): JSX.Element {
  const w = said(words);
  const { users, person } = useDirectory();
  const people = users.filter((each) => each.active).toSorted((a, b) => a.name.localeCompare(b.name));
  const choose = (label: string, chosen: readonly string[], add: (user: string) => void): JSX.Element => (
    <select
      class="input choose"
      aria-label={label}
      value=""
      onChange={(event) => {
        const { value } = event.currentTarget;
        event.currentTarget.value = "";
        if (value !== "") add(value);
      }}
    >
      <option value="">{label}</option>
      {people
        .filter((each) => !chosen.includes(each.id))
        .map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
    </select>
  );
  const problem = wrongAt(path);
  return (
    <fieldset class="stack-s">
      <legend class="legend-label">{w.turns}</legend>
      {slots.length === 0 && <p class="soft small">{w.none}</p>}
      <Sortable items={slots} nameOf={(slot) => slotText(slot, person)} onMove={(from, to) => onChange(moved(slots, from, to))}>
        {(slot, at) => {
          const inside = slot === null ? [] : typeof slot === "string" ? [slot] : slot;
          const wrong =
            wrongAt(`${path}[${at}]`) ?? inside.map((_, i) => wrongAt(`${path}[${at}][${i}]`)).find((each) => each !== null);
          return (
            <div class="slot">
              {slot === null && <span class="soft">{w.empty}</span>}
              {inside.map((user) => (
                <span key={user} class="person-chip">
                  <Avatar name={person(user)} />
                  {person(user)}
                  {inside.length > 1 && (
                    <button
                      type="button"
                      class="take"
                      aria-label={w.remove(person(user))}
                      onClick={() => {
                        const rest = inside.filter((each) => each !== user);
                        onChange(replaced(slots, at, rest.length === 1 ? (rest[0] ?? null) : rest));
                      }}
                    >
                      ×
                    </button>
                  )}
                </span>
              ))}
              {slot !== null && choose(w.together, inside, (user) => onChange(replaced(slots, at, [...inside, user])))}
              <Button
                size="small"
                tone="quiet"
                icon="trash"
                label={w.remove(slot === null ? w.empty : slotText(slot, person))}
                onClick={() => onChange(without(slots, at))}
              />
              {wrong != null && <p class="wrong">{wrong}</p>}
            </div>
          );
        }}
      </Sortable>
      {problem !== null && <p class="wrong">{problem}</p>}
      <div class="row">
        {choose(w.add, [], (user) => onChange([...slots, user]))}
        <Button size="small" tone="quiet" onClick={() => onChange([...slots, null])}>
          {w.nobody}
        </Button>
      </div>
    </fieldset>
  );
}

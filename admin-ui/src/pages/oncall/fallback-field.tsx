// Owns who is on call when nobody is: one person, or several together.

import type { JSX } from "preact";
import { Field } from "../../design/field.tsx";
import { Avatar } from "../../design/marks.tsx";
import { useDirectory } from "../../lib/directory.ts";
import { catalogue, said } from "../../lib/messages.ts";
import type { ScheduleWords } from "../../lib/shapes-oncall.ts";

const words = catalogue({
  en: {
    label: "When nobody is on call",
    none: "Nobody: the policy moves on at once",
    more: "Together with…",
    remove: (name: string) => `Remove ${name}`,
  },
  es: {
    label: "Cuando no hay nadie de guardia",
    none: "Nadie: la política sigue enseguida",
    more: "Junto con…",
    remove: (name: string) => `Quitar a ${name}`,
  },
});

type Fallback = ScheduleWords["fallback"];

export function FallbackField({
  fallback,
  wrongAt,
  onChange,
}: {
  readonly fallback: Fallback;
  readonly wrongAt: (path: string) => string | null;
  readonly onChange: (fallback: Fallback) => void;
}): JSX.Element {
  const w = said(words);
  const { users, person } = useDirectory();
  const chosen = fallback === null ? [] : "user" in fallback ? [fallback.user] : fallback.users;
  const set = (next: readonly string[]): void => {
    const [only] = next;
    onChange(only === undefined ? null : next.length === 1 ? { user: only } : { users: next });
  };
  const wrong = ["fallback", "fallback.user", "fallback.users", ...chosen.map((_, i) => `fallback.users[${i}]`)]
    .map(wrongAt)
    .find((each) => each !== null);
  return (
    <Field label={w.label} wrong={wrong ?? null}>
      {(tied) => (
        <div class="stack-s">
          {chosen.length > 0 && (
            <div class="slot">
              {chosen.map((user) => (
                <span key={user} class="person-chip">
                  <Avatar name={person(user)} />
                  {person(user)}
                  <button
                    type="button"
                    class="take"
                    aria-label={w.remove(person(user))}
                    onClick={() => set(chosen.filter((each) => each !== user))}
                  >
                    ×
                  </button>
                </span>
              ))}
            </div>
          )}
          <select
            class="input"
            value=""
            {...tied}
            onChange={(event) => {
              const { value } = event.currentTarget;
              event.currentTarget.value = "";
              if (value !== "") set([...chosen, value]);
            }}
          >
            <option value="">{chosen.length === 0 ? w.none : w.more}</option>
            {users
              .filter((each) => each.active && !chosen.includes(each.id))
              .toSorted((a, b) => a.name.localeCompare(b.name))
              .map((each) => (
                <option key={each.id} value={each.id}>
                  {each.name}
                </option>
              ))}
          </select>
        </div>
      )}
    </Field>
  );
}

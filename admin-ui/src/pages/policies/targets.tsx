// Owns whom a step pages: read out with who that is right now, and edited as a list.

import type { JSX } from "preact";
import { Button } from "../../design/button.tsx";
import { Icon } from "../../design/icon.tsx";
import { Avatar } from "../../design/marks.tsx";
import { OutOfReach, Reachable, troubleText } from "../../design/reach.tsx";
import { useDirectory, type Directory } from "../../lib/directory.ts";
import { replaced, without } from "../../lib/editing.ts";
import { catalogue, said } from "../../lib/messages.ts";
import type { Reached, Target } from "../../lib/shapes-oncall.ts";

const words = catalogue({
  en: {
    kinds: {
      schedule: "Schedule",
      user: "Person",
      team: "Team",
      owner: "The service's team",
      policy: "Another policy",
    },
    who: { current: "who is on call", next: "who is next", everyone: "everybody in it" },
    strategies: { all: "everybody", "round-robin": "one, in turn", random: "one, drawn" },
    said: {
      current: (name: string) => `On call for ${name}`,
      next: (name: string) => `Next on call for ${name}`,
      everyone: (name: string) => `Everybody in ${name}`,
      all: (name: string) => `All of ${name}`,
      "round-robin": (name: string) => `One of ${name}, in turn`,
      random: (name: string) => `One of ${name}, drawn`,
      policy: (name: string) => `Starts policy ${name} beside`,
      owner: "All of the team that owns the service",
      contact: (name: string, contact: string) => `${name}, by ${contact}`,
    },
    oneOf: "one of",
    depends: "depends on the incident's service",
    kind: "Kind of target",
    target: "Target",
    which: "Who of it",
    contact: "By this contact",
    contactHint: "by their own rules",
    add: "Add somebody to page",
    remove: "Remove this target",
    none: "Nobody is paged here.",
    now: "Right now",
  },
  es: {
    kinds: {
      schedule: "Calendario",
      user: "Persona",
      team: "Equipo",
      owner: "El equipo del servicio",
      policy: "Otra política",
    },
    who: { current: "quien está de guardia", next: "quien va después", everyone: "todos los que hay" },
    strategies: { all: "todos", "round-robin": "uno, por turnos", random: "uno, al azar" },
    said: {
      current: (name: string) => `De guardia en ${name}`,
      next: (name: string) => `Después de guardia en ${name}`,
      everyone: (name: string) => `Todos los de ${name}`,
      all: (name: string) => `Todo el equipo ${name}`,
      "round-robin": (name: string) => `Uno de ${name}, por turnos`,
      random: (name: string) => `Uno de ${name}, al azar`,
      policy: (name: string) => `Inicia en paralelo la política ${name}`,
      owner: "Todo el equipo dueño del servicio",
      contact: (name: string, contact: string) => `${name}, por ${contact}`,
    },
    oneOf: "uno de",
    depends: "depende del servicio de la incidencia",
    kind: "Tipo de destino",
    target: "Destino",
    which: "Quién",
    contact: "Por este contacto",
    contactHint: "según sus reglas",
    add: "Añadir a quién avisar",
    remove: "Quitar este destino",
    none: "Aquí no se avisa a nadie.",
    now: "Ahora mismo",
  },
});

type Kind = "schedule" | "user" | "team" | "owner" | "policy";
const kinds: readonly Kind[] = ["schedule", "user", "team", "owner", "policy"];

function kindOf(target: Target): Kind {
  return kinds.find((kind) => kind in target) ?? "user";
}

export function targetText(target: Target, d: Directory): string {
  const w = said(words).said;
  if ("schedule" in target) return w[target.who ?? "current"](d.schedule(target.schedule));
  if ("team" in target) return w[target.strategy ?? "all"](d.team(target.team));
  if ("policy" in target) return w.policy(d.policy(target.policy));
  if ("owner" in target) return w.owner;
  return target.contact === undefined ? d.person(target.user) : w.contact(d.person(target.user), target.contact);
}

/** `reached`: null while it is not known. */
export function TargetsRead({
  targets,
  reached,
}: {
  readonly targets: readonly Target[];
  readonly reached: readonly Reached[] | null;
}): JSX.Element {
  const w = said(words);
  const d = useDirectory();
  if (targets.length === 0) return <p class="soft">{w.none}</p>;
  return (
    <ul class="targets">
      {targets.map((target, i) => {
        const now = reached?.[i];
        return (
          <li key={i}>
            <strong class="person">
              {"user" in target && <Avatar name={d.person(target.user)} />}
              {targetText(target, d)}
              {"user" in target && <OutOfReach user={target.user} names={d} />}
            </strong>
            {now !== undefined && !("policy" in target) && (
              <span class="reached">
                {now.owner && <span class="soft small">{w.depends}</span>}
                {now.users.length > 0 && !("user" in target) && <span class="unseen">{w.now}: </span>}
                {now.oneOf && now.users.length > 1 && <span class="soft small">{w.oneOf}</span>}
                {("user" in target ? [] : now.users).map((user) => (
                  <Reachable key={user} user={user} names={d} />
                ))}
                {now.problems.map(
                  (problem, n) =>
                    !("user" in target && d.outOfReach(target.user) !== null) && (
                      <span key={problem} class="badge look">
                        <Icon name="warn" size={14} />
                        {troubleText(problem, now.troubles[n], d)}
                      </span>
                    ),
                )}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

export function TargetsEdit({
  label,
  targets,
  path,
  wrongAt,
  onChange,
}: {
  readonly label: string;
  readonly targets: readonly Target[];
  /** `steps[0].notify`. */
  readonly path: string;
  readonly wrongAt: (path: string) => string | null;
  readonly onChange: (targets: readonly Target[]) => void;
}): JSX.Element {
  const w = said(words);
  const d = useDirectory();
  const lists: Readonly<Record<Exclude<Kind, "owner">, readonly { readonly id: string; readonly name: string }[]>> = {
    schedule: d.schedules,
    user: d.users.filter((each) => each.active),
    team: d.teams,
    policy: d.policies,
  };
  function made(kind: Kind): Target {
    const first = kind === "owner" ? "" : (lists[kind][0]?.id ?? "");
    switch (kind) {
      case "schedule":
        return { schedule: first };
      case "user":
        return { user: first };
      case "team":
        return { team: first };
      case "policy":
        return { policy: first };
      case "owner":
        return { owner: "service" };
    }
  }
  const usable = kinds.filter((kind) => kind === "owner" || lists[kind].length > 0);
  return (
    <fieldset class="stack-s">
      <legend class="fields-label">{label}</legend>
      {targets.length === 0 && <p class="soft small">{w.none}</p>}
      {targets.map((target, i) => {
        const kind = kindOf(target);
        const at = `${path}[${i}]`;
        const wrong = [at, `${at}.${kind}`, `${at}.contact`, `${at}.strategy`].map(wrongAt).find((each) => each !== null);
        const set = (next: Target): void => onChange(replaced(targets, i, next));
        return (
          <div key={i} class="target">
            <select
              class="input"
              aria-label={w.kind}
              value={kind}
              onChange={(event) => set(made(event.currentTarget.value as Kind))}
            >
              {usable.map((each) => (
                <option key={each} value={each}>
                  {w.kinds[each]}
                </option>
              ))}
            </select>
            {kind !== "owner" && (
              <select
                class="input"
                aria-label={w.target}
                value={(target as Readonly<Record<string, string>>)[kind] ?? ""}
                onChange={(event) => set({ ...target, [kind]: event.currentTarget.value })}
              >
                {lists[kind].map((each) => (
                  <option key={each.id} value={each.id}>
                    {each.name}
                  </option>
                ))}
              </select>
            )}
            {"schedule" in target && (
              <select
                class="input"
                aria-label={w.which}
                value={target.who ?? "current"}
                onChange={(event) =>
                  set({ schedule: target.schedule, who: event.currentTarget.value as "current" | "next" | "everyone" })
                }
              >
                {(["current", "next", "everyone"] as const).map((each) => (
                  <option key={each} value={each}>
                    {w.who[each]}
                  </option>
                ))}
              </select>
            )}
            {"team" in target && (
              <select
                class="input"
                aria-label={w.which}
                value={target.strategy ?? "all"}
                onChange={(event) =>
                  set({ team: target.team, strategy: event.currentTarget.value as "all" | "round-robin" | "random" })
                }
              >
                {(["all", "round-robin", "random"] as const).map((each) => (
                  <option key={each} value={each}>
                    {w.strategies[each]}
                  </option>
                ))}
              </select>
            )}
            {"user" in target && (
              <input
                class="input"
                aria-label={w.contact}
                placeholder={w.contactHint}
                value={target.contact ?? ""}
                onInput={(event) => {
                  const contact = event.currentTarget.value;
                  set(contact === "" ? { user: target.user } : { user: target.user, contact });
                }}
              />
            )}
            <Button size="small" tone="quiet" icon="trash" label={w.remove} onClick={() => onChange(without(targets, i))} />
            {wrong != null && <p class="wrong">{wrong}</p>}
          </div>
        );
      })}
      {wrongAt(path) !== null && <p class="wrong">{wrongAt(path)}</p>}
      <div>
        <Button size="small" icon="plus" onClick={() => onChange([...targets, made(usable[0] ?? "owner")])}>
          {w.add}
        </Button>
      </div>
    </fieldset>
  );
}

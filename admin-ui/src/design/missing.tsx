// Owns what is said where one object is asked for: that there is none of that name, with the way back to the others; or why it
// could not be read.

import type { JSX } from "preact";
import { Link } from "wouter-preact";
import { tenant, type Problem } from "../lib/api.ts";
import { catalogue, said } from "../lib/messages.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Empty, Trouble } from "./states.tsx";

const words = catalogue({
  en: {
    why: "It may have been deleted or renamed, or the link was cut off.",
    none: {
      policy: (id: string) => `There is no policy “${id}”`,
      schedule: (id: string) => `There is no schedule “${id}”`,
      service: (id: string) => `There is no service “${id}”`,
      team: (id: string) => `There is no team “${id}”`,
      person: (id: string) => `There is nobody called “${id}”`,
      incident: (id: string) => `There is no incident “${id}”`,
      plugin: (id: string) => `There is no plugin of your own “${id}”`,
      integration: (id: string) => `There is no integration “${id}”`,
      notifier: (id: string) => `There is no notifier “${id}”`,
      connector: (id: string) => `There is no connector “${id}”`,
      level: (id: string) => `There is no service level “${id}”`,
      hours: (id: string) => `There are no business hours “${id}”`,
    },
    all: {
      policy: "All policies",
      schedule: "All schedules",
      service: "All services",
      team: "All teams",
      person: "All people",
      incident: "All incidents",
      plugin: "All own plugins",
      integration: "All integrations",
      notifier: "All notifiers",
      connector: "All connectors",
      level: "All service levels",
      hours: "All business hours",
    },
  },
  es: {
    why: "Puede que se haya eliminado o renombrado, o que el enlace esté cortado.",
    none: {
      policy: (id: string) => `No hay ninguna política «${id}»`,
      schedule: (id: string) => `No hay ningún calendario «${id}»`,
      service: (id: string) => `No hay ningún servicio «${id}»`,
      team: (id: string) => `No hay ningún equipo «${id}»`,
      person: (id: string) => `No hay nadie llamado «${id}»`,
      incident: (id: string) => `No hay ninguna incidencia «${id}»`,
      plugin: (id: string) => `No hay ningún plugin propio «${id}»`,
      integration: (id: string) => `No hay ninguna integración «${id}»`,
      notifier: (id: string) => `No hay ningún canal «${id}»`,
      connector: (id: string) => `No hay ningún conector «${id}»`,
      level: (id: string) => `No hay ningún nivel de servicio «${id}»`,
      hours: (id: string) => `No hay ningún horario «${id}»`,
    },
    all: {
      policy: "Todas las políticas",
      schedule: "Todos los calendarios",
      service: "Todos los servicios",
      team: "Todos los equipos",
      person: "Todas las personas",
      incident: "Todas las incidencias",
      plugin: "Todos los plugins propios",
      integration: "Todas las integraciones",
      notifier: "Todos los canales",
      connector: "Todos los conectores",
      level: "Todos los niveles de servicio",
      hours: "Todos los horarios",
    },
  },
});

const lists = {
  policy: "policies",
  schedule: "oncall",
  service: "services",
  team: "teams",
  person: "people",
  incident: "incidents",
  plugin: "own-plugins",
  integration: "integrations",
  notifier: "notifiers",
  connector: "connectors",
  level: "service-levels",
  hours: "business-hours",
} as const;

export type What = keyof typeof lists;

/** The same in a dialog, above the list of the others. */
export function MissingDialog({
  what,
  id,
  onClose,
}: {
  readonly what: What;
  readonly id: string;
  readonly onClose: () => void;
}): JSX.Element {
  const w = said(words);
  return (
    <Dialog title={w.none[what](id)} onClose={onClose}>
      <p>{w.why}</p>
      <div class="actions">
        <Button onClick={onClose}>{w.all[what]}</Button>
      </div>
    </Dialog>
  );
}

/** Nothing else stands around it: what would be about the object has nothing to be about. */
export function Missing({
  what,
  id,
  problem,
  onAgain,
}: {
  readonly what: What;
  readonly id: string;
  readonly problem: Problem;
  readonly onAgain: () => unknown;
}): JSX.Element {
  const w = said(words);
  if (problem.status !== 404) return <Trouble problem={problem} onAgain={onAgain} />;
  return (
    <div class="card">
      <Empty whole icon="search" title={w.none[what](id)}>
        <p>{w.why}</p>
        <Link class="button" href={`/t/${tenant.value ?? ""}/${lists[what]}`}>
          {w.all[what]}
        </Link>
      </Empty>
    </div>
  );
}

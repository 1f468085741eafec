// Owns the names behind ids: people, services, teams, policies, and the place of a severity on the tenant's scale.

import { useMemo } from "preact/hooks";
import { call } from "./api.ts";
import { catalogue, said } from "./messages.ts";
import { useKept } from "./offline/use-kept.ts";
import type { DirectoryAnswer } from "./shapes.ts";

const words = catalogue({
  en: { owner: "Hub owner", manual: "By hand", system: "Tocsin", key: (id: string) => `API key ${id}` },
  es: { owner: "Propietario del hub", manual: "A mano", system: "Tocsin", key: (id: string) => `Clave de API ${id}` },
});

export interface Directory extends DirectoryAnswer {
  /** The person's name; who is no person here is said as they are. */
  readonly person: (id: string) => string;
  /** Why no page can reach them; null: one can, or it is not known. */
  readonly outOfReach: (id: string) => "deactivated" | "no-contact" | null;
  readonly integration: (id: string) => string;
  /** What sends alerts, by its product's name; declared by hand is said so. */
  readonly source: (id: string) => string;
  readonly service: (id: string) => string;
  readonly team: (id: string) => string;
  readonly policy: (id: string) => string;
  readonly schedule: (id: string) => string;
  readonly teamOf: (service: string | null) => string | null;
  /** Place on the tenant's scale, worst 0. */
  readonly rank: (severity: string) => number;
}

const nothing: DirectoryAnswer = {
  id: "",
  name: "",
  version: 0,
  timeZone: "UTC",
  severities: ["P1", "P2", "P3", "P4"],
  users: [],
  teams: [],
  services: [],
  policies: [],
  schedules: [],
  notifiers: [],
  businessHours: [],
  integrations: [],
};

type Named = { readonly id: string; readonly name: string };

function nameIn(list: readonly Named[], id: string): string {
  return list.find((each) => each.id === id)?.name ?? id;
}

/** Nobody is called that here, or whoever looks may not enter it: the hub says the same of both. */
export function useUnknownTenant(): boolean {
  return useKept("directory", () => call("getDirectory")).error?.status === 404;
}

/** Read once and shared by all who ask; until it is there, names are ids. */
export function useDirectory(): Directory {
  const known = useKept("directory", () => call("getDirectory")).data?.data ?? nothing;
  return useMemo(() => named(known), [known]);
}

function named(known: DirectoryAnswer): Directory {
  return {
    ...known,
    person: (id) => {
      if (id === "hub-owner") return said(words).owner;
      return id.startsWith("key:") ? said(words).key(id.slice(4)) : nameIn(known.users, id);
    },
    outOfReach: (id) => known.users.find((each) => each.id === id)?.outOfReach ?? null,
    source: (id) => {
      if (id === "manual") return said(words).manual;
      return known.integrations.find((each) => each.source === id)?.sourceName ?? id;
    },
    integration: (id) => nameIn(known.integrations, id),
    service: (id) => nameIn(known.services, id),
    team: (id) => nameIn(known.teams, id),
    policy: (id) => nameIn(known.policies, id),
    schedule: (id) => nameIn(known.schedules, id),
    teamOf: (service) => known.services.find((each) => each.id === service)?.team ?? null,
    rank: (severity) => {
      const at = known.severities.indexOf(severity);
      return at < 0 ? known.severities.length : at;
    },
  };
}

/** A page to one of a person's devices has the device in its contact's id; a person knows the contact. */
export function contactText(id: string): string {
  return id.split(".")[0] ?? id;
}

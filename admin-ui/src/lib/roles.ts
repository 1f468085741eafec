// Owns the roles: their scale, what they are called, what each is for.

import { catalogue, said } from "./messages.ts";
import type { Role } from "./shapes.ts";

/** Whoever may more may all that stands before. */
export const roles: readonly Role[] = ["stakeholder", "responder", "manager", "admin", "owner"];

const names = catalogue<Readonly<Record<Role, string>>>({
  en: { owner: "Owner", admin: "Admin", manager: "Manager", responder: "Responder", stakeholder: "Stakeholder" },
  es: { owner: "Propietario", admin: "Administrador", manager: "Gestor", responder: "Interviniente", stakeholder: "Observador" },
});

export function roleName(role: Role): string {
  return said(names)[role];
}

export const roleDoes = catalogue<Readonly<Record<Role, string>>>({
  en: {
    owner: "Everything, and the tenant itself",
    admin: "People, integrations, notifiers",
    manager: "Schedules, policies, services, teams",
    responder: "Answers pages, overrides, silences",
    stakeholder: "Looks on, changes nothing",
  },
  es: {
    owner: "Todo, y la organización misma",
    admin: "Personas, integraciones, canales",
    manager: "Calendarios, políticas, servicios, equipos",
    responder: "Responde avisos, sustituciones, silencios",
    stakeholder: "Observa, no cambia nada",
  },
});

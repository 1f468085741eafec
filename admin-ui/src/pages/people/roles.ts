// Owns what the roles are called.

import { catalogue } from "../../lib/messages.ts";
import type { Role } from "../../lib/shapes.ts";

export const roles: readonly Role[] = ["stakeholder", "responder", "manager", "admin", "owner"];

export const roleNames = catalogue<Readonly<Record<Role, string>>>({
  en: {
    owner: "Owner",
    admin: "Admin",
    manager: "Manager",
    responder: "Responder",
    stakeholder: "Stakeholder",
  },
  es: {
    owner: "Propietario",
    admin: "Administrador",
    manager: "Responsable",
    responder: "Interviniente",
    stakeholder: "Observador",
  },
});

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

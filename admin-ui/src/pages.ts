// Owns the list of pages: the one place that knows them all. Navigation, the command palette, titles, the pictures
// (`npm run shots`) and the accessibility walk read it. How a page is made: admin-ui/README.md.

import type { ComponentType } from "preact";
import type { IconName } from "./design/icon.tsx";
import type { Operation } from "./lib/api.ts";
import type { Language } from "./lib/messages.ts";
import type { Role } from "./lib/shapes.ts";

export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
}

export interface PageEntry {
  readonly id: string;
  /** Below /t/{tenant}; `:name` is a parameter. The first that fits is shown. */
  readonly path: string;
  readonly title: Readonly<Record<Language, string>>;
  readonly load: () => Promise<{ readonly default: ComponentType<PageProps> }>;
  /** What it is for: whoever may not do that is not offered the page, and told why where they open it. */
  readonly asks: Operation;
  /** About whoever is signed in: the hub's owner is no person and is not offered it. */
  readonly own?: boolean;
  /** Where it stands in the navigation; absent: reached from another page. */
  readonly nav?: {
    readonly part: NavPart;
    readonly icon: IconName;
    /** Also in the bar of a phone: at most four. */ readonly bar?: boolean;
  };
  /** Ctrl-K finds it by these too. */
  readonly also?: string;
}

export const pages: readonly PageEntry[] = [
  {
    id: "mine",
    path: "/mine",
    title: { en: "My pages", es: "Mis avisos" },
    load: () => import("./pages/mine/mine.tsx"),
    asks: "ack",
    own: true,
    nav: { part: "work", icon: "phone", bar: true },
    also: "my shifts acknowledge mis guardias reconocer",
  },
  {
    id: "incidents",
    path: "/incidents",
    title: { en: "Incidents", es: "Incidencias" },
    load: () => import("./pages/incidents/list.tsx"),
    asks: "listIncidents",
    nav: { part: "work", icon: "bell", bar: true },
    also: "alerts alertas",
  },
  {
    id: "incident",
    path: "/incidents/:incident",
    title: { en: "Incident", es: "Incidencia" },
    load: () => import("./pages/incidents/incident.tsx"),
    asks: "getIncident",
  },
  {
    id: "oncall",
    path: "/oncall",
    title: { en: "On call", es: "De guardia" },
    load: () => import("./pages/oncall/oncall.tsx"),
    asks: "getOncall",
    nav: { part: "work", icon: "calendar", bar: true },
    also: "schedules shifts overrides gaps rota calendarios turnos sustituciones huecos",
  },
  {
    id: "edit-schedule",
    path: "/oncall/schedules/:schedule/edit",
    title: { en: "Edit schedule", es: "Editar calendario" },
    load: () => import("./pages/oncall/edit-schedule.tsx"),
    asks: "replaceSchedule",
  },
  {
    id: "schedule",
    path: "/oncall/schedules/:schedule",
    title: { en: "Schedule", es: "Calendario" },
    load: () => import("./pages/oncall/schedule.tsx"),
    asks: "getShifts",
  },
  {
    id: "policies",
    path: "/policies",
    title: { en: "Policies", es: "Políticas" },
    load: () => import("./pages/policies/policies.tsx"),
    asks: "listPolicies",
    nav: { part: "who", icon: "ladder" },
    also: "escalation ladder steps escalado pasos",
  },
  {
    id: "policy",
    path: "/policies/:policy",
    title: { en: "Policy", es: "Política" },
    load: () => import("./pages/policies/policy.tsx"),
    asks: "getPolicy",
  },
  {
    id: "services",
    path: "/services",
    title: { en: "Services", es: "Servicios" },
    load: () => import("./pages/services/services.tsx"),
    asks: "listServices",
    nav: { part: "what", icon: "box" },
    also: "runbook urgency guía urgencia",
  },
  {
    id: "service",
    path: "/services/:service",
    title: { en: "Service", es: "Servicio" },
    load: () => import("./pages/services/services.tsx"),
    asks: "getService",
  },
  {
    id: "service-levels",
    path: "/service-levels",
    title: { en: "Service levels", es: "Niveles de servicio" },
    load: () => import("./pages/sla/levels.tsx"),
    asks: "listSlas",
    nav: { part: "what", icon: "shield" },
    also: "sla promise respond resolve plazo",
  },
  {
    id: "service-level",
    path: "/service-levels/:sla",
    title: { en: "Service level", es: "Nivel de servicio" },
    load: () => import("./pages/sla/levels.tsx"),
    asks: "getSla",
  },
  {
    id: "business-hours",
    path: "/business-hours",
    title: { en: "Business hours", es: "Horario laboral" },
    load: () => import("./pages/hours/hours.tsx"),
    asks: "listBusinessHours",
    nav: { part: "what", icon: "sun" },
    also: "holidays office festivos oficina",
  },
  {
    id: "hours",
    path: "/business-hours/:hours",
    title: { en: "Business hours", es: "Horario laboral" },
    load: () => import("./pages/hours/hours.tsx"),
    asks: "getCalendar",
  },
  {
    id: "teams",
    path: "/teams",
    title: { en: "Teams", es: "Equipos" },
    load: () => import("./pages/teams/teams.tsx"),
    asks: "listTeams",
    nav: { part: "who", icon: "people" },
    also: "members managers miembros",
  },
  {
    id: "team",
    path: "/teams/:team",
    title: { en: "Team", es: "Equipo" },
    load: () => import("./pages/teams/teams.tsx"),
    asks: "getTeam",
  },
  {
    id: "people",
    path: "/people",
    title: { en: "People", es: "Personas" },
    load: () => import("./pages/people/people.tsx"),
    asks: "listUsers",
    nav: { part: "who", icon: "user" },
    also: "users contacts rules invite usuarios contactos reglas invitar",
  },
  {
    id: "person",
    path: "/people/:person",
    title: { en: "Person", es: "Persona" },
    load: () => import("./pages/people/person.tsx"),
    asks: "getUser",
  },
  {
    id: "sla",
    path: "/sla",
    title: { en: "SLA board", es: "Panel de SLA" },
    load: () => import("./pages/sla/board.tsx"),
    asks: "listSla",
    nav: { part: "work", icon: "clock" },
    also: "clocks breached at risk deadline relojes incumplidos riesgo plazo",
  },
  {
    id: "maintenance",
    path: "/maintenance",
    title: { en: "Maintenance", es: "Mantenimiento" },
    load: () => import("./pages/quiet/quiet.tsx"),
    asks: "listMaintenance",
    nav: { part: "work", icon: "wrench" },
    also: "silences windows silencios ventanas",
  },
  {
    id: "heartbeats",
    path: "/heartbeats",
    title: { en: "Heartbeats", es: "Latidos" },
    load: () => import("./pages/heartbeats/heartbeats.tsx"),
    asks: "listHeartbeatStates",
    nav: { part: "work", icon: "pulse" },
    also: "cron jobs tareas",
  },
  {
    id: "changes",
    path: "/changes",
    title: { en: "Changes", es: "Cambios" },
    load: () => import("./pages/changes/changes.tsx"),
    asks: "listChanges",
    nav: { part: "work", icon: "swap" },
    also: "deployments releases deploys despliegues versiones",
  },
  {
    id: "add-integration",
    path: "/integrations/add",
    title: { en: "Add an integration", es: "Añadir una integración" },
    load: () => import("./pages/integrations/add.tsx"),
    asks: "createIntegration",
  },
  {
    id: "integrations",
    path: "/integrations",
    title: { en: "Integrations", es: "Integraciones" },
    load: () => import("./pages/integrations/integrations.tsx"),
    asks: "listIntegrations",
    nav: { part: "what", icon: "plug" },
    also: "sources webhook key test alert fuentes clave prueba",
  },
  {
    id: "integration",
    path: "/integrations/:integration",
    title: { en: "Integration", es: "Integración" },
    load: () => import("./pages/integrations/integration.tsx"),
    asks: "getIntegration",
  },
  {
    id: "own-plugins",
    path: "/own-plugins",
    title: { en: "Own plugins", es: "Plugins propios" },
    load: () => import("./pages/own-plugins/own-plugins.tsx"),
    asks: "listOwnPlugins",
    also: "code sandbox typescript javascript upload código subir",
  },
  {
    id: "own-plugin",
    path: "/own-plugins/:plugin",
    title: { en: "Own plugin", es: "Plugin propio" },
    load: () => import("./pages/own-plugins/own-plugin.tsx"),
    asks: "uploadOwnPlugin",
  },
  {
    id: "add-notifier",
    path: "/notifiers/add",
    title: { en: "Add a notifier", es: "Añadir un canal" },
    load: () => import("./pages/senders/add-notifier.tsx"),
    asks: "createNotifier",
  },
  {
    id: "notifiers",
    path: "/notifiers",
    title: { en: "Notifiers", es: "Canales de aviso" },
    load: () => import("./pages/senders/notifiers.tsx"),
    asks: "listNotifiers",
    nav: { part: "who", icon: "send" },
    also: "mail webhook sms push health correo salud",
  },
  {
    id: "notifier",
    path: "/notifiers/:notifier",
    title: { en: "Notifier", es: "Canal de aviso" },
    load: () => import("./pages/senders/notifier.tsx"),
    asks: "getNotifier",
  },
  {
    id: "add-connector",
    path: "/connectors/add",
    title: { en: "Add a connector", es: "Añadir un conector" },
    load: () => import("./pages/senders/add-connector.tsx"),
    asks: "createConnector",
  },
  {
    id: "connectors",
    path: "/connectors",
    title: { en: "Connectors", es: "Conectores" },
    load: () => import("./pages/senders/connectors.tsx"),
    asks: "listConnectors",
    nav: { part: "what", icon: "link" },
    also: "tickets chat webhook events sucesos",
  },
  {
    id: "connector",
    path: "/connectors/:connector",
    title: { en: "Connector", es: "Conector" },
    load: () => import("./pages/senders/connector.tsx"),
    asks: "getConnector",
  },
  {
    id: "routes",
    path: "/routes",
    title: { en: "Routes", es: "Rutas" },
    load: () => import("./pages/routes/routes.tsx"),
    asks: "listRoutes",
    nav: { part: "what", icon: "route" },
    also: "rules expressions order suppress group reglas expresiones orden suprimir agrupar",
  },
  {
    id: "simulator",
    path: "/simulator",
    title: { en: "Simulator", es: "Simulador" },
    load: () => import("./pages/simulator/simulator.tsx"),
    asks: "simulate",
    nav: { part: "try", icon: "flask" },
    also: "what if plan who would be paged qué pasaría si",
  },
  {
    id: "start",
    path: "/start",
    title: { en: "First steps", es: "Primeros pasos" },
    load: () => import("./pages/start/start.tsx"),
    asks: "createIntegration",
    also: "set up guide begin checklist test page guía configurar empezar prueba",
  },
  {
    id: "phones",
    path: "/phones",
    title: { en: "Simulated phones", es: "Teléfonos simulados" },
    load: () => import("./pages/phones/phones.tsx"),
    asks: "listUserInbox",
    nav: { part: "try", icon: "phone" },
    also: "inbox pages arrived bandeja avisos",
  },
  {
    id: "api-keys",
    path: "/api-keys",
    title: { en: "API keys", es: "Claves de API" },
    load: () => import("./pages/api-keys/api-keys.tsx"),
    asks: "listApiKeys",
    nav: { part: "keep", icon: "key" },
    also: "token bearer automation terraform automatización",
  },
  {
    id: "audit",
    path: "/audit",
    title: { en: "Audit log", es: "Registro de auditoría" },
    load: () => import("./pages/audit/audit.tsx"),
    asks: "listAudit",
    nav: { part: "keep", icon: "file" },
    also: "history changes who verify historial cambios quién verificar",
  },
  {
    id: "configuration",
    path: "/configuration",
    title: { en: "Configuration", es: "Configuración" },
    load: () => import("./pages/configuration/configuration.tsx"),
    asks: "getConfig",
    nav: { part: "keep", icon: "copy" },
    also: "yaml document plan apply export download documento aplicar exportar",
  },
  {
    id: "account",
    path: "/account",
    title: { en: "Your account", es: "Tu cuenta" },
    load: () => import("./pages/account/account.tsx"),
    asks: "listSessions",
    also: "passkey sessions sign out language theme clave sesiones idioma tema",
  },
];

/** Where somebody who just signed in begins: who is paged, with what waits for them; who looks after it all, with all of it. */
export function firstPage(role: Role | "hub-owner" | undefined): string {
  return role === "responder" ? "/mine" : "/incidents";
}

export type NavPart = "work" | "who" | "what" | "try" | "keep";

/** What is needed at any hour stands open; the rest is folded, but for the part one is in. */
export const navParts: readonly { readonly id: NavPart; readonly title: Readonly<Record<Language, string>> }[] = [
  { id: "work", title: { en: "Now", es: "Ahora" } },
  { id: "who", title: { en: "Who is paged", es: "A quién se avisa" } },
  { id: "what", title: { en: "Alerts and services", es: "Alertas y servicios" } },
  { id: "try", title: { en: "Try it", es: "Probar" } },
  { id: "keep", title: { en: "Oversee", es: "Supervisar" } },
];

// Owns which handler answers which operation of the contract; a missing one does not compile.

import type { Operation } from "../contract.ts";
import type { Handler } from "../mount.ts";
import * as commands from "./commands.ts";
import * as config from "./config.ts";
import * as incidents from "./incidents.ts";
import * as lists from "./lists.ts";

export const handlers: Readonly<Record<Operation, Handler>> = { ...commands, ...config, ...lists, ...pick(incidents) };

function pick({
  listIncidents,
  getIncident,
  getTimeline,
  getIncidentDeliveries,
  getIncidentAlerts,
  declareIncident,
}: typeof incidents) {
  return { listIncidents, getIncident, getTimeline, getIncidentDeliveries, getIncidentAlerts, declareIncident };
}

// Owns which handler answers which operation of the contract; a missing one does not compile.

import type { Operation } from "../contract.ts";
import type { Handler } from "../mount.ts";
import * as apiKeys from "./api-keys.ts";
import * as audit from "./audit.ts";
import * as changes from "./changes.ts";
import * as commands from "./commands.ts";
import { getConfig, putConfig } from "./config.ts";
import * as devices from "./devices.ts";
import { getDirectory } from "./directory.ts";
import { checkExpression, getExpressionWords } from "./expressions.ts";
import * as heartbeats from "./heartbeats.ts";
import * as incidents from "./incidents.ts";
import { watchLive } from "./live.ts";
import { merge, unmerge } from "./merge.ts";
import * as lists from "./lists.ts";
import * as feeds from "./feeds.ts";
import * as oncall from "./oncall.ts";
import * as overrides from "./overrides.ts";
import { getUserPages } from "./pages.ts";
import { previewPolicy } from "./policy-preview.ts";
import { previewSchedule } from "./schedule-preview.ts";
import * as objects from "./objects.ts";
import * as ownPlugins from "./own-plugins.ts";
import * as plugins from "./plugins.ts";
import * as people from "./people.ts";
import * as quiet from "./quiet.ts";
import * as received from "./received.ts";
import { resourceHandlers } from "./resources.ts";
import * as sending from "./sending.ts";
import * as session from "./session.ts";
import { getBusinessHoursState } from "./hours.ts";
import { listSla } from "./slas.ts";
import * as simulate from "./simulate.ts";
import * as tenants from "./tenants.ts";

export const handlers: Readonly<Record<Operation, Handler>> = {
  ...session,
  getDirectory,
  getUserPages,
  watchLive,
  ...pickChanges(changes),
  ...pickCommands(commands),
  merge,
  unmerge,
  listSla,
  getBusinessHoursState,
  ...heartbeats,
  ...audit,
  ...apiKeys,
  ...lists,
  ...sending,
  ...pickFeeds(feeds),
  ...pickOncall(oncall),
  ...overrides,
  previewSchedule,
  previewPolicy,
  ...objects,
  ...plugins,
  ...ownPlugins,
  ...people,
  ...devices,
  ...quiet,
  ...received,
  ...resourceHandlers,
  checkExpression,
  getExpressionWords,
  ...pickSimulate(simulate),
  ...tenants,
  ...pick(incidents),
  getConfig,
  putConfig,
};

function pickChanges({ changeJson: _json, ...handlers }: typeof changes) {
  return handlers;
}

function pickCommands({ refusal: _refusal, ...handlers }: typeof commands) {
  return handlers;
}

function pickFeeds({ subjectExists: _exists, ...handlers }: typeof feeds) {
  return handlers;
}

function pickOncall({ shiftsJson: _shifts, scheduleOf: _schedule, ...handlers }: typeof oncall) {
  return handlers;
}

function pickSimulate({ integrationOf: _integration, ...handlers }: typeof simulate) {
  return handlers;
}

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

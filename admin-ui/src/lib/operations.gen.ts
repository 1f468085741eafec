// Generated from worker/api/contract.ts by admin-ui/generate.mjs (`npm run gen`). Do not edit.

/** Method; path, below /api/v1; the least role; the path's parameter that names a person who may call it whatever their role. */
export const operations = {
  getSession: ["get", "/session", "public"],
  signIn: ["post", "/session", "public"],
  lookAtTicket: ["post", "/session/ticket", "public"],
  passkeySignInOptions: ["post", "/session/passkey/options", "public"],
  passkeySignIn: ["post", "/session/passkey", "public"],
  signOut: ["delete", "/session", "anyone"],
  listSessions: ["get", "/sessions", "anyone"],
  signOutEverywhere: ["delete", "/sessions", "anyone"],
  endSession: ["delete", "/sessions/{session}", "anyone"],
  listPasskeys: ["get", "/passkeys", "anyone"],
  passkeyOptions: ["post", "/passkeys/options", "anyone"],
  addPasskey: ["post", "/passkeys", "anyone"],
  removePasskey: ["delete", "/passkeys/{passkey}", "anyone"],
  makeOwnerLink: ["post", "/owner-link", "hub-owner"],
  invite: ["post", "/tenants/{tenant}/users/{user}/invitation", "admin"],
  signOutUser: ["delete", "/tenants/{tenant}/users/{user}/sessions", "admin"],
  getDirectory: ["get", "/tenants/{tenant}/directory", "stakeholder"],
  watchLive: ["get", "/tenants/{tenant}/live", "stakeholder"],
  listTenants: ["get", "/tenants", "anyone"],
  createTenant: ["post", "/tenants", "hub-owner"],
  getTenant: ["get", "/tenants/{tenant}", "stakeholder"],
  deleteTenant: ["delete", "/tenants/{tenant}", "hub-owner"],
  getConfig: ["get", "/tenants/{tenant}/config", "admin"],
  putConfig: ["put", "/tenants/{tenant}/config", "admin"],
  listIncidents: ["get", "/tenants/{tenant}/incidents", "stakeholder"],
  declareIncident: ["post", "/tenants/{tenant}/incidents", "responder"],
  getIncident: ["get", "/tenants/{tenant}/incidents/{incident}", "stakeholder"],
  getUserPages: ["get", "/tenants/{tenant}/users/{id}/pages", "responder", "id"],
  getTimeline: ["get", "/tenants/{tenant}/incidents/{incident}/timeline", "stakeholder"],
  getIncidentDeliveries: ["get", "/tenants/{tenant}/incidents/{incident}/deliveries", "responder"],
  getIncidentAlerts: ["get", "/tenants/{tenant}/incidents/{incident}/alerts", "responder"],
  listChanges: ["get", "/tenants/{tenant}/changes", "stakeholder"],
  getChange: ["get", "/tenants/{tenant}/changes/{change}", "stakeholder"],
  getIncidentChanges: ["get", "/tenants/{tenant}/incidents/{incident}/changes", "stakeholder"],
  ack: ["post", "/tenants/{tenant}/incidents/{incident}/ack", "responder"],
  unack: ["post", "/tenants/{tenant}/incidents/{incident}/unack", "responder"],
  resolve: ["post", "/tenants/{tenant}/incidents/{incident}/resolve", "responder"],
  reopen: ["post", "/tenants/{tenant}/incidents/{incident}/reopen", "responder"],
  snooze: ["post", "/tenants/{tenant}/incidents/{incident}/snooze", "responder"],
  escalate: ["post", "/tenants/{tenant}/incidents/{incident}/escalate", "responder"],
  reassign: ["post", "/tenants/{tenant}/incidents/{incident}/reassign", "responder"],
  responders: ["post", "/tenants/{tenant}/incidents/{incident}/responders", "responder"],
  severity: ["post", "/tenants/{tenant}/incidents/{incident}/severity", "responder"],
  merge: ["post", "/tenants/{tenant}/incidents/{incident}/merge", "responder"],
  unmerge: ["post", "/tenants/{tenant}/incidents/{incident}/unmerge", "responder"],
  note: ["post", "/tenants/{tenant}/incidents/{incident}/note", "responder"],
  listDeliveries: ["get", "/tenants/{tenant}/deliveries", "responder"],
  getSendingHealth: ["get", "/tenants/{tenant}/deliveries/health", "manager"],
  testNotifier: ["post", "/tenants/{tenant}/notifiers/{id}/test", "admin"],
  testConnector: ["post", "/tenants/{tenant}/connectors/{id}/test", "admin"],
  listInbox: ["get", "/tenants/{tenant}/inbox", "admin"],
  listUserInbox: ["get", "/tenants/{tenant}/users/{id}/inbox", "admin", "id"],
  getOncall: ["get", "/tenants/{tenant}/oncall", "stakeholder"],
  getOncallLoad: ["get", "/tenants/{tenant}/oncall/load", "responder"],
  getUserShifts: ["get", "/tenants/{tenant}/users/{id}/shifts", "responder", "id"],
  getShifts: ["get", "/tenants/{tenant}/schedules/{id}/shifts", "stakeholder"],
  explainOncall: ["get", "/tenants/{tenant}/schedules/{id}/explain", "stakeholder"],
  previewSchedule: ["post", "/tenants/{tenant}/schedules/{id}/preview", "responder"],
  previewPolicy: ["post", "/tenants/{tenant}/policies/{id}/preview", "stakeholder"],
  listOverrides: ["get", "/tenants/{tenant}/schedules/{id}/overrides", "stakeholder"],
  createOverride: ["post", "/tenants/{tenant}/schedules/{id}/overrides", "responder"],
  patchOverride: ["patch", "/tenants/{tenant}/schedules/{id}/overrides/{override}", "responder"],
  deleteOverride: ["delete", "/tenants/{tenant}/schedules/{id}/overrides/{override}", "responder"],
  listUserFeeds: ["get", "/tenants/{tenant}/users/{id}/feeds", "admin", "id"],
  createUserFeed: ["post", "/tenants/{tenant}/users/{id}/feeds", "admin", "id"],
  revokeUserFeed: ["delete", "/tenants/{tenant}/users/{id}/feeds/{feed}", "admin", "id"],
  listScheduleFeeds: ["get", "/tenants/{tenant}/schedules/{id}/feeds", "manager"],
  createScheduleFeed: ["post", "/tenants/{tenant}/schedules/{id}/feeds", "manager"],
  revokeScheduleFeed: ["delete", "/tenants/{tenant}/schedules/{id}/feeds/{feed}", "manager"],
  listSla: ["get", "/tenants/{tenant}/sla", "stakeholder"],
  getBusinessHoursState: ["get", "/tenants/{tenant}/business-hours/{id}/state", "stakeholder"],
  listHeartbeatStates: ["get", "/tenants/{tenant}/heartbeat-states", "responder"],
  getHeartbeatState: ["get", "/tenants/{tenant}/heartbeats/{id}/state", "responder"],
  pauseHeartbeat: ["post", "/tenants/{tenant}/heartbeats/{id}/pause", "responder"],
  resumeHeartbeat: ["post", "/tenants/{tenant}/heartbeats/{id}/resume", "responder"],
  rotateHeartbeat: ["post", "/tenants/{tenant}/heartbeats/{id}/rotate", "admin"],
  orderRoutes: ["put", "/tenants/{tenant}/routes/order", "manager"],
  rotateIntegration: ["post", "/tenants/{tenant}/integrations/{id}/rotate", "admin"],
  rotateIntegrationSecret: ["post", "/tenants/{tenant}/integrations/{id}/rotate-secret", "admin"],
  revokeOldKeys: ["post", "/tenants/{tenant}/integrations/{id}/revoke-old", "admin"],
  getIntegrationRate: ["get", "/tenants/{tenant}/integrations/{id}/rate", "manager"],
  getContacts: ["get", "/tenants/{tenant}/users/{id}/contacts", "admin", "id"],
  putContacts: ["put", "/tenants/{tenant}/users/{id}/contacts", "admin", "id"],
  addContact: ["post", "/tenants/{tenant}/users/{id}/contacts", "admin", "id"],
  putContact: ["put", "/tenants/{tenant}/users/{id}/contacts/{contact}", "admin", "id"],
  deleteContact: ["delete", "/tenants/{tenant}/users/{id}/contacts/{contact}", "admin", "id"],
  testContact: ["post", "/tenants/{tenant}/users/{id}/contacts/{contact}/test", "admin", "id"],
  getRules: ["get", "/tenants/{tenant}/users/{id}/notify", "admin", "id"],
  putRules: ["put", "/tenants/{tenant}/users/{id}/notify", "admin", "id"],
  getPush: ["get", "/tenants/{tenant}/push", "stakeholder"],
  listDevices: ["get", "/tenants/{tenant}/users/{id}/devices", "admin", "id"],
  registerDevice: ["post", "/tenants/{tenant}/users/{id}/devices", "admin", "id"],
  renameDevice: ["patch", "/tenants/{tenant}/users/{id}/devices/{device}", "admin", "id"],
  removeDevice: ["delete", "/tenants/{tenant}/users/{id}/devices/{device}", "admin", "id"],
  removeDevices: ["delete", "/tenants/{tenant}/users/{id}/devices", "admin", "id"],
  listPlugins: ["get", "/tenants/{tenant}/plugins", "responder"],
  getPlugin: ["get", "/tenants/{tenant}/plugins/{kind}/{plugin}", "responder"],
  sendTestAlert: ["post", "/tenants/{tenant}/integrations/{id}/test", "manager"],
  listOwnPlugins: ["get", "/tenants/{tenant}/own-plugins", "admin"],
  getOwnPlugin: ["get", "/tenants/{tenant}/own-plugins/{id}", "admin"],
  uploadOwnPlugin: ["post", "/tenants/{tenant}/own-plugins/{id}/versions", "admin"],
  getOwnPluginVersion: ["get", "/tenants/{tenant}/own-plugins/{id}/versions/{version}", "admin"],
  tryOwnPlugin: ["post", "/tenants/{tenant}/own-plugins/{id}/versions/{version}/try", "admin"],
  activateOwnPlugin: ["put", "/tenants/{tenant}/own-plugins/{id}/active", "admin"],
  changeOwnPlugin: ["patch", "/tenants/{tenant}/own-plugins/{id}", "admin"],
  deleteOwnPlugin: ["delete", "/tenants/{tenant}/own-plugins/{id}", "admin"],
  endMaintenanceWindow: ["post", "/tenants/{tenant}/maintenance/{id}/end", "responder"],
  extendMaintenanceWindow: ["post", "/tenants/{tenant}/maintenance/{id}/extend", "responder"],
  endSilence: ["post", "/tenants/{tenant}/silences/{id}/end", "responder"],
  extendSilence: ["post", "/tenants/{tenant}/silences/{id}/extend", "responder"],
  listReceived: ["get", "/tenants/{tenant}/integrations/{id}/received", "responder"],
  getReceived: ["get", "/tenants/{tenant}/integrations/{id}/received/{n}", "responder"],
  replayManyReceived: ["post", "/tenants/{tenant}/integrations/{id}/received/replay", "manager"],
  replayReceived: ["post", "/tenants/{tenant}/integrations/{id}/received/{n}/replay", "manager"],
  previewIntegration: ["post", "/tenants/{tenant}/integrations/{id}/preview", "manager"],
  listUsers: ["get", "/tenants/{tenant}/users", "responder"],
  createUser: ["post", "/tenants/{tenant}/users", "admin"],
  getUser: ["get", "/tenants/{tenant}/users/{id}", "responder", "id"],
  replaceUser: ["put", "/tenants/{tenant}/users/{id}", "admin"],
  patchUser: ["patch", "/tenants/{tenant}/users/{id}", "admin"],
  deleteUser: ["delete", "/tenants/{tenant}/users/{id}", "admin"],
  listTeams: ["get", "/tenants/{tenant}/teams", "stakeholder"],
  createTeam: ["post", "/tenants/{tenant}/teams", "manager"],
  getTeam: ["get", "/tenants/{tenant}/teams/{id}", "stakeholder"],
  replaceTeam: ["put", "/tenants/{tenant}/teams/{id}", "manager"],
  patchTeam: ["patch", "/tenants/{tenant}/teams/{id}", "manager"],
  deleteTeam: ["delete", "/tenants/{tenant}/teams/{id}", "manager"],
  listSchedules: ["get", "/tenants/{tenant}/schedules", "stakeholder"],
  createSchedule: ["post", "/tenants/{tenant}/schedules", "manager"],
  getSchedule: ["get", "/tenants/{tenant}/schedules/{id}", "stakeholder"],
  replaceSchedule: ["put", "/tenants/{tenant}/schedules/{id}", "manager"],
  patchSchedule: ["patch", "/tenants/{tenant}/schedules/{id}", "manager"],
  deleteSchedule: ["delete", "/tenants/{tenant}/schedules/{id}", "manager"],
  listPolicies: ["get", "/tenants/{tenant}/policies", "stakeholder"],
  createPolicy: ["post", "/tenants/{tenant}/policies", "manager"],
  getPolicy: ["get", "/tenants/{tenant}/policies/{id}", "stakeholder"],
  replacePolicy: ["put", "/tenants/{tenant}/policies/{id}", "manager"],
  patchPolicy: ["patch", "/tenants/{tenant}/policies/{id}", "manager"],
  deletePolicy: ["delete", "/tenants/{tenant}/policies/{id}", "manager"],
  listBusinessHours: ["get", "/tenants/{tenant}/business-hours", "stakeholder"],
  createCalendar: ["post", "/tenants/{tenant}/business-hours", "manager"],
  getCalendar: ["get", "/tenants/{tenant}/business-hours/{id}", "stakeholder"],
  replaceCalendar: ["put", "/tenants/{tenant}/business-hours/{id}", "manager"],
  patchCalendar: ["patch", "/tenants/{tenant}/business-hours/{id}", "manager"],
  deleteCalendar: ["delete", "/tenants/{tenant}/business-hours/{id}", "manager"],
  listSlas: ["get", "/tenants/{tenant}/slas", "stakeholder"],
  createSla: ["post", "/tenants/{tenant}/slas", "manager"],
  getSla: ["get", "/tenants/{tenant}/slas/{id}", "stakeholder"],
  replaceSla: ["put", "/tenants/{tenant}/slas/{id}", "manager"],
  patchSla: ["patch", "/tenants/{tenant}/slas/{id}", "manager"],
  deleteSla: ["delete", "/tenants/{tenant}/slas/{id}", "manager"],
  listServices: ["get", "/tenants/{tenant}/services", "stakeholder"],
  createService: ["post", "/tenants/{tenant}/services", "manager"],
  getService: ["get", "/tenants/{tenant}/services/{id}", "stakeholder"],
  replaceService: ["put", "/tenants/{tenant}/services/{id}", "manager"],
  patchService: ["patch", "/tenants/{tenant}/services/{id}", "manager"],
  deleteService: ["delete", "/tenants/{tenant}/services/{id}", "manager"],
  listIntegrations: ["get", "/tenants/{tenant}/integrations", "manager"],
  createIntegration: ["post", "/tenants/{tenant}/integrations", "admin"],
  getIntegration: ["get", "/tenants/{tenant}/integrations/{id}", "manager"],
  replaceIntegration: ["put", "/tenants/{tenant}/integrations/{id}", "admin"],
  patchIntegration: ["patch", "/tenants/{tenant}/integrations/{id}", "admin"],
  deleteIntegration: ["delete", "/tenants/{tenant}/integrations/{id}", "admin"],
  listRoutes: ["get", "/tenants/{tenant}/routes", "responder"],
  createRoute: ["post", "/tenants/{tenant}/routes", "manager"],
  getRoute: ["get", "/tenants/{tenant}/routes/{id}", "responder"],
  replaceRoute: ["put", "/tenants/{tenant}/routes/{id}", "manager"],
  patchRoute: ["patch", "/tenants/{tenant}/routes/{id}", "manager"],
  deleteRoute: ["delete", "/tenants/{tenant}/routes/{id}", "manager"],
  listNotifiers: ["get", "/tenants/{tenant}/notifiers", "manager"],
  createNotifier: ["post", "/tenants/{tenant}/notifiers", "admin"],
  getNotifier: ["get", "/tenants/{tenant}/notifiers/{id}", "manager"],
  replaceNotifier: ["put", "/tenants/{tenant}/notifiers/{id}", "admin"],
  patchNotifier: ["patch", "/tenants/{tenant}/notifiers/{id}", "admin"],
  deleteNotifier: ["delete", "/tenants/{tenant}/notifiers/{id}", "admin"],
  listConnectors: ["get", "/tenants/{tenant}/connectors", "manager"],
  createConnector: ["post", "/tenants/{tenant}/connectors", "admin"],
  getConnector: ["get", "/tenants/{tenant}/connectors/{id}", "manager"],
  replaceConnector: ["put", "/tenants/{tenant}/connectors/{id}", "admin"],
  patchConnector: ["patch", "/tenants/{tenant}/connectors/{id}", "admin"],
  deleteConnector: ["delete", "/tenants/{tenant}/connectors/{id}", "admin"],
  listHeartbeats: ["get", "/tenants/{tenant}/heartbeats", "responder"],
  createHeartbeat: ["post", "/tenants/{tenant}/heartbeats", "manager"],
  getHeartbeat: ["get", "/tenants/{tenant}/heartbeats/{id}", "responder"],
  replaceHeartbeat: ["put", "/tenants/{tenant}/heartbeats/{id}", "manager"],
  patchHeartbeat: ["patch", "/tenants/{tenant}/heartbeats/{id}", "manager"],
  deleteHeartbeat: ["delete", "/tenants/{tenant}/heartbeats/{id}", "manager"],
  listMaintenance: ["get", "/tenants/{tenant}/maintenance", "stakeholder"],
  createMaintenanceWindow: ["post", "/tenants/{tenant}/maintenance", "responder"],
  getMaintenanceWindow: ["get", "/tenants/{tenant}/maintenance/{id}", "stakeholder"],
  replaceMaintenanceWindow: ["put", "/tenants/{tenant}/maintenance/{id}", "responder"],
  patchMaintenanceWindow: ["patch", "/tenants/{tenant}/maintenance/{id}", "responder"],
  deleteMaintenanceWindow: ["delete", "/tenants/{tenant}/maintenance/{id}", "responder"],
  listSilences: ["get", "/tenants/{tenant}/silences", "stakeholder"],
  createSilence: ["post", "/tenants/{tenant}/silences", "responder"],
  getSilence: ["get", "/tenants/{tenant}/silences/{id}", "stakeholder"],
  replaceSilence: ["put", "/tenants/{tenant}/silences/{id}", "responder"],
  patchSilence: ["patch", "/tenants/{tenant}/silences/{id}", "responder"],
  deleteSilence: ["delete", "/tenants/{tenant}/silences/{id}", "responder"],
  listLookups: ["get", "/tenants/{tenant}/lookups", "responder"],
  createLookup: ["post", "/tenants/{tenant}/lookups", "manager"],
  getLookup: ["get", "/tenants/{tenant}/lookups/{id}", "responder"],
  replaceLookup: ["put", "/tenants/{tenant}/lookups/{id}", "manager"],
  patchLookup: ["patch", "/tenants/{tenant}/lookups/{id}", "manager"],
  deleteLookup: ["delete", "/tenants/{tenant}/lookups/{id}", "manager"],
  listAudit: ["get", "/tenants/{tenant}/audit", "admin"],
  verifyAudit: ["get", "/tenants/{tenant}/audit/verify", "admin"],
  listApiKeys: ["get", "/tenants/{tenant}/api-keys", "admin"],
  createApiKey: ["post", "/tenants/{tenant}/api-keys", "admin"],
  revokeApiKey: ["delete", "/tenants/{tenant}/api-keys/{id}", "admin"],
  checkExpression: ["post", "/tenants/{tenant}/expressions/check", "responder"],
  getExpressionWords: ["get", "/tenants/{tenant}/expressions/words", "responder"],
  simulate: ["post", "/tenants/{tenant}/simulate", "responder"],
  replay: ["post", "/tenants/{tenant}/simulate/replay", "manager"],
} as const;

/** What each operation takes besides its path. */
export interface Inputs {
  getSession: { query: undefined; body: undefined };
  signIn: { query: undefined; body: { "ticket"?: string | undefined; "token"?: string | undefined } };
  lookAtTicket: { query: undefined; body: { "ticket": string } };
  passkeySignInOptions: { query: undefined; body: undefined };
  passkeySignIn: { query: undefined; body: { "response": { "id": string } & Readonly<Record<string, unknown>> } };
  signOut: { query: undefined; body: undefined };
  listSessions: { query: undefined; body: undefined };
  signOutEverywhere: { query: { "keepThis"?: string | undefined }; body: undefined };
  endSession: { query: undefined; body: undefined };
  listPasskeys: { query: undefined; body: undefined };
  passkeyOptions: { query: undefined; body: undefined };
  addPasskey: { query: undefined; body: { "response": { "id": string } & Readonly<Record<string, unknown>>; "name"?: string | undefined } };
  removePasskey: { query: undefined; body: undefined };
  makeOwnerLink: { query: undefined; body: { "firstOnly"?: boolean | undefined } };
  invite: { query: undefined; body: undefined };
  signOutUser: { query: undefined; body: undefined };
  getDirectory: { query: undefined; body: undefined };
  watchLive: { query: { "since"?: string | undefined }; body: undefined };
  listTenants: { query: undefined; body: undefined };
  createTenant: { query: undefined; body: { "tenant": string; "name"?: string | undefined } & Readonly<Record<string, unknown>> };
  getTenant: { query: undefined; body: undefined };
  deleteTenant: { query: { "force"?: string | undefined }; body: undefined };
  getConfig: { query: undefined; body: undefined };
  putConfig: { query: { "dryRun"?: string | undefined; "prune"?: string | undefined }; body: undefined };
  listIncidents: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "status"?: string | undefined; "severity"?: string | undefined; "service"?: string | undefined; "team"?: string | undefined; "urgency"?: "high" | "low" | undefined; "assignee"?: string | undefined; "flag"?: string | undefined; "q"?: string | undefined; "since"?: string | undefined; "until"?: string | undefined }; body: undefined };
  declareIncident: { query: undefined; body: { "title": string; "body"?: string | undefined; "service"?: string | undefined; "policy"?: string | undefined; "severity"?: string | undefined; "urgency"?: "high" | "low" | undefined; "labels"?: Readonly<Record<string, string>> | undefined; "dedupKey"?: string | undefined; "as"?: string | undefined; "commandId"?: string | undefined } };
  getIncident: { query: undefined; body: undefined };
  getUserPages: { query: { "also"?: string | undefined }; body: undefined };
  getTimeline: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "after"?: number | undefined }; body: undefined };
  getIncidentDeliveries: { query: undefined; body: undefined };
  getIncidentAlerts: { query: undefined; body: undefined };
  listChanges: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "service"?: string | undefined; "integration"?: string | undefined; "q"?: string | undefined; "since"?: string | undefined; "until"?: string | undefined }; body: undefined };
  getChange: { query: undefined; body: undefined };
  getIncidentChanges: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "of"?: "service" | "others" | undefined }; body: undefined };
  ack: { query: undefined; body: { "as"?: string | undefined; "commandId"?: string | undefined; "epoch"?: number | undefined } };
  unack: { query: undefined; body: { "as"?: string | undefined; "commandId"?: string | undefined; "undo"?: boolean | undefined } };
  resolve: { query: undefined; body: { "as"?: string | undefined; "commandId"?: string | undefined; "reason"?: string | undefined } };
  reopen: { query: undefined; body: { "as"?: string | undefined; "commandId"?: string | undefined; "undo"?: boolean | undefined } };
  snooze: { query: undefined; body: { "as"?: string | undefined; "commandId"?: string | undefined; "for"?: string | undefined; "until"?: string | undefined } };
  escalate: { query: undefined; body: { "as"?: string | undefined; "commandId"?: string | undefined } };
  reassign: { query: undefined; body: { "as"?: string | undefined; "commandId"?: string | undefined; "user"?: string | undefined; "policy"?: string | undefined } };
  responders: { query: undefined; body: { "as"?: string | undefined; "commandId"?: string | undefined; "users": readonly (string)[]; "message"?: string | undefined } };
  severity: { query: undefined; body: { "as"?: string | undefined; "commandId"?: string | undefined; "severity": string } };
  merge: { query: undefined; body: { "as"?: string | undefined; "commandId"?: string | undefined; "into": string } };
  unmerge: { query: undefined; body: { "as"?: string | undefined; "commandId"?: string | undefined } };
  note: { query: undefined; body: { "as"?: string | undefined; "commandId"?: string | undefined; "text": string } };
  listDeliveries: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "incident"?: string | undefined; "user"?: string | undefined; "status"?: string | undefined; "via"?: string | undefined; "connector"?: string | undefined }; body: undefined };
  getSendingHealth: { query: undefined; body: undefined };
  testNotifier: { query: undefined; body: { "to"?: string | undefined } };
  testConnector: { query: undefined; body: Readonly<Record<string, never>> };
  listInbox: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "user"?: string | undefined }; body: undefined };
  listUserInbox: { query: { "limit"?: number | undefined; "cursor"?: string | undefined }; body: undefined };
  getOncall: { query: { "at"?: string | undefined; "schedule"?: string | undefined; "team"?: string | undefined; "gapsUntil"?: string | undefined }; body: undefined };
  getOncallLoad: { query: { "from"?: string | undefined; "to"?: string | undefined; "schedule"?: string | undefined; "holidays"?: string | undefined }; body: undefined };
  getUserShifts: { query: { "from"?: string | undefined; "to"?: string | undefined }; body: undefined };
  getShifts: { query: { "from"?: string | undefined; "to"?: string | undefined; "layers"?: string | undefined }; body: undefined };
  explainOncall: { query: { "at"?: string | undefined }; body: undefined };
  previewSchedule: { query: undefined; body: { "name"?: string | undefined; "team"?: string | undefined; "timeZone"?: string | undefined; "combine"?: "priority" | "union" | undefined; "layers"?: readonly ({ "id": string; "name"?: string | undefined; "timeZone"?: string | undefined; "start": string; "end"?: string | null | undefined; "rotation"?: { "every": string; "handoff"?: string | undefined } | { "rrule": string } | undefined; "users": readonly (string | readonly (string)[] | null)[]; "restrictions"?: readonly ({ "days": readonly ("MO" | "TU" | "WE" | "TH" | "FR" | "SA" | "SU")[]; "from": string; "to": string })[] | undefined; "skipEmptyTurns"?: boolean | undefined; "shadow"?: boolean | undefined; "priority"?: number | undefined })[] | undefined; "overrides"?: readonly ({ "id": string; "kind": "replace" | "add" | "take-over" | "clear"; "user"?: string | undefined; "replaces"?: string | undefined; "layers"?: readonly (string)[] | undefined; "from": string; "to": string })[] | undefined; "fallback"?: { "user": string } | { "users": readonly (string)[] } | null | undefined; "ical"?: { "url": string } | null | undefined; "rollout"?: "now" | "after-shift" | "after-round" | undefined; "at"?: string | undefined; "weeks"?: number | undefined } };
  previewPolicy: { query: undefined; body: { "name"?: string | undefined; "steps"?: readonly ({ "notify": readonly ({ "user": string; "contact"?: string | undefined } | { "team": string; "strategy"?: "all" | "round-robin" | "random" | undefined } | { "schedule": string; "who"?: "current" | "next" | "everyone" | undefined } | { "policy": string } | { "owner": "service" })[]; "escalateAfter"?: string | undefined; "until"?: "acknowledged" | "resolved" | undefined; "when"?: string | undefined; "acksRequired"?: number | "all" | undefined; "waitFor"?: string | undefined; "retry"?: { "times": number; "every": string } | undefined })[] | undefined; "repeat"?: { "times": number; "from"?: number | undefined; "wait"?: string | undefined } | undefined; "onExhausted"?: { "notify": readonly ({ "user": string; "contact"?: string | undefined } | { "team": string; "strategy"?: "all" | "round-robin" | "random" | undefined } | { "schedule": string; "who"?: "current" | "next" | "everyone" | undefined } | { "policy": string } | { "owner": "service" })[] } | undefined; "ackTimeout"?: string | null | undefined; "reopenAfter"?: string | null | undefined; "lowUrgency"?: "first-step" | "escalate" | undefined; "at"?: string | undefined } };
  listOverrides: { query: { "past"?: string | undefined }; body: undefined };
  createOverride: { query: undefined; body: { "id"?: string | undefined; "kind": "replace" | "add" | "take-over" | "clear"; "user"?: string | undefined; "replaces"?: string | undefined; "layers"?: readonly (string)[] | undefined; "from"?: string | undefined; "to": string } };
  patchOverride: { query: undefined; body: { "kind"?: "replace" | "add" | "take-over" | "clear" | undefined; "user"?: string | null | undefined; "replaces"?: string | null | undefined; "layers"?: readonly (string)[] | null | undefined; "from"?: string | undefined; "to"?: string | undefined } };
  deleteOverride: { query: undefined; body: undefined };
  listUserFeeds: { query: undefined; body: undefined };
  createUserFeed: { query: undefined; body: undefined };
  revokeUserFeed: { query: undefined; body: undefined };
  listScheduleFeeds: { query: undefined; body: undefined };
  createScheduleFeed: { query: undefined; body: undefined };
  revokeScheduleFeed: { query: undefined; body: undefined };
  listSla: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "state"?: string | undefined; "status"?: string | undefined; "kind"?: "respond" | "resolve" | undefined; "sla"?: string | undefined; "service"?: string | undefined; "team"?: string | undefined; "severity"?: string | undefined; "since"?: string | undefined; "order"?: "due" | "newest" | undefined }; body: undefined };
  getBusinessHoursState: { query: { "at"?: string | undefined }; body: undefined };
  listHeartbeatStates: { query: { "limit"?: number | undefined; "cursor"?: string | undefined }; body: undefined };
  getHeartbeatState: { query: undefined; body: undefined };
  pauseHeartbeat: { query: undefined; body: { "for"?: string | undefined; "until"?: string | undefined } };
  resumeHeartbeat: { query: undefined; body: Readonly<Record<string, never>> };
  rotateHeartbeat: { query: undefined; body: Readonly<Record<string, never>> };
  orderRoutes: { query: undefined; body: { "ids": readonly (string)[] } };
  rotateIntegration: { query: undefined; body: { "overlap"?: string | undefined } };
  rotateIntegrationSecret: { query: undefined; body: { "overlap"?: string | undefined; "secret"?: string | undefined } };
  revokeOldKeys: { query: undefined; body: { "what"?: "key" | "secret" | "both" | undefined } };
  getIntegrationRate: { query: undefined; body: undefined };
  getContacts: { query: undefined; body: undefined };
  putContacts: { query: undefined; body: { "items": readonly ({ "id": string; "via": string; "to"?: string | undefined })[] } };
  addContact: { query: undefined; body: { "id": string; "via": string; "to"?: string | undefined } };
  putContact: { query: undefined; body: { "via": string; "to"?: string | undefined } };
  deleteContact: { query: undefined; body: undefined };
  testContact: { query: undefined; body: Readonly<Record<string, never>> };
  getRules: { query: undefined; body: undefined };
  putRules: { query: undefined; body: Readonly<Record<string, readonly ({ "after": string; "contact": string })[]>> };
  getPush: { query: undefined; body: undefined };
  listDevices: { query: undefined; body: undefined };
  registerDevice: { query: undefined; body: { "endpoint": string; "p256dh": string; "auth": string; "key": string; "label"?: string | undefined; "replaces"?: string | undefined } };
  renameDevice: { query: undefined; body: { "label": string } };
  removeDevice: { query: undefined; body: undefined };
  removeDevices: { query: undefined; body: undefined };
  listPlugins: { query: { "kind"?: "source" | "notifier" | "connector" | undefined }; body: undefined };
  getPlugin: { query: undefined; body: undefined };
  sendTestAlert: { query: undefined; body: { "alert"?: { "dedupKey"?: string | undefined; "action"?: "trigger" | "acknowledge" | "resolve" | "responded" | "ignore" | undefined; "severity"?: "critical" | "error" | "warning" | "info" | "unknown" | undefined; "title"?: string | undefined; "body"?: string | undefined; "labels"?: Readonly<Record<string, string>> | undefined; "links"?: readonly ({ "href": string; "text"?: string | undefined })[] | undefined; "source"?: string | undefined; "sourceAt"?: string | null | undefined; "expiresAt"?: string | null | undefined; "test"?: boolean | undefined; "raw"?: unknown | undefined } | undefined; "example"?: "trigger" | "resolve" | undefined; "page"?: boolean | undefined } };
  listOwnPlugins: { query: undefined; body: undefined };
  getOwnPlugin: { query: undefined; body: undefined };
  uploadOwnPlugin: { query: undefined; body: { "code": string; "language"?: "typescript" | "javascript" | undefined; "fixtures": readonly ({ "name": string; "about"?: string | undefined; "headers"?: Readonly<Record<string, string>> | undefined; "settings"?: Readonly<Record<string, unknown>> | undefined; "format"?: "any" | "json" | "form" | "xml" | "text" | undefined; "body": unknown; "golden"?: readonly (Readonly<Record<string, unknown>>)[] | "unreadable" | undefined })[]; "pairs"?: readonly (readonly (unknown)[])[] | undefined; "name"?: string | undefined; "note"?: string | undefined; "activate"?: boolean | undefined; "dryRun"?: boolean | undefined } };
  getOwnPluginVersion: { query: undefined; body: undefined };
  tryOwnPlugin: { query: undefined; body: { "body": string; "headers"?: Readonly<Record<string, string>> | undefined; "settings"?: Readonly<Record<string, unknown>> | undefined; "format"?: "any" | "json" | "form" | "xml" | "text" | undefined } };
  activateOwnPlugin: { query: undefined; body: { "version": number } };
  changeOwnPlugin: { query: undefined; body: { "off"?: boolean | undefined; "name"?: string | undefined } };
  deleteOwnPlugin: { query: undefined; body: undefined };
  endMaintenanceWindow: { query: undefined; body: Readonly<Record<string, never>> };
  extendMaintenanceWindow: { query: undefined; body: { "for"?: string | undefined; "until"?: string | undefined } };
  endSilence: { query: undefined; body: Readonly<Record<string, never>> };
  extendSilence: { query: undefined; body: { "for"?: string | undefined; "until"?: string | undefined } };
  listReceived: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "outcome"?: string | undefined }; body: undefined };
  getReceived: { query: undefined; body: undefined };
  replayManyReceived: { query: undefined; body: { "ids"?: readonly (number)[] | undefined; "outcome"?: string | undefined; "since"?: string | undefined; "dryRun"?: boolean | undefined; "as"?: string | undefined; "commandId"?: string | undefined } };
  replayReceived: { query: undefined; body: { "dryRun"?: boolean | undefined; "as"?: string | undefined; "commandId"?: string | undefined } };
  previewIntegration: { query: undefined; body: { "source"?: string | undefined; "config"?: Readonly<Record<string, unknown>> | undefined; "body"?: string | undefined; "headers"?: Readonly<Record<string, string>> | undefined; "received"?: readonly (number)[] | undefined; "last"?: number | undefined } };
  listUsers: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "q"?: string | undefined }; body: undefined };
  createUser: { query: undefined; body: { "id": string; "name"?: string | undefined; "email"?: string | undefined; "timeZone"?: string | undefined; "role"?: "owner" | "admin" | "manager" | "responder" | "stakeholder" | undefined; "active"?: boolean | undefined; "contacts"?: readonly ({ "id": string; "via": string; "to"?: string | undefined })[] | undefined; "notify"?: { "high"?: readonly ({ "after": string; "contact": string | "*" })[] | undefined; "low"?: readonly ({ "after": string; "contact": string | "*" })[] | undefined } | undefined } };
  getUser: { query: undefined; body: undefined };
  replaceUser: { query: undefined; body: { "id": string; "name"?: string | undefined; "email"?: string | undefined; "timeZone"?: string | undefined; "role"?: "owner" | "admin" | "manager" | "responder" | "stakeholder" | undefined; "active"?: boolean | undefined; "contacts"?: readonly ({ "id": string; "via": string; "to"?: string | undefined })[] | undefined; "notify"?: { "high"?: readonly ({ "after": string; "contact": string | "*" })[] | undefined; "low"?: readonly ({ "after": string; "contact": string | "*" })[] | undefined } | undefined } };
  patchUser: { query: undefined; body: Readonly<Record<string, unknown>> };
  deleteUser: { query: undefined; body: undefined };
  listTeams: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "q"?: string | undefined }; body: undefined };
  createTeam: { query: undefined; body: { "id": string; "name"?: string | undefined; "members"?: readonly (string)[] | undefined; "managers"?: readonly (string)[] | undefined } };
  getTeam: { query: undefined; body: undefined };
  replaceTeam: { query: undefined; body: { "id": string; "name"?: string | undefined; "members"?: readonly (string)[] | undefined; "managers"?: readonly (string)[] | undefined } };
  patchTeam: { query: undefined; body: Readonly<Record<string, unknown>> };
  deleteTeam: { query: undefined; body: undefined };
  listSchedules: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "q"?: string | undefined }; body: undefined };
  createSchedule: { query: undefined; body: { "id": string; "name"?: string | undefined; "team"?: string | undefined; "timeZone"?: string | undefined; "combine"?: "priority" | "union" | undefined; "layers"?: readonly ({ "id": string; "name"?: string | undefined; "timeZone"?: string | undefined; "start": string; "end"?: string | null | undefined; "rotation"?: { "every": string; "handoff"?: string | undefined } | { "rrule": string } | undefined; "users": readonly (string | readonly (string)[] | null)[]; "restrictions"?: readonly ({ "days": readonly ("MO" | "TU" | "WE" | "TH" | "FR" | "SA" | "SU")[]; "from": string; "to": string })[] | undefined; "skipEmptyTurns"?: boolean | undefined; "shadow"?: boolean | undefined; "priority"?: number | undefined })[] | undefined; "overrides"?: readonly ({ "id": string; "kind": "replace" | "add" | "take-over" | "clear"; "user"?: string | undefined; "replaces"?: string | undefined; "layers"?: readonly (string)[] | undefined; "from": string; "to": string })[] | undefined; "fallback"?: { "user": string } | { "users": readonly (string)[] } | null | undefined; "ical"?: { "url": string } | null | undefined; "rollout"?: "now" | "after-shift" | "after-round" | undefined } };
  getSchedule: { query: undefined; body: undefined };
  replaceSchedule: { query: undefined; body: { "id": string; "name"?: string | undefined; "team"?: string | undefined; "timeZone"?: string | undefined; "combine"?: "priority" | "union" | undefined; "layers"?: readonly ({ "id": string; "name"?: string | undefined; "timeZone"?: string | undefined; "start": string; "end"?: string | null | undefined; "rotation"?: { "every": string; "handoff"?: string | undefined } | { "rrule": string } | undefined; "users": readonly (string | readonly (string)[] | null)[]; "restrictions"?: readonly ({ "days": readonly ("MO" | "TU" | "WE" | "TH" | "FR" | "SA" | "SU")[]; "from": string; "to": string })[] | undefined; "skipEmptyTurns"?: boolean | undefined; "shadow"?: boolean | undefined; "priority"?: number | undefined })[] | undefined; "overrides"?: readonly ({ "id": string; "kind": "replace" | "add" | "take-over" | "clear"; "user"?: string | undefined; "replaces"?: string | undefined; "layers"?: readonly (string)[] | undefined; "from": string; "to": string })[] | undefined; "fallback"?: { "user": string } | { "users": readonly (string)[] } | null | undefined; "ical"?: { "url": string } | null | undefined; "rollout"?: "now" | "after-shift" | "after-round" | undefined } };
  patchSchedule: { query: undefined; body: Readonly<Record<string, unknown>> };
  deleteSchedule: { query: undefined; body: undefined };
  listPolicies: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "q"?: string | undefined }; body: undefined };
  createPolicy: { query: undefined; body: { "id": string; "name"?: string | undefined; "steps": readonly ({ "notify": readonly ({ "user": string; "contact"?: string | undefined } | { "team": string; "strategy"?: "all" | "round-robin" | "random" | undefined } | { "schedule": string; "who"?: "current" | "next" | "everyone" | undefined } | { "policy": string } | { "owner": "service" })[]; "escalateAfter"?: string | undefined; "until"?: "acknowledged" | "resolved" | undefined; "when"?: string | undefined; "acksRequired"?: number | "all" | undefined; "waitFor"?: string | undefined; "retry"?: { "times": number; "every": string } | undefined })[]; "repeat"?: { "times": number; "from"?: number | undefined; "wait"?: string | undefined } | undefined; "onExhausted"?: { "notify": readonly ({ "user": string; "contact"?: string | undefined } | { "team": string; "strategy"?: "all" | "round-robin" | "random" | undefined } | { "schedule": string; "who"?: "current" | "next" | "everyone" | undefined } | { "policy": string } | { "owner": "service" })[] } | undefined; "ackTimeout"?: string | null | undefined; "reopenAfter"?: string | null | undefined; "lowUrgency"?: "first-step" | "escalate" | undefined } };
  getPolicy: { query: undefined; body: undefined };
  replacePolicy: { query: undefined; body: { "id": string; "name"?: string | undefined; "steps": readonly ({ "notify": readonly ({ "user": string; "contact"?: string | undefined } | { "team": string; "strategy"?: "all" | "round-robin" | "random" | undefined } | { "schedule": string; "who"?: "current" | "next" | "everyone" | undefined } | { "policy": string } | { "owner": "service" })[]; "escalateAfter"?: string | undefined; "until"?: "acknowledged" | "resolved" | undefined; "when"?: string | undefined; "acksRequired"?: number | "all" | undefined; "waitFor"?: string | undefined; "retry"?: { "times": number; "every": string } | undefined })[]; "repeat"?: { "times": number; "from"?: number | undefined; "wait"?: string | undefined } | undefined; "onExhausted"?: { "notify": readonly ({ "user": string; "contact"?: string | undefined } | { "team": string; "strategy"?: "all" | "round-robin" | "random" | undefined } | { "schedule": string; "who"?: "current" | "next" | "everyone" | undefined } | { "policy": string } | { "owner": "service" })[] } | undefined; "ackTimeout"?: string | null | undefined; "reopenAfter"?: string | null | undefined; "lowUrgency"?: "first-step" | "escalate" | undefined } };
  patchPolicy: { query: undefined; body: Readonly<Record<string, unknown>> };
  deletePolicy: { query: undefined; body: undefined };
  listBusinessHours: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "q"?: string | undefined }; body: undefined };
  createCalendar: { query: undefined; body: { "id": string; "name"?: string | undefined; "timeZone"?: string | undefined; "hours": readonly ({ "days"?: readonly ("MO" | "TU" | "WE" | "TH" | "FR" | "SA" | "SU")[] | undefined; "from": string; "to": string })[]; "holidays"?: readonly (string)[] | undefined; "ical"?: { "url": string } | null | undefined } };
  getCalendar: { query: undefined; body: undefined };
  replaceCalendar: { query: undefined; body: { "id": string; "name"?: string | undefined; "timeZone"?: string | undefined; "hours": readonly ({ "days"?: readonly ("MO" | "TU" | "WE" | "TH" | "FR" | "SA" | "SU")[] | undefined; "from": string; "to": string })[]; "holidays"?: readonly (string)[] | undefined; "ical"?: { "url": string } | null | undefined } };
  patchCalendar: { query: undefined; body: Readonly<Record<string, unknown>> };
  deleteCalendar: { query: undefined; body: undefined };
  listSlas: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "q"?: string | undefined }; body: undefined };
  createSla: { query: undefined; body: { "id": string; "name"?: string | undefined; "when"?: string | undefined; "respondWithin"?: string | undefined; "resolveWithin"?: string | undefined; "hours"?: string | undefined; "pauseIn"?: readonly ("held" | "suppressed" | "acknowledged" | "snoozed")[] | undefined; "warn"?: readonly ({ "at"?: string | undefined; "before"?: string | undefined; "clock"?: "respond" | "resolve" | undefined; "flag"?: string | undefined; "policy"?: string | undefined; "notify"?: readonly ({ "user": string; "contact"?: string | undefined } | { "team": string; "strategy"?: "all" | "round-robin" | "random" | undefined } | { "schedule": string; "who"?: "current" | "next" | "everyone" | undefined } | { "policy": string } | { "owner": "service" })[] | undefined })[] | undefined } };
  getSla: { query: undefined; body: undefined };
  replaceSla: { query: undefined; body: { "id": string; "name"?: string | undefined; "when"?: string | undefined; "respondWithin"?: string | undefined; "resolveWithin"?: string | undefined; "hours"?: string | undefined; "pauseIn"?: readonly ("held" | "suppressed" | "acknowledged" | "snoozed")[] | undefined; "warn"?: readonly ({ "at"?: string | undefined; "before"?: string | undefined; "clock"?: "respond" | "resolve" | undefined; "flag"?: string | undefined; "policy"?: string | undefined; "notify"?: readonly ({ "user": string; "contact"?: string | undefined } | { "team": string; "strategy"?: "all" | "round-robin" | "random" | undefined } | { "schedule": string; "who"?: "current" | "next" | "everyone" | undefined } | { "policy": string } | { "owner": "service" })[] | undefined })[] | undefined } };
  patchSla: { query: undefined; body: Readonly<Record<string, unknown>> };
  deleteSla: { query: undefined; body: undefined };
  listServices: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "q"?: string | undefined }; body: undefined };
  createService: { query: undefined; body: { "id": string; "name"?: string | undefined; "team"?: string | undefined; "policy"?: string | undefined; "runbook"?: string | undefined; "tags"?: Readonly<Record<string, string>> | undefined; "urgency"?: "high" | "low" | { "inHours"?: "high" | "low" | undefined; "outOfHours"?: "high" | "low" | undefined; "hours": string } | undefined; "resolveOn"?: "all" | "any" | "manual" | undefined; "autoResolve"?: string | null | undefined; "ackTimeout"?: string | null | undefined } };
  getService: { query: undefined; body: undefined };
  replaceService: { query: undefined; body: { "id": string; "name"?: string | undefined; "team"?: string | undefined; "policy"?: string | undefined; "runbook"?: string | undefined; "tags"?: Readonly<Record<string, string>> | undefined; "urgency"?: "high" | "low" | { "inHours"?: "high" | "low" | undefined; "outOfHours"?: "high" | "low" | undefined; "hours": string } | undefined; "resolveOn"?: "all" | "any" | "manual" | undefined; "autoResolve"?: string | null | undefined; "ackTimeout"?: string | null | undefined } };
  patchService: { query: undefined; body: Readonly<Record<string, unknown>> };
  deleteService: { query: undefined; body: undefined };
  listIntegrations: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "q"?: string | undefined }; body: undefined };
  createIntegration: { query: undefined; body: { "id": string; "name"?: string | undefined; "source": string; "key"?: { "env": string } | { "value": string } | { "sealed": true } | undefined; "secret"?: { "env": string } | { "value": string } | { "sealed": true } | undefined; "service"?: string | undefined; "config"?: Readonly<Record<string, unknown>> | undefined; "severityMap"?: Readonly<Record<string, string>> | undefined; "rateLimit"?: { "count": number; "within": string } | undefined; "keepBodies"?: string | undefined } };
  getIntegration: { query: undefined; body: undefined };
  replaceIntegration: { query: undefined; body: { "id": string; "name"?: string | undefined; "source": string; "key"?: { "env": string } | { "value": string } | { "sealed": true } | undefined; "secret"?: { "env": string } | { "value": string } | { "sealed": true } | undefined; "service"?: string | undefined; "config"?: Readonly<Record<string, unknown>> | undefined; "severityMap"?: Readonly<Record<string, string>> | undefined; "rateLimit"?: { "count": number; "within": string } | undefined; "keepBodies"?: string | undefined } };
  patchIntegration: { query: undefined; body: Readonly<Record<string, unknown>> };
  deleteIntegration: { query: undefined; body: undefined };
  listRoutes: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "q"?: string | undefined }; body: undefined };
  createRoute: { query: { "before"?: string | undefined }; body: { "id": string; "when": string; "set"?: { "severity"?: string | { "expr": string } | undefined; "service"?: string | { "expr": string } | undefined; "policy"?: string | { "expr": string } | undefined; "policies"?: readonly (string | { "expr": string })[] | undefined; "urgency"?: "high" | "low" | undefined; "labels"?: Readonly<Record<string, string | { "expr": string }>> | undefined } | undefined; "group"?: { "by": readonly (string)[]; "window"?: string | undefined; "kind"?: "rolling" | "fixed" | undefined } | undefined; "suppress"?: boolean | undefined; "hold"?: string | undefined; "threshold"?: { "count": number; "within": string } | undefined; "inhibitedBy"?: { "when": string; "equal"?: readonly (string)[] | undefined } | undefined; "continue"?: boolean | undefined } };
  getRoute: { query: undefined; body: undefined };
  replaceRoute: { query: undefined; body: { "id": string; "when": string; "set"?: { "severity"?: string | { "expr": string } | undefined; "service"?: string | { "expr": string } | undefined; "policy"?: string | { "expr": string } | undefined; "policies"?: readonly (string | { "expr": string })[] | undefined; "urgency"?: "high" | "low" | undefined; "labels"?: Readonly<Record<string, string | { "expr": string }>> | undefined } | undefined; "group"?: { "by": readonly (string)[]; "window"?: string | undefined; "kind"?: "rolling" | "fixed" | undefined } | undefined; "suppress"?: boolean | undefined; "hold"?: string | undefined; "threshold"?: { "count": number; "within": string } | undefined; "inhibitedBy"?: { "when": string; "equal"?: readonly (string)[] | undefined } | undefined; "continue"?: boolean | undefined } };
  patchRoute: { query: undefined; body: Readonly<Record<string, unknown>> };
  deleteRoute: { query: undefined; body: undefined };
  listNotifiers: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "q"?: string | undefined }; body: undefined };
  createNotifier: { query: undefined; body: { "id": string; "plugin": string; "config"?: Readonly<Record<string, unknown>> | undefined; "secrets"?: Readonly<Record<string, { "env": string } | { "value": string } | { "sealed": true }>> | undefined; "fallback"?: string | undefined } };
  getNotifier: { query: undefined; body: undefined };
  replaceNotifier: { query: undefined; body: { "id": string; "plugin": string; "config"?: Readonly<Record<string, unknown>> | undefined; "secrets"?: Readonly<Record<string, { "env": string } | { "value": string } | { "sealed": true }>> | undefined; "fallback"?: string | undefined } };
  patchNotifier: { query: undefined; body: Readonly<Record<string, unknown>> };
  deleteNotifier: { query: undefined; body: undefined };
  listConnectors: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "q"?: string | undefined }; body: undefined };
  createConnector: { query: undefined; body: { "id": string; "plugin": string; "on"?: readonly (string)[] | undefined; "integrations"?: readonly (string)[] | undefined; "when"?: string | undefined; "config"?: Readonly<Record<string, unknown>> | undefined; "secrets"?: Readonly<Record<string, { "env": string } | { "value": string } | { "sealed": true }>> | undefined } };
  getConnector: { query: undefined; body: undefined };
  replaceConnector: { query: undefined; body: { "id": string; "plugin": string; "on"?: readonly (string)[] | undefined; "integrations"?: readonly (string)[] | undefined; "when"?: string | undefined; "config"?: Readonly<Record<string, unknown>> | undefined; "secrets"?: Readonly<Record<string, { "env": string } | { "value": string } | { "sealed": true }>> | undefined } };
  patchConnector: { query: undefined; body: Readonly<Record<string, unknown>> };
  deleteConnector: { query: undefined; body: undefined };
  listHeartbeats: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "q"?: string | undefined }; body: undefined };
  createHeartbeat: { query: undefined; body: { "id": string; "name"?: string | undefined; "every"?: string | undefined; "cron"?: string | undefined; "timeZone"?: string | undefined; "grace"?: string | undefined; "service"?: string | undefined; "severity"?: string | undefined; "expectFirst"?: boolean | undefined; "key"?: { "env": string } | { "value": string } | { "sealed": true } | undefined } };
  getHeartbeat: { query: undefined; body: undefined };
  replaceHeartbeat: { query: undefined; body: { "id": string; "name"?: string | undefined; "every"?: string | undefined; "cron"?: string | undefined; "timeZone"?: string | undefined; "grace"?: string | undefined; "service"?: string | undefined; "severity"?: string | undefined; "expectFirst"?: boolean | undefined; "key"?: { "env": string } | { "value": string } | { "sealed": true } | undefined } };
  patchHeartbeat: { query: undefined; body: Readonly<Record<string, unknown>> };
  deleteHeartbeat: { query: undefined; body: undefined };
  listMaintenance: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "q"?: string | undefined }; body: undefined };
  createMaintenanceWindow: { query: undefined; body: { "id": string; "name"?: string | undefined; "from"?: string | undefined; "to": string; "timeZone"?: string | undefined; "when"?: string | null | undefined; "rrule"?: string | null | undefined; "atEnd"?: "page" | "resolve" | "nothing" | undefined; "endedAt"?: string | null | undefined; "extended"?: { "of": string; "to": string } | null | undefined } };
  getMaintenanceWindow: { query: undefined; body: undefined };
  replaceMaintenanceWindow: { query: undefined; body: { "id": string; "name"?: string | undefined; "from"?: string | undefined; "to": string; "timeZone"?: string | undefined; "when"?: string | null | undefined; "rrule"?: string | null | undefined; "atEnd"?: "page" | "resolve" | "nothing" | undefined; "endedAt"?: string | null | undefined; "extended"?: { "of": string; "to": string } | null | undefined } };
  patchMaintenanceWindow: { query: undefined; body: Readonly<Record<string, unknown>> };
  deleteMaintenanceWindow: { query: undefined; body: undefined };
  listSilences: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "q"?: string | undefined }; body: undefined };
  createSilence: { query: undefined; body: { "id": string; "when": string; "from"?: string | undefined; "until": string; "owner"?: string | undefined; "remind"?: string | null | undefined; "reason"?: string | undefined; "endedAt"?: string | null | undefined; "extendedTo"?: string | null | undefined } };
  getSilence: { query: undefined; body: undefined };
  replaceSilence: { query: undefined; body: { "id": string; "when": string; "from"?: string | undefined; "until": string; "owner"?: string | undefined; "remind"?: string | null | undefined; "reason"?: string | undefined; "endedAt"?: string | null | undefined; "extendedTo"?: string | null | undefined } };
  patchSilence: { query: undefined; body: Readonly<Record<string, unknown>> };
  deleteSilence: { query: undefined; body: undefined };
  listLookups: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "q"?: string | undefined }; body: undefined };
  createLookup: { query: undefined; body: { "id": string; "key": string; "rows": Readonly<Record<string, Readonly<Record<string, string>>>> } };
  getLookup: { query: undefined; body: undefined };
  replaceLookup: { query: undefined; body: { "id": string; "key": string; "rows": Readonly<Record<string, Readonly<Record<string, string>>>> } };
  patchLookup: { query: undefined; body: Readonly<Record<string, unknown>> };
  deleteLookup: { query: undefined; body: undefined };
  listAudit: { query: { "limit"?: number | undefined; "cursor"?: string | undefined; "after"?: number | undefined; "order"?: "oldest" | "newest" | undefined; "actor"?: string | undefined; "action"?: string | undefined; "kind"?: string | undefined; "object"?: string | undefined; "from"?: string | undefined; "to"?: string | undefined; "format"?: "json" | "ndjson" | undefined }; body: undefined };
  verifyAudit: { query: { "seq"?: number | undefined; "hash"?: string | undefined }; body: undefined };
  listApiKeys: { query: undefined; body: undefined };
  createApiKey: { query: undefined; body: { "id"?: string | undefined; "name": string; "role": "stakeholder" | "responder" | "manager" | "admin" | "owner"; "expiresAt"?: string | null | undefined } };
  revokeApiKey: { query: undefined; body: undefined };
  checkExpression: { query: undefined; body: { "expression": string; "over"?: "alert" | "incident" | "opening" | undefined; "as"?: "condition" | "value" | undefined; "alert"?: { "dedupKey"?: string | undefined; "action"?: "trigger" | "acknowledge" | "resolve" | "responded" | "ignore" | undefined; "severity"?: "critical" | "error" | "warning" | "info" | "unknown" | undefined; "title"?: string | undefined; "body"?: string | undefined; "labels"?: Readonly<Record<string, string>> | undefined; "links"?: readonly ({ "href": string; "text"?: string | undefined })[] | undefined; "source"?: string | undefined; "sourceAt"?: string | null | undefined; "expiresAt"?: string | null | undefined; "test"?: boolean | undefined; "raw"?: unknown | undefined } | undefined; "integration"?: string | undefined; "incident"?: string | undefined; "at"?: string | undefined } };
  getExpressionWords: { query: { "over"?: "alert" | "incident" | "opening" | undefined }; body: undefined };
  simulate: { query: undefined; body: { "integration": string; "payload"?: unknown | undefined; "body"?: string | undefined; "headers"?: Readonly<Record<string, string>> | undefined; "alert"?: { "dedupKey"?: string | undefined; "action"?: "trigger" | "acknowledge" | "resolve" | "responded" | "ignore" | undefined; "severity"?: "critical" | "error" | "warning" | "info" | "unknown" | undefined; "title"?: string | undefined; "body"?: string | undefined; "labels"?: Readonly<Record<string, string>> | undefined; "links"?: readonly ({ "href": string; "text"?: string | undefined })[] | undefined; "source"?: string | undefined; "sourceAt"?: string | null | undefined; "expiresAt"?: string | null | undefined; "test"?: boolean | undefined; "raw"?: unknown | undefined } | undefined; "at"?: string | undefined; "document"?: string | Readonly<Record<string, unknown>> | undefined } };
  replay: { query: undefined; body: { "document": string | Readonly<Record<string, unknown>>; "integration"?: string | undefined; "last"?: number | undefined } };
}

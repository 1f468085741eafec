// Owns how Opsgenie's Alert API words its answers: the envelope with `took` and `requestId`, alerts, errors, and request ids that
// hold what became of the request, so that its status can be asked for without anything being kept.

import { recordOf, type DropInRequest, type ProductAnswer, type SourceAlert } from "../../sdk/index.ts";
import { partedLabels } from "./alert.ts";

export const actions = [
  "Create",
  "Acknowledge",
  "UnAcknowledge",
  "Close",
  "Delete",
  "Snooze",
  "AddNote",
  "Escalate",
  "AssignOwnership",
  "AddTeam",
  "AddResponder",
  "AddTags",
  "RemoveTags",
  "AddDetails",
  "RemoveDetails",
  "UpdatePriority",
  "UpdateMessage",
  "UpdateDescription",
  "ExecuteCustomAction",
] as const;
export type Action = (typeof actions)[number];

export function envelope(
  request: DropInRequest,
  status: number,
  body: object,
  tookS = 0,
  requestId = uuidOf(request),
): ProductAnswer {
  return {
    status,
    body: { ...body, took: tookS, requestId },
    headers: { "x-request-id": requestId, "x-response-time": String(tookS) },
  };
}

export function problem(
  request: DropInRequest,
  status: number,
  message: string,
  errors?: Readonly<Record<string, string>>,
): ProductAnswer {
  return envelope(request, status, { message, ...(errors === undefined ? {} : { errors }) });
}

export function unprocessable(request: DropInRequest, errors: Readonly<Record<string, string>>): ProductAnswer {
  return problem(request, 422, "Request body is not processable. Please check the errors.", errors);
}

function uuidOf({ unique }: DropInRequest): string {
  return unique.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** What became of a request, as its id tells it. */
export interface Became {
  readonly action: Action;
  readonly at: number;
  readonly incident: string | null;
  /** Null: it was done. */
  readonly refused: string | null;
}

/** 202, once everything is stored: the product does it later, this hub has done it already. */
export function accepted(request: DropInRequest, became: Became, tookS: number): ProductAnswer {
  return envelope(request, 202, { result: "Request will be processed" }, tookS, requestIdOf(request, became));
}

function requestIdOf(request: DropInRequest, { action, at, incident, refused }: Became): string {
  const parts = [actions.indexOf(action).toString(36), at.toString(36), incident ?? "none", request.unique.slice(0, 8)];
  return [...parts, ...(refused === null ? [] : [base64url(refused.slice(0, 120))])].join(".");
}

/** Null: no id that this hub gave. */
export function becameOf(requestId: string): Became | null {
  const [index = "", at = "", incident = "", unique, reason] = requestId.split(".");
  const action = actions[Number.parseInt(index, 36)];
  const time = Number.parseInt(at, 36);
  if (action === undefined || unique === undefined || !(time > 1e12 && time < 1e14)) return null;
  try {
    return {
      action,
      at: time,
      incident: incident === "none" ? null : incident,
      refused: reason === undefined ? null : unbase64url(reason),
    };
  } catch {
    return null;
  }
}

export function statusOf(request: DropInRequest, became: Became, alert: SourceAlert | null, tookS: number): ProductAnswer {
  const success = became.refused === null && became.incident !== null;
  return envelope(
    request,
    200,
    {
      data: {
        success,
        action: became.action,
        processedAt: new Date(became.at).toISOString(),
        integrationId: alert?.integration.id ?? "",
        isSuccess: success,
        status: success ? done[became.action] : (became.refused ?? "Alert does not exist"),
        alertId: became.incident ?? "",
        alias: alert?.dedupKey ?? "",
      },
    },
    tookS,
  );
}

const done: Readonly<Record<Action, string>> = {
  Create: "Created alert",
  Acknowledge: "Alert acknowledged",
  UnAcknowledge: "Alert unacknowledged",
  Close: "Alert closed",
  Delete: "Alert closed: nothing is deleted here",
  Snooze: "Alert snoozed",
  AddNote: "Note added",
  Escalate: "Alert escalated",
  AssignOwnership: "Alert assigned",
  AddTeam: "Team added",
  AddResponder: "Responder added",
  AddTags: "Tags added",
  RemoveTags: "Tags removed",
  AddDetails: "Details added",
  RemoveDetails: "Details removed",
  UpdatePriority: "Priority updated",
  UpdateMessage: "Message updated",
  UpdateDescription: "Description updated",
  ExecuteCustomAction: "Custom action noted",
};

const byLevel = { critical: "P1", error: "P2", warning: "P3", info: "P5", unknown: "P3" } as const;

/** `id` is our incident; `tinyId` the instant it opened. With `whole` as one alert is shown, else as lists show it. */
export function alertJson(alert: SourceAlert, whole: boolean): Record<string, unknown> {
  const { tags, details } = partedLabels(alert.labels);
  const { priority: told, responders = "", entity = "", source = "" } = alert.labels;
  const priority = alert.severity === "info" && told === "P4" ? "P4" : byLevel[alert.severity];
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    id: alert.incident,
    tinyId: String(alert.openedAt),
    alias: alert.dedupKey,
    message: alert.title,
    status: alert.status === "closed" ? "closed" : "open",
    acknowledged: alert.status === "acknowledged",
    isSeen: alert.acknowledgedAt !== null,
    tags,
    snoozed: alert.snoozedUntil !== null,
    ...(alert.snoozedUntil === null ? {} : { snoozedUntil: iso(alert.snoozedUntil) }),
    count: alert.count,
    lastOccurredAt: iso(alert.lastAt),
    createdAt: iso(alert.openedAt),
    updatedAt: iso(alert.updatedAt),
    source,
    owner: alert.assignees[0] ?? alert.acknowledgedBy ?? "",
    priority,
    responders: responders.split(", ").flatMap((each) => {
      const [type, ...name] = each.split(":");
      return type === undefined || type === "" ? [] : [{ type, id: name.join(":") }];
    }),
    integration: { ...alert.integration, type: "API" },
    report: {
      ...(alert.acknowledgedAt === null
        ? {}
        : { ackTime: alert.acknowledgedAt - alert.openedAt, acknowledgedBy: alert.acknowledgedBy }),
      ...(alert.resolvedAt === null ? {} : { closeTime: alert.resolvedAt - alert.openedAt, closedBy: alert.resolvedBy }),
    },
    ...(whole
      ? {
          actions: (alert.labels["actions"] ?? "").split(", ").filter((each) => each !== ""),
          entity,
          description: alert.body,
          details,
        }
      : {}),
  };
}

export function bodyOf({ read }: DropInRequest): Readonly<Record<string, unknown>> {
  return recordOf(read.ok ? read.payload : null);
}

function base64url(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function unbase64url(text: string): string {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}

// Owns the contract of overrides: changes of a schedule for a while, made at run time and effective at once.

import * as z from "zod";
import { id } from "../../tenant/document-parts.ts";
import { overrideFields } from "../../tenant/document-schedules.ts";
import { t, instant, type Endpoint } from "./endpoint.ts";

const all = `${t}/schedules/{id}/overrides`;
const one = `${all}/{override}`;
const written = {
  202: "Saved, not yet in force",
  404: "There is no such schedule or override",
  409: "It is over, or has begun and this cannot change any more",
  422: "Errors with their field",
};

export const overrides = {
  listOverrides: {
    method: "get",
    path: all,
    summary: "Overrides of a schedule, those of the document and those made here; past ones too with `past=true`",
    tenant: true,
    may: "stakeholder",
    query: z.strictObject({ past: z.stringbool().default(false) }),
    answers: {
      200: "{items: [{id, kind, user, replaces, layers, from, to, state, origin, createdAt, createdBy}]}",
      404: written[404],
    },
  },
  createOverride: {
    method: "post",
    path: all,
    summary: "Cover, add, take over or clear for a while. Effective when it is answered; the newest wins",
    tenant: true,
    may: "responder",
    body: z.strictObject({
      id: id.optional().describe("Made where it is left out"),
      ...overrideFields,
      from: instant.optional().describe("Now where it is left out or past"),
      to: instant,
    }),
    answers: { 201: "The override", ...written },
  },
  patchOverride: {
    method: "patch",
    path: one,
    summary: "Change an override: all of it before it begins, only its end while it runs",
    tenant: true,
    may: "responder",
    body: z.strictObject({
      kind: overrideFields.kind.optional(),
      user: id.nullable().optional(),
      replaces: id.nullable().optional(),
      layers: z.array(id).min(1).nullable().optional(),
      from: instant.optional(),
      to: instant.optional(),
    }),
    answers: { 200: "The override", ...written },
  },
  deleteOverride: {
    method: "delete",
    path: one,
    summary: "End an override now, or take it back before it begins",
    tenant: true,
    may: "responder",
    answers: { 204: "It is over", ...written },
  },
} as const satisfies Record<string, Endpoint>;

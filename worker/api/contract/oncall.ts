// Owns the contract of who is on call: now, over time, why, what a draft would change, and how much falls to whom.

import * as z from "zod";
import { policy } from "../../tenant/document-policies.ts";
import { schedule } from "../../tenant/document-schedules.ts";
import { t, instant, type Endpoint } from "./endpoint.ts";

const range = {
  from: instant.optional().describe("Now by default"),
  to: instant.optional().describe("Four weeks after `from` by default"),
};
const one = `${t}/schedules/{id}`;
const notFound = { 404: "There is no such schedule" };

export const oncall = {
  getOncall: {
    method: "get",
    path: `${t}/oncall`,
    summary: "Who is on call in each schedule, until when and why, and who each policy would page first",
    tenant: true,
    may: "stakeholder",
    query: z.strictObject({
      at: instant.optional(),
      schedule: z.string().max(64).optional(),
      team: z.string().max(64).optional().describe("Only the schedules of this team"),
      gapsUntil: instant
        .optional()
        .describe(
          "Also when nobody is on call until then, or (outOfReach) nobody whom a page can reach; four weeks ahead at most",
        ),
    }),
    answers: {
      200: "{at, items: [{schedule, users, from, to, why, next, shadow, calendar, gaps}], policies: [{policy, users, step, depends, problems, troubles}]}",
    },
  },
  getOncallLoad: {
    method: "get",
    path: `${t}/oncall/load`,
    summary: "How much being on call falls to each person: hours, nights, weekends and holidays by that person's own clock",
    tenant: true,
    may: "responder",
    query: z.strictObject({
      ...range,
      schedule: z.string().max(64).optional(),
      holidays: z.string().max(64).optional().describe("Business hours whose holidays count; all of the tenant's by default"),
    }),
    answers: { 200: "{from, to, items: [{user, hours, nightHours, weekendHours, holidayHours, shifts}]}" },
  },
  getUserShifts: {
    method: "get",
    path: `${t}/users/{id}/shifts`,
    summary: "One person's shifts in every schedule",
    tenant: true,
    may: "responder",
    self: "id",
    query: z.strictObject(range),
    answers: { 200: "{items: [{schedule, from, to, users, layer, override}]}", 404: "There is no such person" },
  },
  getShifts: {
    method: "get",
    path: `${one}/shifts`,
    summary: "The final shifts of a schedule, adjacent equal ones joined, and its gaps; `layers=true` adds each layer's own",
    tenant: true,
    may: "stakeholder",
    query: z.strictObject({ ...range, layers: z.stringbool().default(false) }),
    answers: { 200: "{items, gaps, layers, next}", ...notFound },
  },
  explainOncall: {
    method: "get",
    path: `${one}/explain`,
    summary: "Why these people are on call, step by step",
    tenant: true,
    may: "stakeholder",
    query: z.strictObject({ at: instant.optional() }),
    answers: { 200: "{at, schedule, users, from, to, why, steps, layers}", ...notFound },
  },
  previewSchedule: {
    method: "post",
    path: `${one}/preview`,
    summary: "What a draft would change: the next weeks and handoffs before and after; nothing is saved",
    tenant: true,
    may: "responder",
    body: z.strictObject({
      ...schedule.omit({ id: true }).partial().shape,
      // What a draft leaves out stays as it is, so nothing here has a default.
      combine: schedule.shape.combine.unwrap().optional(),
      layers: schedule.shape.layers.unwrap().optional(),
      overrides: schedule.shape.overrides.unwrap().optional(),
      fallback: schedule.shape.fallback.unwrap().optional(),
      ical: schedule.shape.ical.unwrap().optional(),
      rollout: schedule.shape.rollout.unwrap().optional(),
      at: instant.optional().describe("When the draft would be saved; now by default"),
      weeks: z.int().min(1).max(26).default(4),
    }),
    answers: { 200: "{at, before, after, changes, warnings}: before and after hold {items, gaps, handoffs}", 422: "Errors" },
  },
  previewPolicy: {
    method: "post",
    path: `${t}/policies/{id}/preview`,
    summary: "Whom each step of a policy, or of a draft of it, would page at an instant; nothing is saved",
    tenant: true,
    may: "stakeholder",
    body: z.strictObject({
      ...policy.omit({ id: true }).partial().shape,
      // What a draft leaves out stays as it is, so nothing here has a default.
      lowUrgency: policy.shape.lowUrgency.unwrap().optional(),
      at: instant.optional(),
    }),
    answers: {
      200: "{at, steps: [{targets: [{users, oneOf, policy, owner, problems}], when, waitFor}], exhausted: [target], warnings}",
      422: "Errors with their path",
    },
  },
} as const satisfies Record<string, Endpoint>;

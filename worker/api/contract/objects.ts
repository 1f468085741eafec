// Owns the contract of what single kinds of objects can do beside being read and written.

import * as z from "zod";
import { limits } from "../../core/limits.ts";
import { duration, t, type Endpoint } from "./endpoint.ts";

const person = { tenant: true, self: "id", may: "admin" } as const;
const contact = z.strictObject({
  id: z.string().max(64),
  via: z.string().max(64).describe("A notifier's id"),
  to: z.string().max(500).default(""),
});
const written = {
  200: "As it is now",
  202: "Saved, not yet in force",
  404: "Nobody is called that",
  409: "Something else that names it would break; `usedBy` says what",
  412: "If-Match names another state",
  422: "Errors with their path and the nearest known name",
};

export const objects = {
  orderRoutes: {
    method: "put",
    path: `${t}/routes/order`,
    summary: "Set the order in which routes are tried",
    tenant: true,
    may: "manager",
    body: z.strictObject({ ids: z.array(z.string().max(64)).max(1_000).describe("Every route's id, the first tried first") }),
    answers: {
      200: "{ids}; ETag of the order, as the list has it",
      202: "Saved, not yet in force",
      412: "If-Match names another order",
      422: "Names that are missing, too many or unknown",
    },
  },
  rotateIntegration: {
    method: "post",
    path: `${t}/integrations/{id}/rotate`,
    summary: "Make a new key, shown in `issued` once; the present one works on for the overlap",
    tenant: true,
    may: "admin",
    body: z.strictObject({ overlap: duration.default("1d").describe("0s to 30d") }),
    answers: { 200: written[200], 202: written[202], 404: "There is none of this name", 412: written[412] },
  },
  rotateIntegrationSecret: {
    method: "post",
    path: `${t}/integrations/{id}/rotate-secret`,
    summary: "Replace the secret that the sender signs with or presents; what the present one proves is taken on for the overlap",
    tenant: true,
    may: "admin",
    body: z.strictObject({
      overlap: duration.default("1d").describe("0s to 30d"),
      secret: z
        .string()
        .min(8)
        .max(1_000)
        .optional()
        .describe("The new one, where the sender makes it; left out, one is made and shown once as `newSecret`"),
    }),
    answers: {
      200: written[200],
      202: written[202],
      404: "There is none of this name",
      409: "It has no secret: give it one first",
      412: written[412],
      422: "It is the secret in use already",
    },
  },
  revokeOldKeys: {
    method: "post",
    path: `${t}/integrations/{id}/revoke-old`,
    summary: "End the overlap of a rotation now: the old key or the old secret is worth nothing from here on",
    tenant: true,
    may: "admin",
    body: z.strictObject({ what: z.enum(["key", "secret", "both"]).default("both") }),
    answers: { 200: written[200], 202: written[202], 404: "There is none of this name", 412: written[412] },
  },
  getIntegrationRate: {
    method: "get",
    path: `${t}/integrations/{id}/rate`,
    summary: "What an integration has sent of its rate, and how much of it was refused",
    tenant: true,
    may: "manager",
    answers: { 200: "{limit, window, refused, lastRefusedAt}", 404: "There is none of this name" },
  },
  getContacts: {
    method: "get",
    path: `${t}/users/{id}/contacts`,
    summary: "A person's contacts",
    ...person,
    answers: { 200: "{items, next}; ETag of the user", 404: written[404] },
  },
  putContacts: {
    method: "put",
    path: `${t}/users/{id}/contacts`,
    summary: "Replace a person's contacts; kept as their own, whatever the document says",
    ...person,
    describes: z.strictObject({ items: z.array(contact).max(limits.person.contactsMax) }),
    answers: written,
  },
  addContact: {
    method: "post",
    path: `${t}/users/{id}/contacts`,
    summary: "Add a contact to a person",
    ...person,
    describes: contact,
    answers: { ...written, 201: "The contact" },
  },
  putContact: {
    method: "put",
    path: `${t}/users/{id}/contacts/{contact}`,
    summary: "Change one contact of a person",
    ...person,
    describes: contact.omit({ id: true }),
    answers: written,
  },
  deleteContact: {
    method: "delete",
    path: `${t}/users/{id}/contacts/{contact}`,
    summary: "Take a contact away from a person; their rules that name it go with it",
    ...person,
    answers: { ...written, 204: "Gone" },
  },
  testContact: {
    method: "post",
    path: `${t}/users/{id}/contacts/{contact}/test`,
    summary: "Send a test page by this contact, through its real notifier",
    ...person,
    body: z.strictObject({}),
    answers: { 200: "{delivery, status, reason}", 404: "No such person or contact", 429: "Tested a moment ago" },
  },
  getRules: {
    method: "get",
    path: `${t}/users/{id}/notify`,
    summary: "A person's notification rules",
    ...person,
    answers: { 200: "{high, low}; ETag of the user", 404: written[404] },
  },
  putRules: {
    method: "put",
    path: `${t}/users/{id}/notify`,
    summary: "Replace a person's notification rules; kept as their own, whatever the document says",
    ...person,
    describes: z.partialRecord(z.enum(["high", "low"]), z.array(z.strictObject({ after: duration, contact: z.string() }))),
    answers: written,
  },
} as const satisfies Record<string, Endpoint>;

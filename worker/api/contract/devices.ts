// Owns the contract of the devices that people are paged on. What a device is reached by goes in and never comes out.

import * as z from "zod";
import { limits } from "../../core/limits.ts";
import { t, type Endpoint } from "./endpoint.ts";

const person = { tenant: true, self: "id", may: "admin" } as const;
const label = z.string().trim().min(1).max(limits.device.labelCharsMax);
const octets = (what: string, bytes: number, chars: number) =>
  z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${chars}}$`), `${what} is ${bytes} octets as base64url, without padding`);
const all = `${t}/users/{id}/devices`;

export const devices = {
  getPush: {
    method: "get",
    path: `${t}/push`,
    summary: "Under which public key browsers subscribe to pages of this hub (applicationServerKey)",
    tenant: true,
    may: "stakeholder",
    answers: { 200: "{key, secure, publicUrl}; `secure`: browsers allow push at the public address" },
  },
  listDevices: {
    method: "get",
    path: all,
    summary: "A person's devices; to others than themselves only how many there are",
    ...person,
    answers: {
      200: "{items: [{id, label, agent, registeredAt, gone}], live, gone, contact, pages: {high, low}}",
      404: "Nobody is called that",
    },
  },
  registerDevice: {
    method: "post",
    path: all,
    summary:
      "Register the browser that asks, by its push subscription. Only for oneself; the same browser again is the same device",
    ...person,
    body: z.strictObject({
      endpoint: z
        .url({ protocol: /^https?$/, error: "the subscription's endpoint, an https address" })
        .max(limits.device.endpointCharsMax),
      p256dh: octets("p256dh", 65, 87),
      auth: octets("auth", 16, 22),
      key: octets("key", 65, 87).describe("The applicationServerKey it subscribed under"),
      label: label.optional().describe("What the person calls it; made from the browser's name where it is left out"),
      replaces: z.string().max(64).optional().describe("The device this browser was before its subscription changed"),
    }),
    answers: {
      201: "The device",
      200: "It was registered already, and is again",
      202: "Saved, not yet in force",
      403: "It is somebody else's",
      409: "There are as many devices or contacts as there may be",
      422: "Errors with their field",
    },
  },
  renameDevice: {
    method: "patch",
    path: `${all}/{device}`,
    summary: "Call a device by another name",
    ...person,
    body: z.strictObject({ label }),
    answers: { 200: "The device", 202: "Saved, not yet in force", 403: "It is somebody else's", 404: "There is no such device" },
  },
  removeDevice: {
    method: "delete",
    path: `${all}/{device}`,
    summary: "Page a person no more on this device",
    ...person,
    answers: { 204: "Gone", 202: "Saved, not yet in force", 404: "There is no such device" },
  },
  removeDevices: {
    method: "delete",
    path: all,
    summary: "Page a person no more on any device: for one that was lost with its owner's session",
    ...person,
    answers: { 204: "Gone", 202: "Saved, not yet in force", 404: "Nobody is called that" },
  },
} as const satisfies Record<string, Endpoint>;

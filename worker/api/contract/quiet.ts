// Owns the contract of what people do to maintenance windows and silences while they are on.

import * as z from "zod";
import { duration, instant, t, type Endpoint } from "./endpoint.ts";

const ends = z.strictObject({ for: duration.optional(), until: instant.optional() });
const answers = {
  200: "As it is now; ETag of it",
  202: "Saved, not yet in force",
  404: "There is none of this name",
  409: "It is not on, or over already",
  412: "If-Match names another state of it",
};
const each = { method: "post", tenant: true, may: "responder", answers } as const;

export const quiet = {
  endMaintenanceWindow: {
    ...each,
    path: `${t}/maintenance/{id}/end`,
    summary: "End the present occurrence now; what still fires goes by `atEnd`",
    body: z.strictObject({}),
  },
  extendMaintenanceWindow: {
    ...each,
    path: `${t}/maintenance/{id}/extend`,
    summary: "Give the present occurrence another end, for a time from now or until an instant",
    body: ends,
  },
  endSilence: {
    ...each,
    path: `${t}/silences/{id}/end`,
    summary: "End a silence now; what still fires pages",
    body: z.strictObject({}),
  },
  extendSilence: {
    ...each,
    path: `${t}/silences/{id}/extend`,
    summary: "Make a silence longer, for a time from now or until an instant",
    body: ends,
  },
} as const satisfies Record<string, Endpoint>;

// Owns the contract of being told what changes.

import * as z from "zod";
import { t, type Endpoint } from "./endpoint.ts";

export const live = {
  watchLive: {
    method: "get",
    path: `${t}/live`,
    summary:
      "A WebSocket that says which incidents changed, or that the configuration did: {type, cursor, changes}; changes is null when too much was missed",
    tenant: true,
    may: "stakeholder",
    query: z.strictObject({ since: z.string().max(64).optional().describe("The last cursor heard") }),
    answers: { 101: "The socket", 426: "Ask with Upgrade: websocket" },
  },
} as const satisfies Record<string, Endpoint>;

// Owns ending and extending maintenance windows and silences while they are on. Incidents that they mute are told by the
// Directory once the change is in force.

import { parseDuration } from "../../core/duration.ts";
import { endSilence as ended, endWindow, extendSilence as longer, extendWindow, type ByHand } from "../../tenant/by-hand.ts";
import type { DefinitionOf } from "../../tenant/definitions.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { change, doneJson } from "./resources.ts";
import { snapshotOf } from "./tenant.ts";

type QuietKind = "maintenance" | "silences";

function act<K extends QuietKind>(
  kind: K,
  verb: string,
  make: (present: DefinitionOf<K>, zone: string, call: Call) => ByHand<DefinitionOf<K>>,
): Handler {
  return async (call) => {
    const { timeZone } = await snapshotOf(call);
    const rewrite = (present: { readonly id: string }): DefinitionOf<K> => {
      // The kind says what is stored under it.
      const made = make(present as DefinitionOf<K>, timeZone, call);
      if (!made.ok) throw new ApiError("conflict", made.message);
      return made.next;
    };
    const id = call.params["id"] ?? "";
    const done = await change(call, { kind, id, edit: { verb: "rewrite", rewrite }, action: `${kind}.${verb}` });
    return doneJson(call, kind, done);
  };
}

function endOf({ body, now }: Call): number {
  if ((body["for"] === undefined) === (body["until"] === undefined))
    throw new ApiError("invalid", "give either `for` (a duration) or `until` (an instant)", {
      errors: [{ in: "body", path: "for", message: "either for or until" }],
    });
  if (typeof body["until"] === "number") return body["until"];
  const forMs = parseDuration(String(body["for"]));
  if (forMs === null)
    throw new ApiError("invalid", "for: a duration is a number and a unit: 30m, 4h, 1d", {
      errors: [{ in: "body", path: "for", message: "a duration such as 30m" }],
    });
  return now + forMs;
}

export const endMaintenanceWindow = act("maintenance", "end", (window, zone, { now }) => endWindow(window, zone, now));
export const extendMaintenanceWindow = act("maintenance", "extend", (window, zone, call) =>
  extendWindow(window, zone, endOf(call), call.now),
);
export const endSilence = act("silences", "end", (silence, zone, { now }) => ended(silence, zone, now));
export const extendSilence = act("silences", "extend", (silence, zone, call) => longer(silence, zone, endOf(call), call.now));

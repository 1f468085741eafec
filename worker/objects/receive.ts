// Owns telling an incident object of alerts, and the one it was merged into where it says so. Every way in goes through here:
// whoever asks an object directly would lose what a merged one only passes on.

import type { AlertResult } from "../core/event.ts";
import { identityOfId } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import { callObject } from "./call.ts";
import { incidentStub } from "./places.ts";
import type { ReceiveAnswer, ReceiveInput } from "./rpc.ts";

/** `limitMs` for each object asked. Throws when one did not commit: sending all of it again is harmless. */
export async function receiveAt(
  env: Env,
  input: ReceiveInput,
  limitMs: number = limits.ingest.receiveMs,
): Promise<ReceiveAnswer> {
  const results: AlertResult[] = [];
  let left = { input, places: input.alerts.map((_, i) => i) };
  for (let hop = 0; left.places.length > 0; hop++) {
    if (hop > limits.incident.mergeHopsMax) throw new Error("a chain of merged incidents has no end");
    const { input: asked, places } = left;
    const answer = await callObject(() => incidentStub(env, asked.identity).receive(asked), limitMs);
    answer.results.forEach((result, i) => {
      const place = places[i];
      if (place !== undefined) results[place] = result;
    });
    // All alerts of one call are of one object, which was merged into one other.
    const into = answer.results.find((result) => result.redirect !== undefined)?.redirect;
    const moving = answer.results.flatMap((result, i) => (result.redirect === undefined ? [] : [i]));
    const identity = into === undefined ? null : identityOfId(input.identity.tenant, input.identity.jurisdiction, into);
    if (into !== undefined && identity === null) throw new Error(`a merged incident points at ${into}, which is no incident`);
    left =
      identity === null
        ? { input: asked, places: [] }
        : {
            input: { ...asked, identity, alerts: moving.flatMap((i) => asked.alerts[i] ?? []) },
            places: moving.flatMap((i) => places[i] ?? []),
          };
  }
  return { results };
}

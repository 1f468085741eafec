// Owns who a command is recorded under: the signed-in person, or the one named by `as` where the credential is no person.

import type { Actor } from "../../core/incident.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { principalName } from "../../auth/principal.ts";
import { ApiError } from "../error.ts";
import type { Call } from "../mount.ts";

export function actorOf({ principal, body }: Call, snapshot: Snapshot): Actor {
  const as = body["as"];
  if (principal.kind === "user") {
    // A press that was kept for one person is not sent in the name of who signed in after them.
    if (typeof as === "string" && as !== principal.user)
      throw new ApiError("invalid", `as: you are signed in as ${principal.user}, not as ${as}`, {
        errors: [{ in: "body", path: "as", message: `you are signed in as ${principal.user}` }],
      });
    return { type: "user", id: principal.user };
  }
  if (typeof as !== "string") return { type: "user", id: principalName(principal) };
  if (!snapshot.users[as]?.active)
    throw new ApiError("invalid", `as: nobody active is called ${as}`, {
      errors: [{ in: "body", path: "as", message: `nobody active is called ${as}` }],
    });
  return { type: "user", id: as };
}

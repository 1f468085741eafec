// Owns the responder's app as the Worker mounts it: the routes, over the real objects. Nothing else is decided here.

import { incidentStub } from "../objects/places.ts";
import { loadSnapshot } from "../objects/snapshot-cache.ts";
import { respondRoutes } from "./routes.ts";

export const respondApp = respondRoutes({ incident: incidentStub, snapshot: loadSnapshot, now: Date.now });

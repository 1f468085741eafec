// Owns the JSON Schema of the tenant document, for editors and for whoever generates one.

import * as z from "zod";
import { tenantDocument } from "./document.ts";

let made: unknown;

export function tenantSchema(): Record<string, unknown> {
  made ??= { ...z.toJSONSchema(tenantDocument, { io: "input", unrepresentable: "any" }), title: "Tocsin tenant document" };
  return made as Record<string, unknown>;
}

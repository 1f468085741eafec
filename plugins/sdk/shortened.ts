// Owns cutting the texts of a body that are longer than anybody reads, before a tenant's expressions look at them again and again.

import { limits } from "../../worker/core/limits.ts";
import { cut } from "./text.ts";

const max = limits.mapping.textCharsMax;

/** The same value where nothing is too long; else a copy in which texts are cut. */
export function shortened(value: unknown): unknown {
  return isLong(value) ? shorter(value) : value;
}

function isLong(value: unknown): boolean {
  if (typeof value === "string") return value.length > max;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(isLong);
}

function shorter(value: unknown): unknown {
  if (typeof value === "string") return cut(value, max);
  if (Array.isArray(value)) return value.map(shorter);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shorter(inner)]));
}

// Owns what makes an override one that can be saved.

import { limits } from "../limits.ts";
import type { Id } from "../snapshot.ts";
import type { Override, Schedule } from "./schedule.ts";

/** Null when it can be saved beside the others of its schedule; else what is wrong and in which field. */
export function overrideProblem(
  override: Override,
  schedule: Pick<Schedule, "layers" | "overrides">,
  knows: (user: Id) => boolean,
): { readonly field: string; readonly message: string } | null {
  const wrong = (field: string, message: string) => ({ field, message });
  const { kind, user, replaces, layers, from, to } = override;
  if (!(to > from)) return wrong("to", "an override ends after it begins");
  if (to - from > limits.oncall.rangeMsMax) return wrong("to", "an override lasts a year at most: change the layer instead");
  if (kind === "clear") {
    if (user !== null) return wrong("user", "`clear` puts nobody on call: leave `user` out");
  } else if (user === null) return wrong("user", `\`${kind}\` needs a user`);
  if (kind === "replace" && replaces === null) return wrong("replaces", "`replace` needs `replaces`: whose place it is");
  if ((kind === "add" || kind === "take-over") && replaces !== null)
    return wrong("replaces", `\`${kind}\` does not stand in for anybody: use \`replace\``);
  if (user !== null && user === replaces) return wrong("replaces", "nobody stands in for themselves");
  for (const [field, id] of [["user", user] as const, ["replaces", replaces] as const])
    if (id !== null && !knows(id)) return wrong(field, `no user is called ${id}`);
  for (const id of layers ?? [])
    if (!schedule.layers.some((layer) => layer.id === id)) return wrong("layers", `the schedule has no layer ${id}`);
  const twin = schedule.overrides.find((other) => other.id !== override.id && sameChange(other, override));
  if (twin) return wrong("user", `override ${twin.id} does the same at an overlapping time: change that one`);
  const others = schedule.overrides.filter((other) => other.id !== override.id && other.to > override.createdAt);
  if (others.length >= limits.oncall.overridesMax)
    return wrong("id", `a schedule has ${limits.oncall.overridesMax} overrides to come at most: change a layer instead`);
  return null;
}

/** The same thing for the same person at overlapping times: one of them is a mistake. */
function sameChange(a: Override, b: Override): boolean {
  return (
    a.kind === b.kind &&
    a.user === b.user &&
    a.replaces === b.replaces &&
    a.from < b.to &&
    b.from < a.to &&
    JSON.stringify(a.layers) === JSON.stringify(b.layers)
  );
}

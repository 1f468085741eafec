// Owns what must hold of business hours, service levels and urgency by the hour: names lead somewhere, conditions compile, a
// warning says when, and a clock that could never run is said.

import { addOpenTime } from "../core/calendar.ts";
import { parseDuration } from "../core/duration.ts";
import { fail, refer, warn, type Context } from "./check.ts";
import { checkTargets } from "./check-policies.ts";
import { checkExpression } from "./check-expression.ts";
import { businessHoursOf } from "./compile-hours.ts";
import type { DefinitionOf } from "./definitions.ts";

export function checkHours(context: Context): void {
  const { businessHours, slas, services } = context.all;
  businessHours.forEach((calendar, i) => {
    if (calendar.id === "always")
      fail(context, ["businessHours", i, "id"], "`always` is every hour of every day; give these hours another name");
    else if (neverOpens(context, calendar.id))
      warn(context, ["businessHours", i], `${calendar.id} never opens: no clock that counts in it ever runs`, {
        code: "hours-never",
        id: calendar.id,
      });
  });
  slas.forEach((sla, i) => checkSla(context, sla, i));
  services.forEach(({ urgency }, i) => {
    if (typeof urgency !== "string") refer(context, "businessHours", urgency.hours, ["services", i, "urgency", "hours"]);
  });
}

function neverOpens(context: Context, id: string): boolean {
  const written = context.all.businessHours.find((each) => each.id === id);
  if (written === undefined) return false;
  // From a fixed day: what is said of a document must not depend on when it is applied.
  return addOpenTime(businessHoursOf(written, context.all.settings.timeZone ?? "UTC"), Date.UTC(2026, 0, 1), 1) === null;
}

function checkSla(context: Context, sla: DefinitionOf<"slas">, i: number): void {
  checkExpression(context, sla.when, ["slas", i, "when"], "condition", "opening");
  if (sla.hours !== "always") refer(context, "businessHours", sla.hours, ["slas", i, "hours"]);
  const targets = [sla.respondWithin, sla.resolveWithin].flatMap((text) =>
    text === undefined ? [] : [parseDuration(text) ?? 0],
  );
  if (targets.length === 0) fail(context, ["slas", i], `${sla.id} promises nothing: give respondWithin, resolveWithin or both`);
  sla.warn?.forEach((warning, j) => {
    const path = ["slas", i, "warn", j];
    if ((warning.at === undefined) === (warning.before === undefined))
      fail(context, path, "give either at (a share: 50%) or before (a time before it is missed: 30m)");
    if (warning.clock !== undefined && sla[`${warning.clock}Within`] === undefined)
      fail(context, [...path, "clock"], `${sla.id} has no ${warning.clock}Within`);
    refer(context, "policies", warning.policy, [...path, "policy"]);
    checkTargets(context, warning.notify ?? [], [...path, "notify"]);
    const before = warning.before === undefined ? 0 : (parseDuration(warning.before) ?? 0);
    const meant = warning.clock === undefined ? targets : [parseDuration(sla[`${warning.clock}Within`] ?? "") ?? 0];
    if (meant.some((each) => each <= before && each > 0))
      warn(context, [...path, "before"], `${warning.before} is not shorter than all of the time allowed: half of it is taken`, {
        code: "warning-long",
        before: warning.before,
      });
  });
}

// Owns what must hold of maintenance windows and silences: an end after the beginning, rules that can be read, conditions that
// compile, an owner who exists.

import { limits } from "../core/limits.ts";
import { ruleProblem } from "../core/oncall/recurrence.ts";
import { checkExpression } from "./check-expression.ts";
import { fail, refer, warn, type Context } from "./check.ts";
import { maintenanceOf, momentOf } from "./compile-quiet.ts";

export function checkQuiet(context: Context): void {
  const zone = context.all.settings.timeZone ?? "UTC";
  context.all.maintenance.forEach((window, i) => {
    const at = (key: string) => ["maintenance", i, key] as const;
    const { from, to } = maintenanceOf(window, zone);
    if (typeof window.when === "string") checkExpression(context, window.when, at("when"), "condition");
    else
      warn(context, at("id"), `maintenance ${window.id} has no condition: while it is on, no alert pages anybody`, {
        code: "maintenance-all",
        id: window.id,
      });
    if (to <= from) fail(context, at("to"), "the end is not after the beginning");
    if (window.rrule == null) return;
    if (window.from === undefined) return fail(context, at("from"), "a window that recurs has a beginning");
    const problem = ruleProblem(window.rrule);
    if (problem !== null) fail(context, at("rrule"), problem);
    if (to - from > limits.maintenance.lengthMsMax) fail(context, at("to"), "a window that recurs lasts 31 days at most");
  });
  context.all.silences.forEach((silence, i) => {
    const at = (key: string) => ["silences", i, key] as const;
    checkExpression(context, silence.when, at("when"), "condition");
    refer(context, "users", silence.owner, at("owner"));
    if (silence.from !== undefined && momentOf(silence.until, zone) <= momentOf(silence.from, zone))
      fail(context, at("until"), "the end is not after the beginning");
  });
}

// Owns the check of policies and of targets wherever they stand: that every name leads somewhere, that conditions compile,
// and what is allowed but will surprise somebody at night.

import { parseDuration } from "../core/duration.ts";
import { limits } from "../core/limits.ts";
import { fail, refer, warn, type Context, type Finding } from "./check.ts";
import { checkExpression } from "./check-expression.ts";
import type { TargetText } from "./document-policies.ts";
import { nearestOf } from "../lib/nearest.ts";

type Path = Finding["path"];

export function checkPolicies(context: Context): void {
  context.all.policies.forEach((policy, i) => {
    const path = ["policies", i];
    if (policy.steps.length === 0)
      warn(context, [...path, "steps"], `policy ${policy.id} has no steps: it pages only onExhausted and the fallback`, {
        code: "policy-no-steps",
        id: policy.id,
      });
    policy.steps.forEach((_, j) => checkStep(context, i, j));
    checkTargets(context, policy.onExhausted?.notify ?? [], [...path, "onExhausted", "notify"]);
    if (policy.repeat && policy.steps.length > 0 && policy.repeat.from > policy.steps.length)
      fail(context, [...path, "repeat", "from"], `the policy has ${policy.steps.length} steps`);
    if (policy.ackTimeout !== undefined && policy.reopenAfter !== undefined)
      fail(context, [...path, "reopenAfter"], "reopenAfter is another name for ackTimeout: give one of them");
  });
}

function checkStep(context: Context, i: number, j: number): void {
  const policy = context.all.policies[i];
  const step = policy?.steps[j];
  if (!policy || !step) return;
  const path = ["policies", i, "steps", j];
  const delayMs = parseDuration(step.escalateAfter) ?? 0;
  checkTargets(context, step.notify, [...path, "notify"]);
  refer(context, "businessHours", step.waitFor, [...path, "waitFor"]);
  if (step.when !== undefined) checkExpression(context, step.when, [...path, "when"], "condition", "incident");
  if (delayMs < limits.policy.escalateAfterWarnMs)
    warn(context, [...path, "escalateAfter"], "under 30 s: people may not have looked at their phone before the next is woken", {
      code: "escalate-soon",
    });
  if (step.retry && (parseDuration(step.retry.every) ?? 0) >= delayMs)
    warn(context, [...path, "retry"], `the step is over before its first repeat: escalateAfter is ${step.escalateAfter}`, {
      code: "retry-late",
      after: step.escalateAfter,
    });
  if (typeof step.acksRequired === "number" && step.acksRequired > 1 && step.notify.every((target) => "user" in target)) {
    const people = new Set(step.notify.map((target) => ("user" in target ? target.user : ""))).size;
    if (people < step.acksRequired)
      warn(context, [...path, "acksRequired"], `the step pages ${people} people: they are all that can be asked for`, {
        code: "acks-many",
        people,
      });
  }
  if (step.notify.length > 0 && step.notify.every((target) => reachesNobody(context, target)))
    warn(context, path, `step ${j + 1} of policy ${policy.id} reaches nobody as things stand`, {
      code: "step-nobody",
      step: j + 1,
      policy: policy.id,
    });
}

export function checkTargets(context: Context, targets: readonly TargetText[], path: Path): void {
  targets.forEach((target, i) => {
    const at = [...path, i];
    if ("team" in target) return refer(context, "teams", target.team, [...at, "team"]);
    if ("schedule" in target) return refer(context, "schedules", target.schedule, [...at, "schedule"]);
    if ("policy" in target) return refer(context, "policies", target.policy, [...at, "policy"]);
    if ("owner" in target) return;
    refer(context, "users", target.user, [...at, "user"]);
    const contacts = context.all.users.find((user) => user.id === target.user)?.contacts.map((contact) => contact.id);
    if (target.contact !== undefined && contacts && !contacts.includes(target.contact))
      fail(
        context,
        [...at, "contact"],
        `user ${target.user} has no contact ${target.contact}`,
        nearestOf(target.contact, contacts),
      );
  });
}

/** As the document stands; schedules, policies and owners depend on the moment and are not judged here. */
export function reachesNobody({ all }: Context, target: TargetText): boolean {
  const members =
    "team" in target
      ? (all.teams.find((team) => team.id === target.team)?.members ?? [])
      : "user" in target
        ? [target.user]
        : null;
  return (
    members !== null && !members.some((id) => all.users.some((user) => user.id === id && user.active && user.contacts.length > 0))
  );
}

// Owns turning the document's policies and targets into those that paging runs on. Pure; they have been checked.

import { parseDuration } from "../core/duration.ts";
import type { Policy, Step, Target } from "../core/snapshot.ts";
import type { Definitions } from "./definitions.ts";
import type { TargetText } from "./document-policies.ts";

type PolicyText = Definitions["policies"][number];
type StepText = PolicyText["steps"][number];

export function targetOf(target: TargetText): Target {
  if ("user" in target) return { kind: "user", user: target.user, contact: target.contact ?? null };
  if ("team" in target)
    return { kind: "team", team: target.team, ...(target.strategy === undefined ? {} : { strategy: target.strategy }) };
  if ("schedule" in target) return { kind: "schedule", schedule: target.schedule, who: target.who ?? "current" };
  return "policy" in target ? { kind: "policy", policy: target.policy } : { kind: "owner" };
}

export function policyOf(policy: PolicyText): Policy {
  const { repeat } = policy;
  const ackTimeout = policy.ackTimeout === undefined ? policy.reopenAfter : policy.ackTimeout;
  return {
    id: policy.id,
    name: policy.name ?? policy.id,
    steps: policy.steps.map(stepOf),
    repeat: { times: repeat?.times ?? 0, from: (repeat?.from ?? 1) - 1, waitMs: ms(repeat?.wait ?? "0s") },
    onExhausted: (policy.onExhausted?.notify ?? []).map(targetOf),
    lowUrgency: policy.lowUrgency,
    ...(ackTimeout === undefined ? {} : { ackTimeoutMs: ackTimeout === null ? null : ms(ackTimeout) }),
  };
}

/** What a step does not say is left out: most are plain, and every incident keeps its policy. */
function stepOf(step: StepText): Step {
  return {
    notify: step.notify.map(targetOf),
    escalateAfterMs: ms(step.escalateAfter),
    ...(step.until === undefined ? {} : { until: step.until }),
    ...(step.when === undefined ? {} : { when: step.when }),
    ...(step.acksRequired === undefined ? {} : { acksRequired: step.acksRequired }),
    ...(step.waitFor === undefined ? {} : { waitFor: step.waitFor }),
    ...(step.retry === undefined ? {} : { retry: { times: step.retry.times, everyMs: ms(step.retry.every) } }),
  };
}

function ms(text: string): number {
  return parseDuration(text) ?? 0;
}

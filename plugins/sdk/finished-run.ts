// Owns what sources of builds, pipelines and deployments make of a run that is over: what failed is open until the next success under
// the same key, and what ended any other way changes nothing.

import type { Alert, AlertAction, Link } from "../../worker/core/alert.ts";
import { alertOf, cut, ignored, joined, labelsOf } from "./text.ts";

export interface FinishedRun {
  readonly source: string;
  /** What names the run's kind and branch: parts that are not there are left out. */
  readonly key: readonly (string | null)[];
  /** What its end means; `ignore`: it is no end, or neither a failure nor a success. */
  readonly action: AlertAction;
  /** What the sender called that end. */
  readonly word: string;
  /** "Pipeline #12" */
  readonly what: string;
  /** "on main of acme/shop" */
  readonly where: string;
  readonly body: string;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly links: readonly Link[];
  readonly sourceAt: number | null;
  readonly notes?: readonly string[];
}

export function finishedRun({ key, action, word, what, where, labels, ...rest }: FinishedRun): Alert {
  const dedupKey = joined(key, "/");
  if (action === "ignore") return ignored(rest.source, dedupKey, what, `${cut(word, 40)}: neither a failure nor a success`);
  return alertOf({
    ...rest,
    dedupKey,
    action,
    severity: "error",
    title: `${what} ${action === "resolve" ? "succeeded" : "failed"} ${where}`,
    labels: labelsOf(labels),
  });
}

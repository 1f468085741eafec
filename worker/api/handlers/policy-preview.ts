// Owns whom a policy, or a draft of one, would page step by step at an instant. Saves nothing, pages nobody.

import { notifiers, sources } from "../../../plugins/registry.gen.ts";
import { reachedBy } from "../../core/people.ts";
import { rosterFor, type Roster } from "../../core/roster.ts";
import type { Id, Target } from "../../core/snapshot.ts";
import { dbFor } from "../../store/db.ts";
import { loadTenant } from "../../store/tenant.ts";
import { checkDefinitions, type Finding } from "../../tenant/check.ts";
import { policyOf } from "../../tenant/compile-policies.ts";
import { fromStored, type DefinitionOf, type Definitions } from "../../tenant/definitions.ts";
import { policy as policySchema } from "../../tenant/document-policies.ts";
import { writtenOne } from "../../tenant/export.ts";
import { toldOfIssue } from "../../tenant/issue-told.ts";
import { pathText } from "../../tenant/parse.ts";
import { ApiError } from "../error.ts";
import type { Handler } from "../mount.ts";
import { iso } from "../shapes.ts";
import { snapshotOf } from "./tenant.ts";

export const previewPolicy: Handler = async (call) => {
  const { env, params, body, now } = call;
  const snapshot = await snapshotOf(call);
  const stored = await loadTenant(dbFor(env, snapshot.tenant), snapshot.tenant);
  if (stored === null) throw new ApiError("not-found", "there is nothing at this address");
  const { at = now, ...draft } = body as { at?: number };
  const present = fromStored(stored);
  const drafted = draftOf(present, params["id"] ?? "", draft);
  const policies = [...present.policies.filter(({ id }) => id !== drafted.id), drafted];
  const { errors, warnings } = checkDefinitions({ ...present, policies }, { sources, notifiers });
  const mine = ({ path }: Finding): boolean => path[0] === "policies" && path[1] === policies.length - 1;
  const wrong = errors.filter(mine);
  if (wrong.length > 0)
    throw invalid(wrong.map(({ path, message, told }) => ({ path: pathText(path.slice(2)), message, ...(told && { told }) })));
  const policy = policyOf(drafted);
  const roster = rosterFor(snapshot, { policy, users: [] });
  const told = (targets: readonly Target[]): unknown[] => targets.map((target) => targetJson(target, roster, at));
  return call.c.json({
    at: iso(at),
    steps: policy.steps.map(({ notify, when, waitFor }) => ({
      targets: told(notify),
      when: when ?? null,
      waitFor: waitFor ?? null,
    })),
    exhausted: told(policy.onExhausted),
    warnings: warnings.filter(mine).map(({ path, message, told }) => ({ path: pathText(path.slice(2)), message, told })),
  });
};

function draftOf(present: Definitions, id: string, draft: object): DefinitionOf<"policies"> {
  const old = present.policies.find((each) => each.id === id);
  if (old === undefined && Object.keys(draft).length === 0) throw new ApiError("not-found", `there is no policy ${id}`);
  const read = policySchema.safeParse({ ...(old === undefined ? {} : writtenOne("policies", old)), ...draft, id });
  if (read.success) return read.data;
  throw invalid(
    read.error.issues.map((issue) => ({ path: pathText(issue.path), message: issue.message, ...toldOfIssue(issue) })),
  );
}

function invalid(errors: readonly { readonly path: string; readonly message: string }[]): ApiError {
  const first = errors[0];
  return new ApiError("invalid", `${first?.path ?? ""}: ${first?.message ?? "not valid"}`, {
    errors: errors.map((each) => ({ in: "body", ...each })),
  });
}

/** The people behind one target. Of a team in turn: all whose turn it may be, and that it is one of them. */
function targetJson(target: Target, roster: Roster, at: number): Record<string, unknown> {
  if (target.kind === "owner") return { users: [], oneOf: false, policy: null, owner: true, problems: [], troubles: [] };
  let among: readonly Id[] | null = null;
  const choose = (_team: unknown, _strategy: unknown, members: readonly Id[]): Id | undefined => {
    among = members;
    return members[0];
  };
  const found = reachedBy([target], roster, { now: at, owner: null, choose });
  return {
    users: among ?? found.recipients.map((each) => each.person.id),
    oneOf: among !== null,
    policy: found.policies[0] ?? null,
    owner: false,
    problems: found.problems,
    troubles: found.troubles,
  };
}

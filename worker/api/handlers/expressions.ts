// Owns writing expressions over HTTP: the check of one, with a sample what it comes to, and the words one is made of.

import { contextOf as incidentContext } from "../../core/condition.ts";
import {
  evaluateIn,
  functionsKnown,
  programFor,
  signaturesOf,
  whyNot,
  type Context,
  type Evaluated,
  type SubjectKind,
} from "../../core/expression.ts";
import { namesOf, namesUsed } from "../../core/expression-names.ts";
import { identityOfId } from "../../core/ids.ts";
import { limits } from "../../core/limits.ts";
import { contextFor, rulesOf } from "../../core/rules.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { clampAlert } from "../../ingest/clamp.ts";
import { callObject } from "../../objects/call.ts";
import { withLimit } from "../../objects/limit.ts";
import { incidentStub } from "../../objects/places.ts";
import { dbFor } from "../../store/db.ts";
import { listIncidents } from "../../store/incidents.ts";
import { expressionFindings, valuesOf, type Names } from "../../tenant/check-expression.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { iso } from "../shapes.ts";
import { integrationOf, type SimulateBody } from "./simulate.ts";
import { snapshotOf } from "./tenant.ts";

const { incidentsRead, labelsMax, valuesMax, valueCharsMax } = limits.expressionWords;
const { askMs } = limits.api;

interface CheckBody {
  readonly expression: string;
  readonly over: SubjectKind;
  readonly as: "condition" | "value";
  readonly alert?: NonNullable<SimulateBody["alert"]>;
  readonly integration?: string;
  readonly incident?: string;
  readonly at?: number;
}

export const checkExpression: Handler = async (call) => {
  // Checked against the contract by the time it comes here.
  const body = call.body as unknown as CheckBody;
  const snapshot = await snapshotOf(call);
  const { type, errors, warnings } = expressionFindings(body.expression, body, namesIn(snapshot));
  const context = type === null ? null : await sampleOf(call, snapshot, body);
  return call.c.json({
    ok: errors.length === 0,
    type,
    errors,
    warnings,
    sample: context === null ? null : sampled(body, context, snapshot),
  });
};

/** What the expression is asked over; null: no sample was given that it can be asked over. */
async function sampleOf(call: Call, snapshot: Snapshot, body: CheckBody): Promise<Context | null> {
  const now = body.at ?? call.now;
  if (body.over === "alert" && body.alert !== undefined) {
    const integration = body.integration === undefined ? null : integrationOf(snapshot, body.integration);
    const { raw: _raw, ...alert } = body.alert;
    const clamped = clampAlert({ ...alert, source: alert.source ?? integration?.source ?? "" });
    return clamped === null ? null : contextFor(clamped, snapshot, integration, now);
  }
  if (body.over !== "incident" || body.incident === undefined) return null;
  const identity = identityOfId(snapshot.tenant, snapshot.jurisdiction, body.incident);
  const incident = body.incident;
  const view = identity === null ? null : await callObject(() => incidentStub(call.env, identity).view(incident), askMs);
  if (view === null) throw new ApiError("not-found", "there is no such incident");
  return incidentContext(view.episode, now);
}

function sampled({ expression, over }: CheckBody, context: Context, snapshot: Snapshot): Record<string, unknown> {
  const { isOpen } = rulesOf(snapshot);
  const ask = (text: string): Evaluated => {
    const program = programFor(text, over);
    return program.ok ? evaluateIn(program.program, context, isOpen) : { ok: false, reason: program.message };
  };
  const answer = ask(expression);
  return {
    value: answer.ok ? plain(answer.value) : null,
    reason: answer.ok ? null : answer.reason,
    why: answer.ok && answer.value === false && over === "alert" ? whyNot(expression, context, isOpen) : null,
    reads: namesUsed(expression, over).reads.map((path) => {
      const value = ask(path);
      return { path, value: value.ok ? plain(value.value) : null };
    }),
  };
}

/** As JSON can say it. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) return iso(value.getTime());
  if (value instanceof Map) return Object.fromEntries(value);
  if (typeof value === "string") return value.slice(0, limits.alert.labelValueCharsMax);
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  return Array.isArray(value) ? value.map(plain) : JSON.parse(JSON.stringify(value));
}

function namesIn(snapshot: Snapshot): Names {
  return {
    severities: snapshot.severities,
    businessHours: Object.keys(snapshot.businessHours ?? {}),
    services: Object.keys(snapshot.services),
    policies: Object.keys(snapshot.policies),
    integrations: Object.keys(snapshot.integrations),
  };
}

export const getExpressionWords: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const over = call.query["over"] as SubjectKind;
  const names = namesIn(snapshot);
  const fields = Object.entries(namesOf[over]).flatMap(([root, each]) =>
    each === null
      ? [{ path: root, type: root === "now" ? "timestamp" : root === "hour" ? "int" : "string" }]
      : Object.entries(each).map(([field, type]) => ({ path: `${root}.${field}`, type })),
  );
  return call.c.json({
    fields: fields.map((field) => ({
      ...field,
      values: (valuesOf(field.path, over, names) ?? []).filter((each) => each !== ""),
    })),
    labels: await labelsSeen(call, snapshot, over === "incident" ? "incident" : "alert"),
    functions: functionsKnown().map((name) => ({ name, signatures: signaturesOf(name) })),
    businessHours: names.businessHours,
  });
};

/** Labels of the newest incidents, the most frequent first; none where the database is dark. */
async function labelsSeen({ env }: Call, { tenant }: Snapshot, root: string): Promise<unknown[]> {
  const rows = await withLimit(listIncidents(dbFor(env, tenant), tenant, {}, null, incidentsRead), askMs).then(
    (page) => page.items,
    () => [],
  );
  const seen = new Map<string, { count: number; values: Set<string> }>();
  for (const [name, value] of rows.flatMap((row) => Object.entries(row.labels))) {
    const label = seen.get(name) ?? { count: 0, values: new Set() };
    label.count++;
    if (label.values.size < valuesMax) label.values.add(value.slice(0, valueCharsMax));
    seen.set(name, label);
  }
  return [...seen]
    .toSorted(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1))
    .slice(0, labelsMax)
    .map(([name, { count, values }]) => ({
      path: /^[A-Za-z_]\w*$/.test(name) ? `${root}.labels.${name}` : `${root}.labels[${JSON.stringify(name)}]`,
      seen: count,
      values: [...values],
    }));
}

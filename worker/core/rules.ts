// Owns the rules of one snapshot made ready: every expression of its routes and lookups compiled once, not once an alert.
// Knows how a rule is evaluated, not what a route means (routing.ts).

import { isOpenAt } from "./calendar.ts";
import { contextOf, evaluateIn, programFor, type Compiled, type Context, type Scope } from "./expression.ts";
import type { Alert } from "./alert.ts";
import type { MaintenanceWindow, Silence } from "./mute.ts";
import { needsOf, type Need } from "./precondition.ts";
import type { Id, Integration, Lookup, Route, Snapshot, Value } from "./snapshot.ts";
import { wallAt, zoneOf } from "./zone.ts";

export interface ReadyRoute {
  readonly route: Route;
  readonly when: Compiled;
  readonly by: readonly Compiled[];
  /** What `when` needs at the least. */
  readonly needs: readonly Need[];
  readonly inhibitedBy: { readonly when: Compiled; readonly equal: readonly Compiled[] } | null;
}

export interface ReadyLookup {
  readonly lookup: Lookup;
  readonly key: Compiled;
}

export interface Rules {
  readonly routes: readonly ReadyRoute[];
  readonly lookups: readonly ReadyLookup[];
  readonly maintenance: readonly { readonly window: MaintenanceWindow; readonly when: Compiled | null }[];
  readonly silences: readonly { readonly silence: Silence; readonly when: Compiled }[];
  readonly isOpen: NonNullable<Scope["isOpen"]>;
}

const ready = new WeakMap<Snapshot, Rules>();

/** The snapshot's rules, compiled at its first alert and kept as long as it is. */
export function rulesOf(snapshot: Snapshot): Rules {
  const known = ready.get(snapshot);
  if (known) return known;
  const rules: Rules = {
    routes: snapshot.routes.map((route) => ({
      route,
      when: programFor(route.when),
      by: (route.group?.by ?? []).map((text) => programFor(text)),
      needs: needsOf(route.when),
      inhibitedBy: route.inhibitedBy
        ? { when: programFor(route.inhibitedBy.when), equal: route.inhibitedBy.equal.map((each) => programFor(each)) }
        : null,
    })),
    lookups: (snapshot.lookups ?? []).map((lookup) => ({ lookup, key: programFor(lookup.key) })),
    maintenance: (snapshot.maintenance ?? []).map((window) => ({
      window,
      when: window.when === null ? null : programFor(window.when),
    })),
    silences: (snapshot.silences ?? []).map((silence) => ({ silence, when: programFor(silence.when) })),
    isOpen: (calendar, at) => {
      const hours = snapshot.businessHours?.[calendar];
      return hours === undefined ? null : isOpenAt(hours, at);
    },
  };
  ready.set(snapshot, rules);
  return rules;
}

const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;

/** What every rule is asked over, for one alert of one integration; null: a person declares it. */
export function contextFor(alert: Alert, snapshot: Snapshot, integration: Integration | null, now: number): Context {
  // The wall clock as if it were UTC: see zone.ts.
  const wall = new Date(wallAt(zoneOf(snapshot.timeZone), now));
  return contextOf({
    alert,
    integration: {
      id: integration?.id ?? "",
      name: integration?.name ?? "",
      source: integration?.source ?? alert.source,
    },
    service: integration?.service ?? "",
    hour: wall.getUTCHours(),
    weekday: weekdays[wall.getUTCDay()] ?? "",
    now,
  });
}

export type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/** One expression's value; a text that does not compile (saved by an older release) is a reason too. */
export function ask(compiled: Compiled, context: Context, rules: Rules): Answer {
  if (!compiled.ok) return { ok: false, reason: `does not compile: ${compiled.message}` };
  return evaluateIn(compiled.program, context, rules.isOpen);
}

/** A value as text: written, or worked out. Numbers and booleans are what they read as. */
export function textOf(value: Value, context: Context, rules: Rules): { ok: true; text: string } | { ok: false; reason: string } {
  if (typeof value === "string") return { ok: true, text: value };
  const answer = ask(programFor(value.expr), context, rules);
  if (!answer.ok) return answer;
  const kind = typeof answer.value;
  return kind === "string" || kind === "number" || kind === "bigint" || kind === "boolean"
    ? { ok: true, text: String(answer.value) }
    : { ok: false, reason: `${value.expr} is no text` };
}

/** The ids a value may name, in words for a note. */
export function unknownName(kind: string, id: Id): string {
  return id === "" ? `it names no ${kind}` : `there is no ${kind} ${id}`;
}

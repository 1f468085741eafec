// Owns what one layer says over time: stretches in which its answer does not change. Computed in blocks of four weeks and
// remembered beside the layer; a block is the same whoever asks first.

import { limits } from "../limits.ts";
import type { Id } from "../snapshot.ts";
import { calendarDuty } from "./events.ts";
import type { CalendarSource, Layer, LayerRules } from "./schedule.ts";
import { turnsOf, type Turns } from "./turns.ts";
import { windowSpans } from "./windows.ts";

const blockMs = 28 * 86_400_000;

/** One answer of a layer, in force over [from, to). The answer may go on beyond either end: neighbours can be equal. */
export interface Duty {
  readonly from: number;
  readonly to: number;
  /** `nobody`: a slot left empty on purpose. `off`: outside the restrictions, or before the start or after the end. */
  readonly state: "on" | "nobody" | "off";
  readonly users: readonly Id[];
  /** Place in the layer's slots; null when off, and for a calendar. */
  readonly slot: number | null;
  /** Began with this handoff; null when off. */
  readonly turn: number | null;
}

/** What a layer or a calendar answers, with the blocks already computed. */
export interface DutySource {
  readonly blocks: Map<number, readonly Duty[]>;
  readonly compute: (from: number, to: number) => Duty[];
}

const sources = new WeakMap<Layer | CalendarSource, DutySource>();

export function dutySourceOf(owner: Layer | CalendarSource): DutySource {
  const known = sources.get(owner);
  if (known) return known;
  const compute = "url" in owner ? calendarDuty(owner) : layerDuty(owner);
  const source = { blocks: new Map<number, readonly Duty[]>(), compute };
  sources.set(owner, source);
  return source;
}

/** The layer's answer at an instant. */
export function dutyAt(source: DutySource, at: number): Duty {
  const block = blockAt(source, Math.floor(at / blockMs));
  let [low, high] = [0, block.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((block[middle]?.from ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return block[low] ?? { from: at, to: at + 1, state: "off", users: [], slot: null, turn: null };
}

function blockAt(source: DutySource, number: number): readonly Duty[] {
  const known = source.blocks.get(number);
  if (known) return known;
  if (source.blocks.size >= limits.oncall.dutyBlocksKept) source.blocks.clear();
  const block = source.compute(number * blockMs, (number + 1) * blockMs);
  source.blocks.set(number, block);
  return block;
}

/** The present rules and the former ones, each over its own time. */
function layerDuty(layer: Layer): DutySource["compute"] {
  const eras: { until: number; duty: DutySource["compute"] }[] = [
    ...layer.was.map(({ until, rules }) => ({ until, duty: rulesDuty(rules) })),
    { until: Number.POSITIVE_INFINITY, duty: rulesDuty(layer) },
  ];
  if (eras.length === 1) return rulesDuty(layer);
  return (from, to) => {
    const found: Duty[] = [];
    let begin = Number.NEGATIVE_INFINITY;
    for (const { until, duty } of eras) {
      const [since, till] = [Math.max(from, begin), Math.min(to, until)];
      if (since < till)
        for (const each of duty(since, till))
          found.push({ ...each, from: Math.max(each.from, begin), to: Math.min(each.to, until) });
      begin = Math.max(begin, until);
    }
    return found;
  };
}

function rulesDuty(rules: LayerRules): DutySource["compute"] {
  const turns = turnsOf(rules);
  const slotOf = slotFinder(rules, turns);
  const off = (from: number, to: number): Duty => ({ from, to, state: "off", users: [], slot: null, turn: null });
  return (from, to) => {
    const { start, end } = turns;
    const found: Duty[] = [];
    if (from < start) found.push(off(Number.NEGATIVE_INFINITY, start));
    const [begin, stop] = [Math.max(from, start), Math.min(to, end)];
    if (begin < stop) {
      const spans =
        turns.windows.length === 0
          ? [{ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }]
          : windowSpans(turns.windows, turns.zone, begin, stop);
      const handoffs = turns.handoffs(begin, stop);
      let at = begin;
      for (const span of spans) {
        const [since, till] = [Math.max(span.from, start), Math.min(span.to, end)];
        if (till <= at || since >= stop) continue;
        if (since > at) found.push(off(at, since));
        found.push(...onDuty(handoffs, since, till, end, slotOf, rules));
        at = till;
      }
      if (at < stop) found.push(off(at, stop));
    }
    if (to > end) found.push(off(end, Number.POSITIVE_INFINITY));
    return found.filter((duty) => duty.to > from && duty.from < to && duty.from < duty.to);
  };
}

/** One stretch inside the restrictions, cut at the handoffs. */
function onDuty(
  handoffs: readonly { readonly number: number; readonly at: number }[],
  from: number,
  to: number,
  end: number,
  slotOf: (turn: number) => number,
  rules: LayerRules,
): Duty[] {
  return handoffs.flatMap(({ number, at }, i): Duty[] => {
    const [since, till] = [Math.max(at, from), Math.min(handoffs[i + 1]?.at ?? end, to)];
    if (since >= till) return [];
    const slot = slotOf(number);
    const users = rules.slots[slot] ?? [];
    return [{ from: since, to: till, state: users.length === 0 ? "nobody" : "on", users, slot, turn: number }];
  });
}

/** Which slot has a turn: counted from the layer's position, or from its first turn. */
export function slotFinder(rules: LayerRules, turns: Turns): (turn: number) => number {
  const count = rules.slots.length;
  if (count <= 1) return () => 0;
  const { position } = rules;
  const known = position === null ? 0 : (turns.handoffs(position.at, position.at)[0]?.number ?? 0);
  const base = (position?.slot ?? 0) - turns.usedBefore(known);
  return (turn) => (((base + turns.usedBefore(turn)) % count) + count) % count;
}

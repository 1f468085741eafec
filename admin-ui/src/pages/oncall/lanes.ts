// Owns turning what the hub computed into lanes: each layer's own, the overrides, who is on call in the end.

import { catalogue, said } from "../../lib/messages.ts";
import type { Override, ShiftsAnswer } from "../../lib/shapes-oncall.ts";
import type { Bar, Lane } from "./strip.tsx";

const words = catalogue({
  en: {
    final: "On call",
    overrides: "Overrides",
    with: " with ",
    fallback: "fallback",
    kinds: {
      replace: (user: string, other: string) => `${user} for ${other}`,
      add: (user: string) => `${user} as well`,
      "take-over": (user: string) => `${user} takes over`,
      clear: (_: string, other: string) => (other === "" ? "Nobody" : `Without ${other}`),
    },
  },
  es: {
    final: "De guardia",
    overrides: "Sustituciones",
    with: " con ",
    fallback: "reserva",
    kinds: {
      replace: (user: string, other: string) => `${user} por ${other}`,
      add: (user: string) => `${user} también`,
      "take-over": (user: string) => `${user} toma la guardia`,
      clear: (_: string, other: string) => (other === "" ? "Nadie" : `Sin ${other}`),
    },
  },
});

type NameOf = (user: string) => string;

export function namesOf(users: readonly string[], person: NameOf): string {
  return users.map(person).join(said(words).with);
}

/** `Eva for Ana`, `Bo takes over`. */
export function overrideText({ kind, user, replaces }: Pick<Override, "kind" | "user" | "replaces">, person: NameOf): string {
  return said(words).kinds[kind](user === null ? "" : person(user), replaces === null ? "" : person(replaces));
}

export function finalBars({ items, gaps }: Pick<ShiftsAnswer, "items" | "gaps">, person: NameOf): Bar[] {
  const shifts = items.map((shift): Bar => ({
    key: `s${shift.from}`,
    from: Date.parse(shift.from),
    to: Date.parse(shift.to),
    kind: shift.override === null ? "shift" : "override",
    name: namesOf(shift.users, person),
    ...(shift.fallback ? { more: said(words).fallback } : {}),
  }));
  const holes = gaps.map((gap): Bar => ({
    key: `g${gap.from}`,
    from: Date.parse(gap.from),
    to: Date.parse(gap.to),
    kind: gap.onPurpose ? "meant" : "gap",
    name: "",
  }));
  return [...shifts, ...holes].toSorted((a, b) => a.from - b.from);
}

export function finalLane(answer: Pick<ShiftsAnswer, "items" | "gaps">, person: NameOf, live = true): Lane {
  return { id: "final", name: said(words).final, strong: true, live, bars: finalBars(answer, person) };
}

export function layerLanes({ layers = [] }: ShiftsAnswer, nameOfLayer: NameOf, person: NameOf): Lane[] {
  return layers.map(({ layer, shadow, items }) => ({
    id: `layer-${layer}`,
    name: nameOfLayer(layer),
    live: false,
    bars: items.map((item): Bar => ({
      key: item.from,
      from: Date.parse(item.from),
      to: Date.parse(item.to),
      kind: item.users.length === 0 ? "meant" : shadow ? "shadow" : "shift",
      name: namesOf(item.users, person),
    })),
  }));
}

/** `moving`: one of them as it is being dragged. Those that overlap lie below each other. */
export function overrideLanes(
  overrides: readonly Override[],
  person: NameOf,
  moving: { readonly id: string; readonly from: number; readonly to: number } | null,
): Lane[] {
  const rows: Bar[][] = [[]];
  for (const each of overrides) {
    const held = moving?.id === each.id ? moving : null;
    const bar: Bar = {
      key: each.id,
      override: each.id,
      from: held?.from ?? Date.parse(each.from),
      to: held?.to ?? Date.parse(each.to),
      kind: "override",
      name: overrideText(each, person),
      of: each.user === null ? "" : person(each.user),
    };
    const row = rows.find((others) => others.every((other) => other.to <= bar.from || other.from >= bar.to));
    if (row === undefined) rows.push([bar]);
    else row.push(bar);
  }
  return rows.map((bars, i) => ({ id: `overrides-${i}`, name: i === 0 ? said(words).overrides : "", live: true, bars }));
}

// Owns a layer in plain words while it is being edited: "Ana and Bo, weekly, handed over on Mondays 09:00 Madrid".

import { catalogue, language, said } from "../../lib/messages.ts";
import type { Day, LayerWords, Restriction } from "../../lib/shapes-oncall.ts";
import { cityOf } from "../../lib/zones.ts";

export const days: readonly Day[] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

const words = catalogue({
  en: {
    nobody: "nobody",
    with: "with",
    always: "always",
    units: {
      h: (n: number) => (n === 1 ? "every hour" : `every ${n} hours`),
      d: (n: number) => (n === 1 ? "daily" : `every ${n} days`),
      w: (n: number) => (n === 1 ? "weekly" : `every ${n} weeks`),
      mo: (n: number) => (n === 1 ? "monthly" : `every ${n} months`),
    },
    handed: {
      h: (_: string, __: number, time: string) => `handed over from ${time}`,
      d: (_: string, __: number, time: string) => `handed over at ${time}`,
      w: (day: string, _: number, time: string) => `handed over on ${day}s ${time}`,
      mo: (_: string, date: number, time: string) => `handed over on day ${date} at ${time}`,
    },
    rule: (rule: string) => `handed over by ${rule}`,
    only: (list: string) => `only ${list}`,
    everyDay: "every day",
    hours: (day: string, from: string, to: string) =>
      from === to ? `${day} from ${from} for 24 hours` : `${day} ${from} to ${to}`,
    until: (end: string) => `until ${end}`,
    shadow: "watching along, never paged",
  },
  es: {
    nobody: "nadie",
    with: "con",
    always: "siempre",
    units: {
      h: (n: number) => (n === 1 ? "cada hora" : `cada ${n} horas`),
      d: (n: number) => (n === 1 ? "a diario" : `cada ${n} días`),
      w: (n: number) => (n === 1 ? "por semanas" : `cada ${n} semanas`),
      mo: (n: number) => (n === 1 ? "por meses" : `cada ${n} meses`),
    },
    handed: {
      h: (_: string, __: number, time: string) => `con relevo desde las ${time}`,
      d: (_: string, __: number, time: string) => `con relevo a las ${time}`,
      w: (day: string, _: number, time: string) => `con relevo los ${day.endsWith("o") ? `${day}s` : day} a las ${time}`,
      mo: (_: string, date: number, time: string) => `con relevo el día ${date} a las ${time}`,
    },
    rule: (rule: string) => `con relevo según ${rule}`,
    only: (list: string) => `solo ${list}`,
    everyDay: "todos los días",
    hours: (day: string, from: string, to: string) =>
      from === to ? `${day} desde las ${from}, 24 horas` : `${day} de ${from} a ${to}`,
    until: (end: string) => `hasta ${end}`,
    shadow: "de observación, sin avisos",
  },
});

function locale(): string {
  return language.value === "en" ? "en-GB" : "es";
}

/** Monday is day 0. */
export function dayName(day: number, style: "long" | "short"): string {
  // 2024-01-01 was a Monday.
  return new Intl.DateTimeFormat(locale(), { weekday: style, timeZone: "UTC" }).format(Date.UTC(2024, 0, 1 + day));
}

function listed(parts: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(parts);
}

export function everyOf(every: string): { readonly n: number; readonly unit: "h" | "d" | "w" | "mo" } {
  const found = /^(\d+)(h|d|w|mo)$/.exec(every);
  return { n: Number(found?.[1] ?? 1), unit: (found?.[2] ?? "w") as "h" | "d" | "w" | "mo" };
}

export function slotText(slot: LayerWords["users"][number], person: (id: string) => string): string {
  const w = said(words);
  if (slot === null) return w.nobody;
  return typeof slot === "string" ? person(slot) : slot.map(person).join(` ${w.with} `);
}

export function layerSummary(layer: LayerWords, zone: string, person: (id: string) => string): string {
  const w = said(words);
  const people = layer.users.map((slot) => slotText(slot, person));
  const parts = [people.length === 0 ? w.nobody : listed(people)];
  const city = cityOf(layer.timeZone ?? zone);
  if (layer.users.length > 1) parts.push(`${turnText(layer).join(", ")} ${city}`);
  else parts.push(`${w.always} (${city})`);
  if (layer.restrictions.length > 0) parts.push(w.only(listed(layer.restrictions.map(hoursText))));
  if (layer.end !== null) parts.push(w.until(layer.end.replace("T", " ")));
  if (layer.shadow) parts.push(w.shadow);
  return parts.join(", ");
}

function turnText({ rotation, start }: LayerWords): string[] {
  const w = said(words);
  if ("rrule" in rotation) return [w.rule(rotation.rrule)];
  const { n, unit } = everyOf(rotation.every);
  const first = rotation.handoff ?? start;
  const date = new Date(`${first.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return [w.units[unit](n)];
  const day = dayName((date.getUTCDay() + 6) % 7, "long");
  return [w.units[unit](n), w.handed[unit](day, date.getUTCDate(), first.slice(11, 16))];
}

function hoursText({ days: only, from, to }: Restriction): string {
  return said(words).hours(daysText(only), from, to);
}

/** A run of three or more as a range. */
export function daysText(only: readonly Day[]): string {
  if (only.length === 7) return said(words).everyDay;
  const runs: number[][] = [];
  for (const [i, day] of days.entries()) {
    if (!only.includes(day)) continue;
    const last = runs.at(-1);
    if (last?.at(-1) === i - 1) last.push(i);
    else runs.push([i]);
  }
  return runs
    .flatMap((run) =>
      run.length > 2
        ? [`${dayName(run[0] ?? 0, "short")}–${dayName(run.at(-1) ?? 0, "short")}`]
        : run.map((day) => dayName(day, "short")),
    )
    .join(", ");
}

// Owns how times are said: in the viewer's zone, with the tenant's or the schedule's beside where they differ.

import { computed, signal } from "@preact/signals";
import { language } from "./messages.ts";

/** Epoch ms, moved each second while somebody looks. Whoever reads it in a render is drawn anew each second. */
export const now = signal(Date.now());
setInterval(() => {
  if (document.visibilityState === "visible") now.value = Date.now();
}, 1_000);
document.addEventListener("visibilitychange", () => (now.value = Date.now()));

/** The same, each ten seconds: enough for "4 min ago". Never before what just happened by more than that. */
export const slowly = computed(() => Math.floor(now.value / 10_000) * 10_000);

export const viewerZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `08:05`, `2:03:09`, `3 d 4 h`: from now to then, never below zero. */
export function countdown(untilMs: number): string {
  const seconds = Math.max(0, Math.ceil(untilMs / 1_000));
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h >= 24) return `${Math.floor(h / 24)} d ${h % 24} h`;
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${pad(m)}:${pad(s)}`;
}

/** `45 s`, `12 min`, `3 h 20 min`, `4 d`: how long, for a person. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
}

function pad(n: number): string {
  return String(n).padStart(2, "0");
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language.value + JSON.stringify(options);
  let found = formats.get(key);
  if (found === undefined) formats.set(key, (found = new Intl.DateTimeFormat(language.value === "en" ? "en-GB" : "es", options)));
  return found;
}

/** `03:12:07`. */
export function clock(at: string | number, timeZone = viewerZone): string {
  return format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone }).format(new Date(at));
}

/** `Tue 24 Nov, 03:12`, with the year where it is not this one. */
export function dateTime(at: string | number, timeZone = viewerZone): string {
  const date = new Date(at);
  const year = date.getFullYear() === new Date().getFullYear() ? {} : ({ year: "numeric" } as const);
  return format({
    weekday: "short",
    day: "numeric",
    month: "short",
    ...year,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  }).format(date);
}

/** `03:12 Madrid` for a zone that is not the viewer's at that moment; null where both clocks say the same. */
export function elsewhere(at: string | number, timeZone: string | null): string | null {
  if (timeZone === null || clock(at, timeZone) === clock(at)) return null;
  const city = timeZone.slice(timeZone.lastIndexOf("/") + 1).replaceAll("_", " ");
  return `${clock(at, timeZone).slice(0, 5)} ${city}`;
}

// Owns how the responder's page says a time: in the person's own zone, and UTC beside it where it matters.
// Pure: zone and `now` come in. Instants are epoch ms.

import { DateTime, IANAZone } from "luxon";
import { sentences, type Language } from "./words.ts";

const locales: Readonly<Record<Language, string>> = { en: "en-GB", es: "es" };

/** The zone itself when it is a real one, else UTC: a broken profile must not break the page. */
export function zoneOr(zone: string | null | undefined): string {
  return zone && IANAZone.isValidZone(zone) ? zone : "UTC";
}

/** "03:21", or "Mon 23 Nov 03:21" when that is not today in the zone. */
export function clock(at: number, zone: string, now: number, language: Language = "en"): string {
  const local = DateTime.fromMillis(at, { zone, locale: locales[language] });
  const sameDay = local.hasSame(DateTime.fromMillis(now, { zone }), "day");
  return local.toFormat(sameDay ? "HH:mm" : "ccc d LLL HH:mm");
}

/** "02:21 UTC", with the day when it is not the day `now` is in UTC. */
export function clockUtc(at: number, now: number, language: Language = "en"): string {
  return `${clock(at, "UTC", now, language)} UTC`;
}

/** "UTC+1", "UTC-3:30"; "UTC" itself without an offset. */
export function offsetText(at: number, zone: string): string {
  const offset = DateTime.fromMillis(at, { zone });
  return offset.offset === 0 ? "UTC" : `UTC${offset.toFormat("Z")}`;
}

/** "just now", "9 min", "2 h 5 min", "3 d 4 h": how long something has lasted. */
export function lasting(ms: number, language: Language = "en"): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 1) return sentences[language].shortly;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/**
 * The next 09:00 in the zone that is more than an hour away. At 03:00 that is six hours on and not thirty: "tomorrow"
 * for somebody who was woken is when they get up. The button names the day, so nobody has to guess.
 */
export function nextMorning(now: number, zone: string): number {
  const local = DateTime.fromMillis(now, { zone });
  const nine = local.set({ hour: 9, minute: 0, second: 0, millisecond: 0 });
  return (nine.toMillis() - now > 3_600_000 ? nine : nine.plus({ days: 1 })).toMillis();
}

/** "today" or "Wed", as seen in the zone. */
export function dayWord(at: number, zone: string, now: number, language: Language = "en"): string {
  const local = DateTime.fromMillis(at, { zone, locale: locales[language] });
  const today = DateTime.fromMillis(now, { zone });
  if (local.hasSame(today, "day")) return sentences[language].today;
  return local.hasSame(today.plus({ days: 1 }), "day") ? sentences[language].tomorrow : local.toFormat("ccc");
}

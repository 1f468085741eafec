// Owns what the hub's reasons say in Spanish, from their data: the English sentence is the hub's own and the fallback for what is
// not here. Pure: whoever calls brings names and times. A test walks every kind of the record through it.

import {
  causeInSpanish,
  ladder,
  list,
  listed,
  mutes,
  number,
  people,
  slaLeft,
  slaLine,
  text,
  told,
  troubles,
  turnInSpanish,
  whyInSpanish,
  type Data,
  type Speech,
} from "./reasons-es-parts.ts";

export type { Speech } from "./reasons-es-parts.ts";

export interface Said {
  readonly kind: string;
  readonly actor: { readonly type: string; readonly id: string };
  readonly reason: string;
  readonly data: Readonly<Record<string, unknown>> | null;
}

type Say = (data: Data, say: Speech, entry: Said) => string | null;

const isPerson = ({ actor }: Said): boolean => actor.type === "user" || actor.type === "link";
function page(data: Data, say: Speech): string | null {
  const why = whyInSpanish(data["why"], say);
  if (why === null) return null;
  const cause = data["cause"] === undefined ? "" : causeInSpanish(data["cause"], say);
  if (cause === null) return null;
  const step = number(data["step"]) ?? 0;
  const round = number(data["round"]) ?? 1;
  const where = step === 0 ? "" : `, paso ${step}${round > 1 ? `, vuelta ${round}` : ""}`;
  return `${why}${where}${cause === "" ? "" : ` (${cause})`}`;
}

/** "Ana por teléfono": whom a page goes to, and the provider's words, which stay as they are. */
const sent =
  (what: string): Say =>
  (data, say) =>
    `${to(data, say)}${what}${data["said"] ? `: ${text(data["said"])}` : ""}`;
const to = (data: Data, say: Speech): string =>
  `${say.person(text(data["user"]))} por ${text(data["contact"]).split(".")[0] ?? ""}`;
const posted =
  (what: string): Say =>
  (data) =>
    data["of"] === undefined
      ? null
      : `${text(data["connector"])}: ${what} (${text(data["of"])})${data["said"] ? `: ${text(data["said"])}` : ""}`;

/** What people, senders and rules wrote stays as they wrote it. */
export const written: ReadonlySet<string> = new Set(["opened", "note", "rule-failed"]);

const kinds: Readonly<Record<string, Say>> = {
  reopened: (data, say, entry) => {
    if (data["undo"]) return "deshecho: no ha terminado, todo sigue donde estaba";
    if (data["still"])
      return `sigue activa ${text(data["afterS"])} s después de que ${say.person(text(data["by"]))} la resolviera`;
    if (data["afterS"] !== undefined) return `vuelve a activarse ${text(data["afterS"])} s después de resolverse`;
    return `la reabre ${say.person(entry.actor.id)}`;
  },
  alert: (data) =>
    data["title"] === undefined ? null : `${data["again"] ? "se activa otra vez" : "se suma"}: ${text(data["title"])}`,
  "alert-resolved": (data, say, entry) => (data["told"] === undefined ? entry.reason : turnInSpanish(data["told"], say)),
  stale: (data) =>
    data["of"] === "echo"
      ? "el origen repite un reconocimiento que se le escribió y que se ha retirado: anotado, no aplicado"
      : data["of"] === "echo-end"
        ? "el origen repite un fin que se le escribió, y la incidencia se ha reabierto: anotado, no aplicado"
        : data["of"] === undefined
          ? null
          : data["of"] === "trigger"
            ? "llegó una activación anterior al fin que dio el propio origen: anotada, no aplicada"
            : "llegó un fin anterior a la activación presente: anotado, no aplicado",
  orphan: () => "no hay ninguna alerta abierta con esa clave",
  responded: () => "el origen ha dado su primera respuesta",
  replayed: (data, say, entry) =>
    `el cuerpo ${text(data["body"])} de ${text(data["integration"])}, recibido ${say.at(number(data["at"]) ?? 0)}, vuelve a entrar por ${say.person(entry.actor.id)}`,
  held: (data, say) => {
    const threshold = told(data["threshold"]);
    if (threshold !== null)
      return `se avisa tras ${text(threshold["count"])} activaciones en ${say.span(number(threshold["withinMs"]) ?? 0)}`;
    const forMs = number(data["forMs"]);
    if (forMs === null) return null;
    return `se avisa solo si sigue activa tras ${say.span(forMs)}: ${data["why"] === "flapping" ? "va y viene" : "lo dice su ruta"}`;
  },
  suppressed: (data, say) => {
    const words = mutes(data["mutes"], say);
    if (words !== null) return `no se avisa a nadie: ${words}`;
    const rule = text(data["rule"]);
    return rule === ""
      ? null
      : `no se avisa a nadie: ${rule === "test message" ? "mensaje de prueba" : rule.replace(/^route /, "ruta ")}`;
  },
  unmuted: (data, say) => turnInSpanish(data["told"], say),
  promoted: (data, say) => turnInSpanish(data["told"], say),
  flapping: (data, say) =>
    data["steadyMs"] === undefined
      ? null
      : `reabierta ${text(data["reopens"])} veces en ${say.span(number(data["withinMs"]) ?? 0)}: va y viene; esta avisa, las siguientes solo cuando lleve ${say.span(number(data["steadyMs"]) ?? 0)} activa, como mucho tras ${say.span(number(data["silentMsMax"]) ?? 0)}`,
  step: (data, say) => {
    const round = number(data["round"]) ?? 1;
    const whom = list(data["people"]);
    return `${ladder(data, say)}paso ${text(data["step"])}${round > 1 ? `, vuelta ${round}` : ""} avisa a ${whom.length === 0 ? "las personas de otra política" : people(whom, say)}`;
  },
  "step-empty": (data, say) => {
    const where = `${ladder(data, say)}paso ${text(data["step"])}`;
    if (data["unsure"]) return `${where}: nadie localizado con certeza: siguiente paso en el acto`;
    const why = troubles(data, say);
    return why === null ? null : `${where} no llega a nadie (${why || "no nombra a nadie"}): siguiente paso en el acto`;
  },
  "step-skipped": (data, say) => `${ladder(data, say)}paso ${text(data["step"])} se salta: no se cumple ${text(data["when"])}`,
  "step-waits": (data, say) =>
    `${ladder(data, say)}paso ${text(data["step"])} espera a ${text(data["hours"])}, ${say.at(number(data["until"]) ?? 0)}`,
  "step-retry": (data, say) =>
    data["of"] === undefined
      ? null
      : `${ladder(data, say)}paso ${text(data["step"])} avisa otra vez (${text(data["n"])} de ${text(data["of"])})`,
  "policy-started": (data, say) => {
    const cause = causeInSpanish(data["told"], say);
    return cause === null ? null : `la política ${say.policy(text(data["policy"]))} empieza en paralelo: ${cause}`;
  },
  repeat: (data, say) =>
    data["of"] === undefined
      ? null
      : `${ladder(data, say)}la vuelta ${text(data["round"])} de ${text(data["of"])} empieza en el paso ${text(data["step"])}`,
  exhausted: (data, say) =>
    data["empty"]
      ? "ninguna política avisa a nadie por esta incidencia"
      : data["ladder"] === undefined
        ? "se ha intentado con todos los de la política"
        : `se ha intentado con todos los de la política ${say.policy(text(data["policy"]))}`,
  "coverage-gap": (data, say) => {
    const cause = causeInSpanish(data["told"], say);
    if (cause !== null) return `${cause}, y nadie es localizable`;
    const why = troubles(data, say);
    return why === null ? null : `nadie es localizable${why === "" ? "" : ` (${why})`}: se intenta cada minuto`;
  },
  fallback: (data, say) => `no se ha localizado a nadie: el último recurso avisa a ${people(list(data["people"]), say)}`,
  "direct-timeout": (data) => {
    const why: Readonly<Record<string, string>> = {
      time: "nadie la ha reconocido a tiempo",
      failed: "han fallado todos los contactos",
      "no-contact": "no tiene ningún contacto que sirva",
    };
    const found = why[text(data["why"])];
    return found === undefined ? null : `${found}: vuelve a la política en el paso ${text(data["step"])}`;
  },
  paged: (data, say) => {
    const why = page(data, say);
    return why === null ? null : `${to(data, say)}: ${why}`;
  },
  "paged-already": (data, say) =>
    `${to(data, say)}: ya avisado hace menos de ${say.span(number(data["withinMs"]) ?? 60_000)}, no dos veces`,
  sent: (data, say, entry) => (data["late"] ? `${to(data, say)}: ya había salido cuando se canceló` : sent("")(data, say, entry)),
  bundled: (data, say) => `${to(data, say)}: muchas incidencias a la vez: espera a un resumen`,
  delivered: sent(""),
  "send-failed": (data, say, entry) =>
    data["unusable"] ? `${to(data, say)}: ya no sirve, no se avisa por ahí` : sent("")(data, say, entry),
  "send-retry": sent(": se intenta otra vez"),
  "send-unknown": sent(": puede que haya llegado, no se repite"),
  "send-expired": (data, say, entry) => sent(`: abandonado tras ${text(data["attempt"])} intentos`)(data, say, entry),
  acknowledged: (data, say, entry) => {
    if (!isPerson(entry)) return "reconocida en el origen";
    const who = say.person(entry.actor.id);
    return data["seen"] ? `${who} también la ha visto; la tiene ${say.person(text(data["by"]))}` : `la tiene ${who}`;
  },
  "ack-partial": (data, say, entry) =>
    data["step"] === undefined
      ? null
      : `la tiene ${say.person(entry.actor.id)}: ${list(data["acks"]).length} de ${text(data["needed"])} que pide el paso ${text(data["step"])}`,
  unacknowledged: (data, say, entry) => {
    if (data["undo"]) return "deshecho: todo sigue donde estaba";
    if (data["rises"]) return `la severidad ha subido mientras la tenía ${say.person(text(data["by"]))}: se avisa otra vez`;
    const unread = number(data["unread"]);
    if (unread !== null) {
      const bodies = unread === 1 ? "ha llegado 1 cuerpo más" : `han llegado ${unread} cuerpos más`;
      const has = data["snoozed"] ? "la aplazara" : "la reconociera";
      return `${bodies} que nadie puede leer después de que ${say.person(text(data["by"]))} ${has}, y cada uno puede ser un problema nuevo: se avisa otra vez`;
    }
    return data["step"] === undefined
      ? null
      : `${say.person(entry.actor.id)} la devuelve: se avisa desde el paso ${text(data["step"])}`;
  },
  "ack-timeout": (data, say) =>
    data["of"] === undefined
      ? null
      : `reconocida por ${say.person(text(data["by"]))} y no resuelta a tiempo (${text(data["timeouts"])} de ${text(data["of"])}): se avisa otra vez`,
  snoozed: (data, say) => {
    const until = `aplazada hasta ${say.at(number(data["until"]) ?? 0)}`;
    const unread = number(data["unreadUntil"]);
    return unread === null ? until : `${until}; desde ${say.at(unread)}, los cuerpos que nadie pueda leer avisan otra vez`;
  },
  "snooze-ended": (data, say) =>
    `termina el aplazamiento: se avisa otra vez a ${data["by"] === null ? "quienes la tenían" : say.person(text(data["by"]))}`,
  reassigned: (data, say, entry) => {
    const who = say.person(entry.actor.id);
    if (data["policy"] !== undefined) return `${who} la da a la política ${say.policy(text(data["policy"]))}`;
    const back = number(data["backAfterMs"]);
    return `${who} la da a ${say.person(text(data["user"]))}${back === null ? "" : `; vuelve a la política en ${say.span(back)} si no la reconoce`}`;
  },
  responders: (data, say, entry) =>
    `${say.person(entry.actor.id)} llama a ${people(list(data["users"]), say)}${data["message"] ? `: ${text(data["message"])}` : ""}`,
  escalated: (_, say, entry) => `${say.person(entry.actor.id)} pide ya el siguiente nivel`,
  severity: (data) => `la severidad ${data["rises"] ? "sube" : "pasa"} de ${text(data["from"])} a ${text(data["to"])}`,
  urgency: (data, say) => {
    if (!data["edited"]) return `la urgencia sube de baja a alta por ${data["hours"] ? text(data["hours"]) : "su horario"}`;
    const at = number(data["to"]);
    return `se ha editado ${text(data["hours"])}: la urgencia ${at === null ? "sigue baja" : `sube ${say.at(at)}`}`;
  },
  sla: (data, say) => {
    const lines = Array.isArray(data["clocks"])
      ? data["clocks"].map((each) => slaLine(told(each) ?? {}, say))
      : [slaLine(data, say)];
    const edited = list(data["edited"]);
    return lines.includes(null) ? null : [...(edited.length > 0 ? [`se ha editado ${listed(edited)}`] : []), ...lines].join("; ");
  },
  "sla-warning": (data, say) => {
    const paged = [
      ...list(data["people"]).map(say.person),
      ...list(data["policies"]).map((id) => `la política ${say.policy(id)}`),
    ];
    return data["leftMs"] === undefined ? null : `${slaLeft(data, say)}${paged.length === 0 ? "" : `: avisa a ${listed(paged)}`}`;
  },
  "sla-breached": (data, say) => (data["name"] === undefined ? null : slaLeft(data, say)),
  resolved: (data, say, entry) => {
    const why = told(data["told"]);
    if (why?.["code"] === "person")
      return typeof why["said"] === "string" ? why["said"] : `resuelta por ${say.person(entry.actor.id)}`;
    return turnInSpanish(why, say);
  },
  "auto-resolved": (data, say) => turnInSpanish(data["told"], say),
  merged: (data, say, entry) =>
    `${say.person(entry.actor.id)} la une a ${text(data["into"])}: desde ahora habla aquella por esta`,
  unmerged: (data, say, entry) => `${say.person(entry.actor.id)} la separa de ${text(data["from"])}`,
  absorbed: (data) => `recoge ${text(data["incident"])}${data["title"] ? `: ${text(data["title"])}` : ""}`,
  released: (data) => `${text(data["incident"])} sale otra vez`,
  posted: posted("avisado"),
  "post-retry": posted("se intenta otra vez"),
  "post-failed": posted("no avisado"),
  "post-expired": posted("no avisado, abandonado"),
  "post-unknown": posted("puede que haya llegado, no se repite"),
  "post-overtaken": posted("no avisado, algo posterior llegó antes"),
};

/** Every kind of the record that is said here. */
export const knownKinds: ReadonlySet<string> = new Set([...written, ...Object.keys(kinds)]);

/** Null: there is no Spanish for it (an older record, or a kind that is newer than this page). */
export function inSpanish(entry: Said, say: Speech): string | null {
  if (written.has(entry.kind)) return entry.reason;
  return kinds[entry.kind]?.(entry.data ?? {}, say, entry) ?? null;
}

/** Why a page goes to its person: `reason` of a delivery or of what is to come. */
export function pageInSpanish(reason: Data, say: Speech): string | null {
  return page(reason, say);
}

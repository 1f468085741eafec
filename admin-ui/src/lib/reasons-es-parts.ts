// Owns the parts of Spanish sentences that several kinds of the record share: why a person, a policy, a turn; what is wrong;
// service levels and mutes. Pure, like reasons-es.ts.

/** How to speak of things: people and definitions by name, instants and spans in the reader's way. */
export interface Speech {
  readonly person: (id: string) => string;
  readonly policy: (id: string) => string;
  readonly team: (id: string) => string;
  readonly schedule: (id: string) => string;
  readonly at: (ms: number) => string;
  readonly span: (ms: number) => string;
}

export type Data = Readonly<Record<string, unknown>>;

export const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
export const number = (value: unknown): number | null => (typeof value === "number" ? value : null);
export const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(text) : []);
export const told = (value: unknown): Data | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Data) : null;
export const people = (ids: readonly string[], say: Speech): string => listed(ids.map((id) => say.person(id)));

export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} y ${words.at(-1) ?? ""}`;
}

/** "política pagos, ": of a ladder that is not the incident's own. */
export function ladder(data: Data, say: Speech): string {
  return data["ladder"] === undefined ? "" : `política ${say.policy(text(data["policy"]))}, `;
}

/** Why a person is reached. Null: written before there was any data. */
export function whyInSpanish(value: unknown, say: Speech): string | null {
  const why = told(value);
  if (why === null) return null;
  const by = say.person(text(why["by"]));
  switch (why["code"]) {
    case "user":
      return "por nombre";
    case "team": {
      const how = why["how"] === "drawn" ? ", por sorteo" : why["how"] === "in turn" ? ", por turno" : "";
      return `equipo ${say.team(text(why["team"]))}${how}`;
    }
    case "schedule": {
      const schedule = say.schedule(text(why["schedule"]));
      if (why["who"] === "everyone") return `del calendario ${schedule}`;
      const override = why["override"] === undefined ? "" : ` (sustitución ${text(why["override"])})`;
      const reserve = why["unreached"] ? " (reserva: nadie de guardia es localizable)" : why["fallback"] ? " (reserva)" : "";
      return `${why["who"] === "next" ? "siguiente de guardia" : "de guardia"} en ${schedule}${override}${reserve}`;
    }
    case "had-it":
      return "la había reconocido";
    case "has-it":
      return `la tiene; su urgencia ha subido a alta por ${why["hours"] === null ? "su horario" : text(why["hours"])}`;
    case "asked-for":
      return `lo pide ${by}${why["message"] ? `: ${text(why["message"])}` : ""}`;
    case "assigned":
      return `asignada por ${by}`;
    default:
      return null;
  }
}

/** Why a policy runs. */
export function causeInSpanish(value: unknown, say: Speech): string | null {
  const cause = told(value);
  if (cause === null) return null;
  switch (cause["code"]) {
    case "step":
      return `${ladder(cause, say)}paso ${text(cause["step"])}`;
    case "policy-end":
      return `fin de la política ${say.policy(text(cause["policy"]))}`;
    case "route":
      return `ruta ${text(cause["route"])}`;
    case "sla":
      return slaLeft(cause, say) + (cause["unreached"] ? "; nadie de su aviso es localizable" : "");
    default:
      return null;
  }
}

export function troubles(data: Data, say: Speech): string | null {
  if (!Array.isArray(data["troubles"])) return null;
  const found = data["troubles"].map((each) => troubleInSpanish(told(each) ?? {}, say));
  return found.includes(null) ? null : found.join("; ");
}

export function troubleInSpanish(trouble: Data, say: Speech): string | null {
  const named: Readonly<Record<string, () => string>> = {
    "no-team": () => `no existe el equipo ${text(trouble["team"])}`,
    "no-owner": () => "el servicio no tiene equipo",
    "no-schedule": () => `no existe el calendario ${text(trouble["schedule"])}`,
    "team-empty": () => `el equipo ${say.team(text(trouble["team"]))} está vacío`,
    "team-unreachable": () => `nadie del equipo ${say.team(text(trouble["team"]))} es localizable`,
    "nobody-on-call": () =>
      `nadie ${trouble["who"] === "next" ? "entra después" : "está"} de guardia en ${say.schedule(text(trouble["schedule"]))}`,
    "nobody-called": () => `no hay nadie que se llame ${text(trouble["user"])}`,
    deactivated: () => `${say.person(text(trouble["user"]))} está desactivado`,
    "no-contact": () => `${say.person(text(trouble["user"]))} no tiene ningún contacto que sirva`,
    "no-fallback": () => "no hay último recurso",
    unconfigured: () => "no ha llegado ninguna configuración",
    "no-policy": () => `no existe la política ${text(trouble["policy"])}`,
    "policy-runs": () => `la política ${say.policy(text(trouble["policy"]))} ya está en marcha`,
    "condition-unasked": () => `no se ha podido evaluar su condición, se toma por cierta: «${text(trouble["problem"])}»`,
    "no-hours": () => `no existe el horario ${text(trouble["hours"])}: no se espera por él`,
  };
  return named[text(trouble["code"])]?.() ?? null;
}

export const slaTodo = (kind: unknown): string => (kind === "respond" ? "responder" : "resolver");
export const slaDone = (kind: unknown): string => (kind === "respond" ? "respondida" : "resuelta");

export function slaLeft(data: Data, say: Speech): string {
  const left = number(data["leftMs"]) ?? 0;
  const name = `SLA ${text(data["name"])}`;
  if (left > 0) return `${name}: quedan ${say.span(left)} para ${slaTodo(data["kind"])}`;
  return `${name}: no ${slaDone(data["kind"])} en ${say.span(number(data["wholeMs"]) ?? 0)}`;
}

export function slaLine(data: Data, say: Speech): string | null {
  const name = `SLA ${text(data["name"])}`;
  const deadline = number(data["deadline"]);
  const by = deadline === null ? "sin final, su horario no llega" : `antes de ${say.at(deadline)}`;
  switch (data["event"]) {
    case "started":
      return `${name}: ${slaTodo(data["kind"])} ${by}`;
    case "moved":
      return `${name}: ahora ${slaTodo(data["kind"])} ${by}`;
    case "dropped":
      return `${name}: ya no se aplica (${slaTodo(data["kind"])})`;
    default: {
      const used = number(data["usedMs"]);
      if (used === null) return null;
      const late = data["met"] === false ? ", tarde" : "";
      return `${name}: ${slaDone(data["kind"])} tras ${say.span(used)} de ${say.span(number(data["wholeMs"]) ?? 0)}${late}`;
    }
  }
}

export function mutes(value: unknown, say: Speech): string | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const words = value.map((each) => {
    const mute = told(each) ?? {};
    if (mute["kind"] === "inhibition") {
      const other = /inc_\w+/.exec(text(mute["by"]))?.[0];
      return `la ruta ${text(mute["id"])}, por otra alerta abierta${other === undefined ? "" : ` (${other})`}`;
    }
    if (mute["kind"] === "reminder") return `el recordatorio del silencio ${text(mute["id"])}`;
    const reason = mute["reason"] ? ` (${text(mute["reason"])})` : "";
    const until = number(mute["until"]);
    return `${mute["kind"] === "silence" ? "el silencio" : "el mantenimiento"} ${text(mute["id"])}${until === null ? "" : ` hasta ${say.at(until)}`}${reason}`;
  });
  return listed(words);
}

export const bare = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((each) => ({ ...told(each), until: null, reason: "" })) : value;

/** Why a quiet incident pages, or an open one ends. */
export function turnInSpanish(value: unknown, say: Speech): string | null {
  const why = told(value) ?? {};
  const named: Readonly<Record<string, () => string | null>> = {
    threshold: () => `${text(why["n"])} de ${text(why["of"])} en ${say.span(number(why["withinMs"]) ?? 0)}: se avisa`,
    severity: () => "ha subido la severidad: se avisa",
    loud: () => "ya nada la retiene: se avisa",
    "asked-for": () => `${say.person(text(why["by"]))} quiere que se avise`,
    "hold-over": () => "sigue activa al terminar la espera: se avisa",
    "silence-ends": () => `el silencio ${text(why["silence"])} termina pronto`,
    "silence-moved": () => `el silencio ${text(why["silence"])} ya no termina entonces: no hay nada que recordar`,
    "mute-over": () => `terminado: ${mutes(bare(why["mutes"]), say) ?? ""}`,
    fires: () => `ha terminado ${mutes(bare(why["mutes"]), say) ?? ""} y sigue activa`,
    left: () => `ha terminado ${mutes(bare(why["mutes"]), say) ?? ""}: queda como está, según lo previsto; no se avisa a nadie`,
    over: () => `ha terminado ${mutes(bare(why["mutes"]), say) ?? ""} y ya nada está activo; no se avisa a nadie`,
    unheard: () => "no se ha sabido nada en el tiempo de resolución automática del servicio",
    lapsed: () => {
      const until = number(why["until"]);
      return number(why["n"]) === 1
        ? `su origen dijo que duraba${until === null ? "" : ` hasta ${say.at(until)}`} y no la ha renovado: se da por terminada`
        : `su origen no ha renovado ${text(why["n"])} alertas: se dan por terminadas`;
    },
    "over-before": () => "sus alertas habían terminado antes de separarla",
    source: () => `el origen dice que ha terminado: ${text(why["title"])}`,
  };
  return named[text(why["code"])]?.() ?? null;
}

// Owns what the hub says of a definition in Spanish, from its data: what a schema refuses, and what is allowed and worth a look.
// The English sentence is the hub's own and the fallback for what is not here. Pure; a test walks every code through it.

export type Told = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(text) : []);

const types: Readonly<Record<string, string>> = {
  string: "tiene que ser un texto",
  number: "tiene que ser un número",
  int: "tiene que ser un número entero",
  boolean: "tiene que ser verdadero o falso",
  array: "tiene que ser una lista",
  object: "tiene que ser un objeto",
  record: "tiene que ser un objeto",
  date: "tiene que ser una fecha",
};
const formats: Readonly<Record<string, string>> = {
  email: "no es una dirección de correo",
  url: "no es una dirección web",
  regex: "no tiene la forma que se espera",
  datetime: "no es un instante como 2026-01-05T09:00:00Z",
  date: "no es una fecha como 2026-01-05",
  time: "no es una hora como 09:00",
  uuid: "no es un UUID",
  ipv4: "no es una dirección IPv4",
  ipv6: "no es una dirección IPv6",
  base64: "no es base64",
  json_string: "no es JSON",
  starts_with: "no empieza como se espera",
  ends_with: "no termina como se espera",
};

function size(of: unknown, n: number, most: boolean, open: boolean): string {
  const few = n === 1;
  if (of === "string") {
    if (!most && n === 1) return "no puede estar vacío";
    return `${most ? "como mucho" : "al menos"} ${n} ${few ? "carácter" : "caracteres"}`;
  }
  if (of === "array" || of === "set") return `${most ? "como mucho" : "al menos"} ${n} ${few ? "elemento" : "elementos"}`;
  const word = most ? (open ? "menor que" : "como mucho") : open ? "mayor que" : "como mínimo";
  return `${word} ${n}`;
}

const said: Readonly<Record<string, (of: Told) => string>> = {
  "schema-type": (of) =>
    of["missing"] ? "falta, y hace falta" : (types[text(of["expected"])] ?? "no es de la clase que se espera"),
  "schema-small": (of) => size(of["of"], Number(of["min"]), false, of["over"] === true),
  "schema-big": (of) => size(of["of"], Number(of["max"]), true, of["under"] === true),
  "schema-format": (of) => formats[text(of["format"])] ?? "no tiene la forma que se espera",
  "schema-value": (of) =>
    `tiene que ser ${texts(of["values"]).length === 1 ? "" : "uno de estos: "}${texts(of["values"]).join(", ")}`,
  "schema-keys": (of) => {
    const near = text(of["nearest"]);
    return `aquí no hay ninguna clave ${texts(of["keys"]).join(", ")}${near === "" ? "" : `, ¿querías decir ${near}?`}`;
  },
  "schema-multiple": (of) => `tiene que ser múltiplo de ${text(of["of"])}`,
  "heartbeat-no-service": (of) =>
    `el latido ${text(of["id"])} no tiene servicio: si ninguna ruta le da uno, avisa a la reserva de la organización`,
  "grace-short": () => "menos de un minuto: un latido que se retrasa un poco, o un reinicio del hub, avisa a alguien",
  "hours-never": (of) => `${text(of["id"])} no abre nunca: ningún reloj que cuente con él llega a correr`,
  "warning-long": (of) => `${text(of["before"])} no es menos que todo el tiempo permitido: se toma la mitad`,
  "policy-no-steps": (of) => `la política ${text(of["id"])} no tiene pasos: solo avisa a quien haya a su final y a la reserva`,
  "escalate-soon": () => "menos de 30 s: puede que nadie haya mirado aún el teléfono cuando se despierte al siguiente",
  "retry-late": (of) => `el paso termina antes de su primera repetición: pasa al siguiente tras ${text(of["after"])}`,
  "acks-many": (of) => `el paso avisa a ${text(of["people"])} personas: no se puede pedir que reconozcan más`,
  "step-nobody": (of) => `tal como está todo, el paso ${text(of["step"])} de la política ${text(of["policy"])} no llega a nadie`,
  "maintenance-all": (of) => `el mantenimiento ${text(of["id"])} no tiene condición: mientras dure, ninguna alerta avisa a nadie`,
  "route-all": (of) =>
    `la ruta ${text(of["id"])} coincide con toda alerta: las ${text(of["n"])} que van después no se prueban nunca`,
  "schedule-empty": (of) => `el calendario ${text(of["id"])} no tiene capas: nunca hay nadie de guardia`,
  "layer-empty": (of) => `la capa ${text(of["id"])} no tiene a nadie: nunca está de guardia`,
  "turns-deactivated": (of) =>
    `${text(of["user"])} tiene la cuenta desactivada: en sus turnos solo se avisa a la reserva del calendario, si la tiene`,
  "plugin-off": (of) =>
    `el complemento propio ${text(of["plugin"])} está apagado: lo que entra por ${text(of["integration"])} no se puede leer`,
  "service-no-policy": (of) =>
    `el servicio ${text(of["id"])} no tiene política: sus incidencias avisan a la reserva de la organización`,
  "integration-no-service": (of) =>
    `la integración ${text(of["id"])} no tiene servicio y ninguna ruta puede coincidir: sus alertas ${of["fallback"] === true ? "solo avisan a la reserva" : "no avisan a nadie"}`,
  "no-fallback": () => "no hay reserva: cuando no se localiza a nadie de una política, no se avisa a nadie",
  "contact-no-device": (of) =>
    `el contacto ${text(of["contact"])} de ${text(of["user"])} no llega a nadie hasta que esa persona entre y registre un dispositivo`,
  "user-no-contact": (of) => `${text(of["user"])} no tiene contactos y no se le puede avisar`,
  "fallback-nobody": () => "tal como está todo, la reserva no llega a nadie: puede que una incidencia no avise a nadie",
  "fallback-was": (of) =>
    `${text(of["user"])} tiene la cuenta desactivada y la reserva no llega a nadie más: puede que una incidencia no avise a nadie`,
};

export const findingCodes: readonly string[] = Object.keys(said);

/** Null: not written here. */
export function findingInSpanish(told: Told): string | null {
  return said[text(told["code"])]?.(told) ?? null;
}

// Owns the words of notifications, in the browser's language.

import type { Standing } from "./push-link.ts";

const en = {
  ack: "Acknowledge",
  open: "Open",
  again: "Try again",
  asking: "Acknowledging…",
  others: (n: number) => (n === 1 ? "and 1 more:" : `and ${n} more:`),
  notAcknowledged: "NOT acknowledged",
  unreachable: "The hub cannot be reached. Try again, or open it.",
  waiting:
    "The hub cannot be reached. Kept here, and sent when there is a network if you are signed in; until then others go on being paged.",
  anew: "Paging began anew after your press: acknowledge what comes now.",
  unknown: "A page from Tocsin",
  openHub: "Open Tocsin to see it.",
  lost: "This device gets no pages any more",
  registerAgain: "Open Tocsin, sign in, and register it again on your page.",
  standing: (standing: Standing): string => {
    switch (standing.kind) {
      case "mine":
        return "Acknowledged: it is yours";
      case "other":
        return `${standing.by} has it`;
      case "over":
        return "Resolved already";
      case "open":
        return "Nobody has it yet";
      case "told":
        return standing.text;
    }
  },
};

const es: typeof en = {
  ack: "Reconocer",
  open: "Abrir",
  again: "Otra vez",
  asking: "Reconociendo…",
  others: (n) => (n === 1 ? "y 1 más:" : `y ${n} más:`),
  notAcknowledged: "SIN reconocer",
  unreachable: "No se llega al hub. Prueba otra vez o ábrelo.",
  waiting:
    "No se llega al hub. Se guarda aquí y se envía cuando haya red si tienes la sesión abierta; hasta entonces se sigue avisando a otras personas.",
  anew: "Los avisos volvieron a empezar tras tu pulsación: reconoce lo que llegue ahora.",
  unknown: "Un aviso de Tocsin",
  openHub: "Abre Tocsin para verlo.",
  lost: "Este dispositivo ya no recibe avisos",
  registerAgain: "Abre Tocsin, identifícate y regístralo de nuevo en tu página.",
  standing: (standing) => {
    switch (standing.kind) {
      case "mine":
        return "Reconocida: es tuya";
      case "other":
        return `La tiene ${standing.by}`;
      case "over":
        return "Ya está resuelta";
      case "open":
        return "Nadie la tiene todavía";
      case "told":
        return standing.text;
    }
  },
};

export function said(): typeof en {
  return navigator.language.toLowerCase().startsWith("es") ? es : en;
}

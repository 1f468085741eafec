// Owns what the gate says.

import { catalogue } from "../../lib/messages.ts";

export const words = catalogue({
  en: {
    title: "Sign in",
    lead: "The right person, woken in time.",
    more: "Tocsin pages whoever is on call, and goes on until somebody has it.",
    passkey: "Sign in with a passkey",
    passkeyHint: "With the screen lock of this device, or a security key.",
    waiting: "Waiting for your device…",
    noPasskeys: "No passkeys at this address",
    noPasskeysWhy: (origin: string) =>
      `Browsers allow passkeys on https and on the name localhost only; this is ${origin}. A sign-in link works here.`,
    noPasskeysDo: "On the machine that runs the hub, open it as",
    noPasskeysElse: "From elsewhere, put https in front of it: a reverse proxy, or a tunnel.",
    noLink: "No passkey yet?",
    noLinkText: "Ask an admin of your organization for a sign-in link, and add a passkey once you are in.",
    owner: "Do you run this hub?",
    ownerText: "Its first start printed a one-time link, and an API token that works here as well.",
    token: "Use the API token",
    tokenLabel: "API token",
    tokenHint: "Kept in the data folder as admin-token, or set as TOCSIN_ADMIN_TOKEN.",
    signIn: "Sign in",
    hello: (name: string) => `Hello, ${name}`,
    asOwner: "This link signs you in as the owner of this hub.",
    at: (tenant: string) => `This link signs you in at ${tenant}.`,
    once: (until: string) => `It works once, until ${until}. On a shared device, sign out when you are done.`,
    go: (name: string) => `Go on as ${name}`,
    other: "Sign in another way",
    dead: "This link no longer works",
    deadText: "It was used, a newer one took its place, or it is too old. Nothing is wrong with your account.",
    deadPerson: "Ask whoever sent it for a new one: they find you under People, “Invite”.",
    deadOwner: "The hub prints a new one at each start, until one was used. After that its API token signs you in.",
    deadPasskey: "If you have a passkey here already, you need no link.",
    unsent: (n: number) =>
      n === 1
        ? "1 acknowledgment is not sent yet. Sign in as the same person, and it is sent at once. Others are still being paged."
        : `${n} acknowledgments are not sent yet. Sign in as the same person, and they are sent at once. Others are still being paged.`,
    cancelled: "Nothing was chosen. Try again, or sign in another way.",
    offline: "The hub cannot be reached. Paging goes on without this page; check your network, then try again.",
    failed: "That did not work. Try again, or sign in another way.",
  },
  es: {
    title: "Iniciar sesión",
    lead: "La persona adecuada, despierta a tiempo.",
    more: "Tocsin avisa a quien está de guardia, y sigue hasta que alguien se hace cargo.",
    passkey: "Entrar con una clave de acceso",
    passkeyHint: "Con el bloqueo de pantalla de este dispositivo, o una llave de seguridad.",
    waiting: "Esperando a tu dispositivo…",
    noPasskeys: "En esta dirección no hay claves de acceso",
    noPasskeysWhy: (origin: string) =>
      `Los navegadores solo las permiten con https y con el nombre localhost; esto es ${origin}. Un enlace de acceso sí funciona aquí.`,
    noPasskeysDo: "En la máquina que ejecuta el hub, ábrelo como",
    noPasskeysElse: "Desde fuera, ponle https delante: un proxy inverso, o un túnel.",
    noLink: "¿Aún sin clave de acceso?",
    noLinkText: "Pide un enlace de acceso a un administrador de tu organización, y añade una clave cuando estés dentro.",
    owner: "¿Llevas tú este hub?",
    ownerText: "Su primer arranque mostró un enlace de un solo uso, y un token de API que también sirve aquí.",
    token: "Usar el token de API",
    tokenLabel: "Token de API",
    tokenHint: "Está en la carpeta de datos como admin-token, o en TOCSIN_ADMIN_TOKEN.",
    signIn: "Entrar",
    hello: (name: string) => `Hola, ${name}`,
    asOwner: "Este enlace te identifica como propietario de este hub.",
    at: (tenant: string) => `Este enlace te da entrada en ${tenant}.`,
    once: (until: string) => `Sirve una sola vez, hasta ${until}. En un dispositivo compartido, cierra la sesión al terminar.`,
    go: (name: string) => `Continuar como ${name}`,
    other: "Entrar de otra forma",
    dead: "Este enlace ya no funciona",
    deadText: "Ya se usó, lo sustituyó otro más nuevo, o es demasiado antiguo. Tu cuenta está bien.",
    deadPerson: "Pide otro a quien te lo envió: te encontrará en Personas, «Invitar».",
    deadOwner: "El hub muestra otro en cada arranque, hasta que se use uno. Después entras con su token de API.",
    deadPasskey: "Si ya tienes aquí una clave de acceso, no necesitas enlace.",
    unsent: (n: number) =>
      n === 1
        ? "Hay 1 reconocimiento sin enviar. Entra como la misma persona y se enviará enseguida. Aún se está avisando a otros."
        : `Hay ${n} reconocimientos sin enviar. Entra como la misma persona y se enviarán enseguida. Aún se está avisando a otros.`,
    cancelled: "No se eligió nada. Reintenta, o entra de otra forma.",
    offline: "No se puede contactar con el hub. Los avisos siguen sin esta página; comprueba tu red y reintenta.",
    failed: "No ha funcionado. Reintenta, o entra de otra forma.",
  },
});

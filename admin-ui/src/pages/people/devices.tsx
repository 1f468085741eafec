// Owns a person's devices: making this browser one of them, in words whatever stands in the way; the list with a test for each. To
// others than the person it shows how many there are.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { TextField } from "../../design/field.tsx";
import { Icon, type IconName } from "../../design/icon.tsx";
import { Moment } from "../../design/marks.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, Problem, tenant } from "../../lib/api.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { forgetThis, HindranceError, placeOf, registerHere, type Place } from "../../lib/push/device.ts";
import type { Device, Devices as Answer } from "../../lib/push/shapes.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { allowed, session } from "../../lib/session.ts";
import { tell } from "../../lib/toast.ts";
import { Told, type Outcome } from "./told.tsx";
import "./people.css";

const words = catalogue({
  en: {
    title: "Pages on your devices",
    others: "Devices",
    get: "Get pages on this device",
    again: "Register this device again",
    asks: "The browser may ask now: allow notifications.",
    done: "Pages arrive on this device now. Send a test, and look at the lock screen.",
    place: {
      insecure: (url: string) =>
        `Browsers allow push and passkeys on https and on localhost only, and this page came over plain http. Whoever runs the hub gives it a name with a certificate and sets TOCSIN_PUBLIC_URL to that address (now ${url}).`,
      "home-screen":
        "On an iPhone or iPad, add Tocsin to the home screen first: Share, then “Add to Home Screen”. Open it from there, and come back to this page.",
      unsupported: "This browser knows no push. Chrome, Edge, Firefox and Safari do; a private window often does not.",
      denied:
        "Notifications of this site are blocked here. Press the mark beside the address (or hold the app's icon), open its settings, allow notifications, then load this page anew.",
      ready: "A page rings on the lock screen, and can be acknowledged there.",
      lost: "This device was registered, and its browser has forgotten that. No page arrives here until you register it again.",
      here: "Pages arrive on this device.",
    },
    hindrance: {
      denied: "You did not allow notifications, so nothing was registered.",
      "not-asked": "You did not answer the browser's question, so nothing was registered. Press again when you are ready.",
      late: "The browser did not answer in time. It may be cut off from its push service (a company network, a browser without Google's or Mozilla's services). Try again, or another browser.",
      browser:
        "The browser refused to register with its push service. A private window does that; so does a network that blocks it.",
      "no-worker": "This page's service worker has not started. Load the page anew, then try again.",
    },
    none: "No device yet.",
    noneOther: "No device: pages by push reach this person nowhere.",
    count: (live: number) => (live === 1 ? "1 device gets pages" : `${live} devices get pages`),
    goneCount: (gone: number) => (gone === 1 ? "1 cannot be reached any more" : `${gone} cannot be reached any more`),
    noContact: "No contact pages your devices. Add one by web-push under Contacts.",
    noRules: (urgency: string) =>
      `Your notification rules do not name your devices for ${urgency} urgency: no such page comes here.`,
    toRules: "Change your rules",
    high: "high",
    low: "low",
    both: "any",
    since: "since",
    gone: "No pages any more",
    goneWhy: "The push service knows it no longer. Register it again there, or remove it.",
    present: "this device",
    test: "Send a test",
    rename: (label: string) => `Rename ${label}`,
    renameTitle: "Rename the device",
    label: "Name",
    save: "Save",
    cancel: "Cancel",
    renamed: "Renamed",
    remove: "Remove",
    removed: "Removed: no page goes there any more",
    removeAll: "Remove all",
    removeWhy: "For a phone that was lost. They register what they still have from their own page.",
    signOut: "Pages go on when you sign out, so that none is lost. Before you give a device away, remove it here.",
  },
  es: {
    title: "Avisos en tus dispositivos",
    others: "Dispositivos",
    get: "Recibir avisos en este dispositivo",
    again: "Registrar de nuevo este dispositivo",
    asks: "El navegador puede preguntar ahora: permite las notificaciones.",
    done: "Ya llegan avisos a este dispositivo. Envía una prueba y mira la pantalla de bloqueo.",
    place: {
      insecure: (url) =>
        `Los navegadores solo permiten avisos y claves de acceso con https o en localhost, y esta página ha llegado por http. Quien administra el hub le da un nombre con certificado y pone esa dirección en TOCSIN_PUBLIC_URL (ahora ${url}).`,
      "home-screen":
        "En un iPhone o iPad, añade antes Tocsin a la pantalla de inicio: Compartir y «Añadir a pantalla de inicio». Ábrelo desde allí y vuelve a esta página.",
      unsupported: "Este navegador no admite avisos. Chrome, Edge, Firefox y Safari sí; una ventana privada a menudo no.",
      denied:
        "Las notificaciones de este sitio están bloqueadas aquí. Pulsa la marca junto a la dirección (o mantén pulsado el icono de la aplicación), abre sus ajustes, permite las notificaciones y recarga la página.",
      ready: "Un aviso suena en la pantalla de bloqueo y se puede reconocer allí.",
      lost: "Este dispositivo estaba registrado y su navegador lo ha olvidado. No llega ningún aviso hasta que lo registres de nuevo.",
      here: "Los avisos llegan a este dispositivo.",
    },
    hindrance: {
      denied: "No has permitido las notificaciones; no se ha registrado nada.",
      "not-asked": "No has respondido al navegador; no se ha registrado nada. Pulsa otra vez cuando quieras.",
      late: "El navegador no ha respondido a tiempo. Puede que no llegue a su servicio de avisos (una red de empresa, un navegador sin los servicios de Google o Mozilla). Prueba otra vez, o con otro navegador.",
      browser:
        "El navegador se ha negado a registrarse en su servicio de avisos. Lo hace una ventana privada, y una red que lo bloquea.",
      "no-worker": "El proceso de fondo de esta página no ha arrancado. Recarga la página y prueba otra vez.",
    },
    none: "Aún no hay dispositivos.",
    noneOther: "Sin dispositivos: los avisos por push no llegan a esta persona.",
    count: (live) => (live === 1 ? "1 dispositivo recibe avisos" : `${live} dispositivos reciben avisos`),
    goneCount: (gone) => (gone === 1 ? "1 ya no se puede alcanzar" : `${gone} ya no se pueden alcanzar`),
    noContact: "Ningún contacto avisa en tus dispositivos. Añade uno por web-push en Contactos.",
    noRules: (urgency) => `Tus reglas no nombran tus dispositivos para urgencia ${urgency}: esos avisos no llegan aquí.`,
    toRules: "Cambiar tus reglas",
    high: "alta",
    low: "baja",
    both: "alguna",
    since: "desde",
    gone: "Ya no recibe avisos",
    goneWhy: "El servicio de avisos ya no lo conoce. Regístralo de nuevo allí o quítalo.",
    present: "este dispositivo",
    test: "Enviar una prueba",
    rename: (label) => `Cambiar el nombre de ${label}`,
    renameTitle: "Cambiar el nombre del dispositivo",
    label: "Nombre",
    save: "Guardar",
    cancel: "Cancelar",
    renamed: "Nombre cambiado",
    remove: "Quitar",
    removed: "Quitado: ya no va allí ningún aviso",
    removeAll: "Quitar todos",
    removeWhy: "Para un teléfono perdido. Lo que aún tenga lo registra desde su propia página.",
    signOut: "Los avisos siguen al cerrar sesión, para que no se pierda ninguno. Antes de entregar un dispositivo, quítalo aquí.",
  },
});

export function Devices({ user }: { readonly user: string }): JSX.Element {
  const w = said(words);
  const read = useRead(`users/${user}/devices`, () => call("listDevices", { id: user }));
  const isMe = session.value?.user === user;
  return (
    <section class="card" aria-labelledby="devices">
      <header>
        <h2 id="devices">{isMe ? w.title : w.others}</h2>
      </header>
      <div class="body stack">
        {read.error !== null && <Trouble problem={read.error} onAgain={() => refresh("users")} />}
        {read.data === null && read.error === null && <Skeleton lines={2} />}
        {read.data !== null && (isMe ? <Mine user={user} devices={read.data} /> : <Theirs user={user} devices={read.data} />)}
      </div>
    </section>
  );
}

function Theirs({ user, devices }: { readonly user: string; readonly devices: Answer }): JSX.Element {
  const w = said(words);
  const [problem, setProblem] = useState<Problem | null>(null);
  async function removeAll(): Promise<void> {
    try {
      await call("removeDevices", { id: user });
      refresh("users");
      tell(w.removed);
    } catch (error) {
      if (error instanceof Problem) setProblem(error);
    }
  }
  return (
    <>
      <p>
        {devices.live === 0 ? w.noneOther : w.count(devices.live)}
        {devices.gone > 0 && <span class="soft"> · {w.goneCount(devices.gone)}</span>}
      </p>
      {problem !== null && <Trouble problem={problem} />}
      {allowed("removeDevices") && devices.live + devices.gone > 0 && (
        <div class="row">
          <Button size="small" tone="bad" onClick={removeAll}>
            {w.removeAll}
          </Button>
          <span class="soft small grow">{w.removeWhy}</span>
        </div>
      )}
    </>
  );
}

interface Standing {
  readonly place: Place;
  readonly device: string | null;
}

function Mine({ user, devices }: { readonly user: string; readonly devices: Answer }): JSX.Element {
  const w = said(words);
  const whose = { tenant: tenant.value ?? "", user };
  const [standing, setStanding] = useState<Standing | null>(null);
  const look = async (): Promise<void> => {
    const { place, here } = await placeOf(whose);
    setStanding({ place, device: here?.device ?? null });
  };
  useEffect(() => void look(), [user, tenant.value, devices]);
  const { high, low } = devices.pages;
  const unnamed = high === low ? (high ? null : w.both) : high ? w.low : w.high;
  return (
    <>
      {standing !== null && <ThisDevice standing={standing} user={user} devices={devices} onChange={look} />}
      {devices.live > 0 && devices.contact === null && <p class="note">{w.noContact}</p>}
      {devices.contact !== null && unnamed !== null && (
        <p class="note">
          {w.noRules(unnamed)} <Link href={`/t/${tenant.value ?? ""}/people/${user}`}>{w.toRules}</Link>
        </p>
      )}
      {devices.items.length > 0 && (
        <>
          <ul class="stack">
            {devices.items.map((device) => (
              <One
                key={device.id}
                device={device}
                user={user}
                contact={devices.contact}
                isHere={standing?.place === "here" && device.id === standing.device}
              />
            ))}
          </ul>
          <p class="soft small">{w.signOut}</p>
        </>
      )}
    </>
  );
}

const icons: Readonly<Record<Place, IconName>> = {
  insecure: "warn",
  "home-screen": "phone",
  unsupported: "warn",
  denied: "warn",
  ready: "bell",
  lost: "warn",
  here: "check",
};

/** What this browser is to the hub, and the one button there may be. */
function ThisDevice({
  standing,
  user,
  devices,
  onChange,
}: {
  readonly standing: Standing;
  readonly user: string;
  readonly devices: Answer;
  readonly onChange: () => Promise<void>;
}): JSX.Element {
  const w = said(words);
  const [trouble, setTrouble] = useState<string | Problem | null>(null);
  const [asking, setAsking] = useState(false);
  const key = useRead("push", () => call("getPush"));
  const known = devices.items.find((each) => each.id === standing.device && each.gone === null);
  // Removed from elsewhere, or gone by the push service's word: the browser does not know that yet.
  const place: Place = standing.place === "here" && known === undefined ? "lost" : standing.place;
  async function register(): Promise<void> {
    setTrouble(null);
    setAsking(true);
    try {
      await registerHere({ tenant: tenant.value ?? "", user });
      refresh("users");
      tell(w.done);
    } catch (error) {
      setTrouble(error instanceof Problem ? error : w.hindrance[error instanceof HindranceError ? error.hindrance : "browser"]);
    } finally {
      setAsking(false);
      await onChange();
    }
  }
  const text = w.place[place];
  const can = place === "ready" || place === "lost";
  return (
    <div class={`this-device ${place}`} data-place={place}>
      <Icon name={icons[place]} size={22} />
      <p>{typeof text === "string" ? text : text(key.data?.publicUrl ?? window.location.origin)}</p>
      {can && (
        <Button tone="go" icon="bell" onClick={register}>
          {place === "lost" ? w.again : w.get}
        </Button>
      )}
      <p role="status" class={asking ? "soft small" : "small"}>
        {asking ? w.asks : typeof trouble === "string" && <span class="wrong-words">{trouble}</span>}
      </p>
      {trouble instanceof Problem && <Trouble problem={trouble} />}
    </div>
  );
}

function One({
  device,
  user,
  contact,
  isHere,
}: {
  readonly device: Device;
  readonly user: string;
  readonly contact: string | null;
  readonly isHere: boolean;
}): JSX.Element {
  const w = said(words);
  const [outcome, setOutcome] = useState<Outcome | undefined>(undefined);
  const [renaming, setRenaming] = useState(false);
  async function test(): Promise<void> {
    setOutcome(undefined);
    const tested = call("testContact", { id: user, contact: `${contact ?? ""}.${device.id}`, body: {} });
    setOutcome(await tested.catch((error: unknown) => (error instanceof Problem ? error : new Problem(0, String(error)))));
    refresh("users");
  }
  async function remove(): Promise<void> {
    try {
      await call("removeDevice", { id: user, device: device.id });
      if (isHere) await forgetThis({ tenant: tenant.value ?? "", user });
      refresh("users");
      tell(w.removed);
    } catch (error) {
      if (error instanceof Problem) setOutcome(error);
    }
  }
  return (
    <li class="contact device">
      <Icon name={/Android|iPhone/.test(device.agent) ? "phone" : "screen"} size={20} />
      <span class="grow">
        <strong>{device.label}</strong> {isHere && <span class="badge info">{w.present}</span>}
        {device.gone !== null && <span class="badge bad">{w.gone}</span>}
        <br />
        <span class="soft small">
          {device.gone === null ? (
            <>
              {device.agent !== device.label && <>{device.agent} · </>}
              {w.since} <Moment at={device.registeredAt} />
            </>
          ) : (
            w.goneWhy
          )}
        </span>
        <Told outcome={outcome} />
      </span>
      <span class="row">
        {device.gone === null && contact !== null && (
          <Button size="small" icon="send" onClick={test}>
            {w.test}
          </Button>
        )}
        <Button size="small" tone="quiet" icon="pen" label={w.rename(device.label)} onClick={() => setRenaming(true)} />
        <Button size="small" tone="quiet" icon="trash" label={`${w.remove} ${device.label}`} onClick={remove} />
      </span>
      {renaming && <Rename device={device} user={user} onClose={() => setRenaming(false)} />}
    </li>
  );
}

function Rename({
  device,
  user,
  onClose,
}: {
  readonly device: Device;
  readonly user: string;
  readonly onClose: () => void;
}): JSX.Element {
  const w = said(words);
  const [label, setLabel] = useState(device.label);
  const [problem, setProblem] = useState<Problem | null>(null);
  async function save(): Promise<void> {
    try {
      await call("renameDevice", { id: user, device: device.id, body: { label } });
      refresh("users");
      tell(w.renamed);
      onClose();
    } catch (error) {
      if (error instanceof Problem) setProblem(error);
    }
  }
  return (
    <Dialog title={w.renameTitle} onClose={onClose} onSubmit={() => void save()}>
      <TextField label={w.label} value={label} required wrong={problem?.wrongAt("label") ?? null} onInput={setLabel} />
      {problem !== null && problem.wrongAt("label") === null && <Trouble problem={problem} />}
      <div class="actions">
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button tone="go" type="submit">
          {w.save}
        </Button>
      </div>
    </Dialog>
  );
}

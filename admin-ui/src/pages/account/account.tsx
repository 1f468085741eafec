// Owns one's own account: passkeys, sessions, language and light or dark.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { SelectField } from "../../design/field.tsx";
import { Moment } from "../../design/marks.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, Problem } from "../../lib/api.ts";
import { catalogue, language, languages, said, speak, type Language } from "../../lib/messages.ts";
import { createPasskey } from "../../lib/passkey.ts";
import { dropUnsent } from "../../lib/offline/waiting.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { roleName } from "../../lib/roles.ts";
import { passkeysHere, session, signOut } from "../../lib/session.ts";
import { paint, theme, type Theme } from "../../lib/theme.ts";
import { tell } from "../../lib/toast.ts";
import { viewerZone } from "../../lib/time.ts";
import type { PageProps } from "../../pages.ts";
import { Devices } from "../people/devices.tsx";

const words = catalogue({
  en: {
    title: "Your account",
    passkeys: "Passkeys",
    why: "A passkey signs you in with this device's screen lock. Nothing to remember, nothing to steal from the hub.",
    none: "You have none yet. Without one you need a new sign-in link each time your session ends.",
    add: "Add a passkey",
    added: "The passkey is kept",
    known: "This device has a passkey for you already",
    cancelled: "No passkey was made",
    noPasskeys: "Passkeys need https, or the name localhost: this address can have none.",
    remove: "Remove",
    removed: "The passkey is forgotten here. Delete it on the device too.",
    used: "last used",
    never: "never used",
    sessions: "Signed in on",
    present: "this browser",
    end: "Sign out",
    ended: "Signed out there",
    others: "Sign out everywhere else",
    out: "Sign out",
    unheard:
      "The hub did not hear it. What you saw is gone from this browser; the session ends when somebody opens Tocsin here with a network.",
    lost: (n: number) => (n === 1 ? "1 acknowledgment was never sent" : `${n} acknowledgments were never sent`),
    face: "Appearance and language",
    language: "Language",
    theme: "Light or dark",
    themes: { system: "As the system", light: "Light", dark: "Dark" },
    zone: (zone: string) => `Times are shown in ${zone}, your browser's zone.`,
    how: { link: "by the owner's link", invitation: "by invitation", token: "by token", passkey: "by passkey" },
  },
  es: {
    title: "Tu cuenta",
    passkeys: "Claves de acceso",
    why: "Una clave de acceso te identifica con el bloqueo de pantalla de este dispositivo. Nada que recordar, nada que robar del hub.",
    none: "Aún no tienes ninguna. Sin ella necesitas un enlace nuevo cada vez que termine tu sesión.",
    add: "Añadir una clave de acceso",
    added: "Clave de acceso guardada",
    known: "Este dispositivo ya tiene una clave de acceso tuya",
    cancelled: "No se ha creado ninguna clave",
    noPasskeys: "Las claves de acceso necesitan https o el nombre localhost: en esta dirección no las hay.",
    remove: "Quitar",
    removed: "La clave queda olvidada aquí. Bórrala también en el dispositivo.",
    used: "último uso",
    never: "sin usar",
    sessions: "Sesiones abiertas",
    present: "este navegador",
    end: "Cerrar",
    ended: "Sesión cerrada allí",
    others: "Cerrar en todos los demás",
    out: "Cerrar sesión",
    unheard:
      "El hub no se ha enterado. Lo que veías ya no está en este navegador; la sesión termina cuando alguien abra Tocsin aquí con red.",
    lost: (n: number) => (n === 1 ? "1 reconocimiento no se llegó a enviar" : `${n} reconocimientos no se llegaron a enviar`),
    face: "Aspecto e idioma",
    language: "Idioma",
    theme: "Claro u oscuro",
    themes: { system: "Como el sistema", light: "Claro", dark: "Oscuro" },
    zone: (zone: string) => `Las horas se muestran en ${zone}, la zona de tu navegador.`,
    how: {
      link: "con el enlace del propietario",
      invitation: "por invitación",
      token: "con token",
      passkey: "con clave de acceso",
    },
  },
});

export default function Account(_: PageProps): JSX.Element {
  const w = said(words);
  const mine = session.value && session.value.role !== "hub-owner" ? session.value.user : null;
  async function out(): Promise<void> {
    const lost = await dropUnsent();
    if (lost > 0) tell(w.lost(lost), { tone: "bad", forMs: 20_000 });
    if (!(await signOut())) tell(w.unheard, { tone: "bad", forMs: 60_000 });
  }
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{session.value?.name ?? w.title}</h1>
          <p class="soft">
            {[
              session.value && session.value.role !== "hub-owner" ? roleName(session.value.role) : null,
              session.value?.tenantName,
            ]
              .filter((each) => each)
              .join(" · ")}
          </p>
        </div>
        <Button icon="out" onClick={out}>
          {w.out}
        </Button>
      </div>
      {mine !== null && <Devices user={mine} />}
      <Passkeys />
      <Sessions />
      <section class="card" aria-labelledby="face">
        <header>
          <h2 id="face">{w.face}</h2>
        </header>
        <div class="body stack" style={{ gridTemplateColumns: "repeat(auto-fit, minmax(13rem, 1fr))" }}>
          <SelectField
            label={w.language}
            value={language.value}
            onChange={(value) => speak(value as Language)}
            choices={Object.entries(languages).map(([value, text]) => ({ value, text }))}
          />
          <SelectField
            label={w.theme}
            value={theme.value}
            onChange={(value) => paint(value as Theme)}
            choices={(["system", "light", "dark"] as const).map((value) => ({ value, text: w.themes[value] }))}
          />
          <p class="soft small">{w.zone(viewerZone)}</p>
        </div>
      </section>
    </>
  );
}

function Passkeys(): JSX.Element {
  const w = said(words);
  const passkeys = useRead("passkeys", () => call("listPasskeys"));
  const [problem, setProblem] = useState<Problem | null>(null);
  async function add(): Promise<void> {
    setProblem(null);
    try {
      const options = (await call("passkeyOptions")) as { readonly challenge: string };
      const response = (await createPasskey(options)) as { id: string };
      await call("addPasskey", { body: { response } });
      tell(w.added);
      refresh("passkeys");
    } catch (error) {
      if (error instanceof Problem) setProblem(error);
      else tell(error instanceof Error && error.message === "known" ? w.known : w.cancelled);
    }
  }
  async function remove(id: string): Promise<void> {
    try {
      await call("removePasskey", { passkey: id });
      tell(w.removed);
      refresh("passkeys");
    } catch (error) {
      if (error instanceof Problem) setProblem(error);
    }
  }
  return (
    <section class="card" aria-labelledby="passkeys">
      <header>
        <h2 id="passkeys">{w.passkeys}</h2>
        {passkeysHere.value && (
          <Button size="small" icon="plus" onClick={add}>
            {w.add}
          </Button>
        )}
      </header>
      <div class="body stack">
        <p class="soft">{w.why}</p>
        {!passkeysHere.value && <p class="note">{w.noPasskeys}</p>}
        {problem !== null && <Trouble problem={problem} />}
        {passkeys.error !== null && <Trouble problem={passkeys.error} onAgain={() => refresh("passkeys")} />}
        {passkeys.data === null && passkeys.error === null && <Skeleton lines={2} />}
        {passkeys.data?.items.length === 0 && passkeysHere.value && <p>{w.none}</p>}
        <ul class="stack-s">
          {passkeys.data?.items.map((each) => (
            <li key={each.id} class="spread">
              <span>
                <strong>{each.name}</strong>{" "}
                <span class="soft small">
                  {each.usedAt === null ? (
                    w.never
                  ) : (
                    <>
                      {w.used} <Moment at={each.usedAt} as="ago" />
                    </>
                  )}
                </span>
              </span>
              <Button size="small" tone="bad" onClick={() => remove(each.id)}>
                {w.remove}
              </Button>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function Sessions(): JSX.Element {
  const w = said(words);
  const sessions = useRead("sessions", () => call("listSessions"));
  const others = sessions.data?.items.some((each) => !each.present) ?? false;
  async function end(id: string): Promise<void> {
    await call("endSession", { session: id }).catch(() => undefined);
    tell(w.ended);
    refresh("sessions");
  }
  async function endOthers(): Promise<void> {
    await call("signOutEverywhere", { query: { keepThis: true } }).catch(() => undefined);
    refresh("sessions");
  }
  return (
    <section class="card" aria-labelledby="sessions">
      <header>
        <h2 id="sessions">{w.sessions}</h2>
        {others && (
          <Button size="small" onClick={endOthers}>
            {w.others}
          </Button>
        )}
      </header>
      <div class="body">
        {sessions.error !== null && <Trouble problem={sessions.error} onAgain={() => refresh("sessions")} />}
        {sessions.data === null && sessions.error === null && <Skeleton lines={2} />}
        <ul class="stack-s">
          {sessions.data?.items.map((each) => (
            <li key={each.id} class="spread">
              <span>
                <strong>{each.device}</strong>{" "}
                <span class="soft small">
                  {w.how[each.how]} · {each.present ? w.present : <Moment at={each.seenAt} as="ago" />}
                </span>
              </span>
              {!each.present && (
                <Button size="small" onClick={() => end(each.id)}>
                  {w.end}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

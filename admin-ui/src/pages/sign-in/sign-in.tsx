// Owns the gate: a one-time link, a passkey, or the hub owner's token. A link is used by a press, never by being opened.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { TextField } from "../../design/field.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, Problem } from "../../lib/api.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { usePasskey } from "../../lib/passkey.ts";
import { enter, passkeysHere } from "../../lib/session.ts";
import type { Session, Ticket } from "../../lib/shapes.ts";
import type { PageProps } from "../../pages.ts";

const words = catalogue({
  en: {
    title: "Sign in",
    lead: "Tocsin pages the right person, and goes on until somebody has it.",
    passkey: "Sign in with a passkey",
    noPasskeys: "Passkeys need https, or the name localhost: this address can have none. A sign-in link works here.",
    noLink:
      "No passkey yet? Ask an admin of your organization for a sign-in link. The hub's owner finds one on the screen of `npm start`.",
    token: "I am the hub's owner and have its API token",
    tokenLabel: "API token",
    tokenHint: "Printed by the first `npm start` or `npm run deploy`; kept in the data folder as admin-token.",
    signIn: "Sign in",
    owner: "This link signs you in as the hub's owner.",
    invited: (name: string, tenant: string) => `This link signs you in as ${name} at ${tenant}.`,
    once: "It works once.",
    go: (name: string) => `Go on as ${name}`,
    other: "Sign in another way",
    failed: "That did not work. Try again, or sign in another way.",
  },
  es: {
    title: "Iniciar sesión",
    lead: "Tocsin avisa a la persona adecuada, y sigue hasta que alguien se haga cargo.",
    passkey: "Entrar con una clave de acceso",
    noPasskeys:
      "Las claves de acceso necesitan https o el nombre localhost: en esta dirección no las hay. Un enlace de acceso sí funciona.",
    noLink:
      "¿Aún sin clave de acceso? Pide un enlace a un administrador de tu organización. El propietario del hub lo tiene en la pantalla de `npm start`.",
    token: "Soy el propietario del hub y tengo su token de API",
    tokenLabel: "Token de API",
    tokenHint: "Lo imprime el primer `npm start` o `npm run deploy`; está en la carpeta de datos como admin-token.",
    signIn: "Entrar",
    owner: "Este enlace te identifica como propietario del hub.",
    invited: (name: string, tenant: string) => `Este enlace te identifica como ${name} en ${tenant}.`,
    once: "Sirve una sola vez.",
    go: (name: string) => `Continuar como ${name}`,
    other: "Entrar de otra forma",
    failed: "No ha funcionado. Reintenta, o entra de otra forma.",
  },
});

export default function SignIn(_: PageProps): JSX.Element {
  const [, go] = useLocation();
  const [ticket, setTicket] = useState(() => window.location.hash.slice(1));
  useEffect(() => {
    document.title = `${said(words).title} · Tocsin`;
    const changed = (): void => setTicket(window.location.hash.slice(1));
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  function entered(session: Session): void {
    // The ticket is used up: it has no place in the history.
    const wanted = wantedPage();
    history.replaceState(null, "", "/sign-in");
    enter(session);
    go(wanted ?? (session.tenant === null ? "/tenants" : `/t/${session.tenant}`), { replace: true });
  }
  function otherWay(): void {
    history.replaceState(null, "", "/sign-in");
    setTicket("");
  }
  return (
    <div class="gate">
      <main>
        <div class="row">
          <img src="/icon.svg" alt="" width={44} height={44} />
          <div>
            <h1>Tocsin</h1>
          </div>
        </div>
        {ticket === "" ? <Ways onEntered={entered} /> : <ByLink ticket={ticket} onEntered={entered} onOther={otherWay} />}
      </main>
    </div>
  );
}

/** `?to=`: where a link leads once one is in. Only to pages of this hub. */
function wantedPage(): string | null {
  const to = new URLSearchParams(window.location.search).get("to");
  return to !== null && /^\/t\/[a-z0-9-]+(\/|$)/.test(to) ? to : null;
}

interface EnterProps {
  readonly onEntered: (session: Session) => void;
}

function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(-1, said(words).failed);
}

function ByLink({
  ticket,
  onEntered,
  onOther,
}: EnterProps & { readonly ticket: string; readonly onOther: () => void }): JSX.Element {
  const [known, setKnown] = useState<Ticket | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    call("lookAtTicket", { body: { ticket } }).then(setKnown, (error: unknown) => setProblem(asProblem(error)));
  }, [ticket]);
  async function press(): Promise<void> {
    try {
      onEntered((await call("signIn", { body: { ticket } })).session);
    } catch (error) {
      setProblem(asProblem(error));
    }
  }
  if (problem !== null)
    return (
      <>
        <Trouble problem={problem} />
        <Button onClick={onOther}>{said(words).other}</Button>
      </>
    );
  if (known === null) return <Skeleton lines={2} />;
  return (
    <>
      <p>
        {known.kind === "owner-link"
          ? said(words).owner
          : said(words).invited(known.name, known.tenantName ?? known.tenant ?? "")}{" "}
        <span class="soft">{said(words).once}</span>
      </p>
      <Button tone="go" onClick={press} autofocus>
        {said(words).go(known.name)}
      </Button>
    </>
  );
}

function Ways({ onEntered }: EnterProps): JSX.Element {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [withToken, setWithToken] = useState(false);
  async function byPasskey(): Promise<void> {
    setProblem(null);
    try {
      const options = (await call("passkeySignInOptions")) as { readonly challenge: string };
      const response = (await usePasskey(options)) as { id: string };
      onEntered((await call("passkeySignIn", { body: { response } })).session);
    } catch (error) {
      setProblem(asProblem(error));
    }
  }
  return (
    <>
      <p class="soft">{said(words).lead}</p>
      {problem !== null && <Trouble problem={problem} />}
      {passkeysHere.value ? (
        <Button tone="go" icon="key" onClick={byPasskey}>
          {said(words).passkey}
        </Button>
      ) : (
        <p class="note">{said(words).noPasskeys}</p>
      )}
      <p class="soft small">{said(words).noLink}</p>
      {withToken ? (
        <ByToken onEntered={onEntered} />
      ) : (
        <Button tone="quiet" size="small" onClick={() => setWithToken(true)}>
          {said(words).token}
        </Button>
      )}
    </>
  );
}

function ByToken({ onEntered }: EnterProps): JSX.Element {
  const [token, setToken] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(): Promise<void> {
    setBusy(true);
    try {
      onEntered((await call("signIn", { body: { token: token.trim() } })).session);
    } catch (error) {
      setWrong(asProblem(error).message);
      setBusy(false);
    }
  }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextField
        label={said(words).tokenLabel}
        hint={said(words).tokenHint}
        type="password"
        autocomplete="off"
        value={token}
        onInput={setToken}
        wrong={wrong}
        required
        autofocus
      />
      <Button type="submit" tone="go" busy={busy}>
        {said(words).signIn}
      </Button>
    </form>
  );
}

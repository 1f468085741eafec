// Owns the gate: a one-time link, a passkey, or the hub owner's token. A link is used by a press, never by being opened.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { TextField } from "../../design/field.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, Problem } from "../../lib/api.ts";
import { said } from "../../lib/messages.ts";
import { unsent } from "../../lib/offline/queue.ts";
import { usePasskey } from "../../lib/passkey.ts";
import { enter, passkeysHere } from "../../lib/session.ts";
import type { Session, Ticket } from "../../lib/shapes.ts";
import { dateTime } from "../../lib/time.ts";
import type { PageProps } from "../../pages.ts";
import { words } from "./words.ts";
import "./sign-in.css";

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
  const w = said(words);
  return (
    <div class="gate welcome">
      <header class="lead">
        <p class="brand-line">
          <img src="/icon.svg" alt="" />
          <b>Tocsin</b>
        </p>
        <p class="big">{w.lead}</p>
        <p>{w.more}</p>
      </header>
      <main>
        <Unsent />
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

/** Whoever pressed without a network and is signed out by now must know that it waits for them. */
function Unsent(): JSX.Element | null {
  const [waiting, setWaiting] = useState(0);
  useEffect(() => {
    unsent(Date.now()).then(
      (all) => setWaiting(all.filter((each) => each.state !== "over").length),
      () => undefined,
    );
  }, []);
  return waiting === 0 ? null : (
    <p class="note" role="status">
      {said(words).unsent(waiting)}
    </p>
  );
}

interface EnterProps {
  readonly onEntered: (session: Session) => void;
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error.status === 0 ? new Problem(-1, said(words).offline) : error;
  const cancelled = error instanceof Error && error.message === "cancelled";
  return new Problem(-1, cancelled ? said(words).cancelled : said(words).failed);
}

function ByLink({
  ticket,
  onEntered,
  onOther,
}: EnterProps & { readonly ticket: string; readonly onOther: () => void }): JSX.Element {
  const w = said(words);
  const [known, setKnown] = useState<Ticket | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const look = (): void => {
    setProblem(null);
    call("lookAtTicket", { body: { ticket } }).then(setKnown, (error: unknown) => setProblem(asProblem(error)));
  };
  useEffect(look, [ticket]);
  async function press(): Promise<void> {
    try {
      onEntered((await call("signIn", { body: { ticket } })).session);
    } catch (error) {
      setProblem(asProblem(error));
    }
  }
  // 422: not even the shape of one, as when a program cut it off.
  if (problem?.status === 401 || problem?.status === 422) return <Dead forOwner={ticket.startsWith("h.")} onOther={onOther} />;
  if (problem !== null)
    return (
      <>
        <Trouble problem={problem} onAgain={look} />
        <Button onClick={onOther}>{w.other}</Button>
      </>
    );
  if (known === null) return <Skeleton lines={3} />;
  return (
    <>
      <h1>{w.hello(known.name)}</h1>
      <p>{known.kind === "owner-link" ? w.asOwner : w.at(known.tenantName ?? known.tenant ?? "")}</p>
      <Button tone="go" onClick={press} autofocus>
        {w.go(known.name)}
      </Button>
      <p class="under">{w.once(dateTime(known.expiresAt))}</p>
      <Button tone="quiet" onClick={onOther}>
        {w.other}
      </Button>
    </>
  );
}

/** A link that was used, replaced, or is too old: what to do instead. */
function Dead({ forOwner, onOther }: { readonly forOwner: boolean; readonly onOther: () => void }): JSX.Element {
  const w = said(words);
  return (
    <>
      <h1>{w.dead}</h1>
      <p role="alert">{w.deadText}</p>
      <p>{forOwner ? w.deadOwner : w.deadPerson}</p>
      {passkeysHere.value && <p class="soft">{w.deadPasskey}</p>}
      <Button onClick={onOther}>{w.other}</Button>
    </>
  );
}

function Ways({ onEntered }: EnterProps): JSX.Element {
  const w = said(words);
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
      <h1>{w.title}</h1>
      {problem !== null && <Trouble problem={problem} />}
      {passkeysHere.value ? (
        <>
          <Button tone="go" icon="key" onClick={byPasskey}>
            {w.passkey}
          </Button>
          <p class="under">{w.passkeyHint}</p>
        </>
      ) : (
        <NoPasskeys />
      )}
      <section class="aside" aria-labelledby="no-link">
        <h2 id="no-link">{w.noLink}</h2>
        <p>{w.noLinkText}</p>
      </section>
      <section class="aside" aria-labelledby="owner">
        <h2 id="owner">{w.owner}</h2>
        <p>{w.ownerText}</p>
        {withToken ? <ByToken onEntered={onEntered} /> : <Button onClick={() => setWithToken(true)}>{w.token}</Button>}
      </section>
    </>
  );
}

/** Plain http by another name than localhost: what a browser allows there, and the ways out. */
function NoPasskeys(): JSX.Element {
  const w = said(words);
  const { origin, port } = window.location;
  return (
    <section class="note stack-s" aria-labelledby="no-passkeys">
      <h2 id="no-passkeys">{w.noPasskeys}</h2>
      <p>{w.noPasskeysWhy(origin)}</p>
      <p>
        {w.noPasskeysDo} <code>{`http://localhost${port === "" ? "" : `:${port}`}`}</code>. {w.noPasskeysElse}
      </p>
    </section>
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

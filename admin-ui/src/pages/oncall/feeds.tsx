// Owns the calendar addresses of a schedule or of a person: made, copied once, revoked.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Moment } from "../../design/marks.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, Problem } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { tell } from "../../lib/toast.ts";

const words = catalogue({
  en: {
    title: "In your calendar",
    schedule: "An address that any calendar can subscribe to: everybody's shifts here, always up to date.",
    user: "An address that your calendar can subscribe to: your own shifts in every schedule, always up to date.",
    make: "New address",
    once: "Copy it now: it holds a key and is shown this once. Whoever has it can read the shifts.",
    copy: "Copy",
    copied: "Copied",
    by: "made by",
    revoke: "Revoke",
    revoked: "The address works no more",
    none: "No calendar reads it yet.",
  },
  es: {
    title: "En tu calendario",
    schedule: "Una dirección a la que cualquier calendario puede suscribirse: los turnos de todos aquí, siempre al día.",
    user: "Una dirección a la que tu calendario puede suscribirse: tus turnos en todos los calendarios, siempre al día.",
    make: "Nueva dirección",
    once: "Cópiala ahora: contiene una clave y solo se muestra esta vez. Quien la tenga puede leer los turnos.",
    copy: "Copiar",
    copied: "Copiada",
    by: "creada por",
    revoke: "Revocar",
    revoked: "La dirección ya no funciona",
    none: "Ningún calendario la lee todavía.",
  },
});

export function Feeds({ kind, id }: { readonly kind: "schedule" | "user"; readonly id: string }): JSX.Element {
  const w = said(words);
  const { person } = useDirectory();
  const key = `feeds/${kind}/${id}`;
  const ofSchedule = kind === "schedule";
  const feeds = useRead(key, () => call(ofSchedule ? "listScheduleFeeds" : "listUserFeeds", { id }));
  const [made, setMade] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  async function attempt(work: () => Promise<unknown>): Promise<void> {
    setProblem(null);
    try {
      await work();
    } catch (error) {
      if (error instanceof Problem) setProblem(error);
    }
    refresh(key);
  }
  const make = (): Promise<void> =>
    attempt(async () => {
      const feed = await call(ofSchedule ? "createScheduleFeed" : "createUserFeed", { id });
      setMade(feed.url ?? null);
    });
  const revoke = (feed: string): Promise<void> =>
    attempt(async () => {
      await call(ofSchedule ? "revokeScheduleFeed" : "revokeUserFeed", { id, feed });
      setMade(null);
      tell(w.revoked);
    });
  return (
    <section class="card" aria-labelledby={`feeds-${kind}`}>
      <header>
        <h2 id={`feeds-${kind}`}>{w.title}</h2>
        <Button size="small" icon="link" onClick={make}>
          {w.make}
        </Button>
      </header>
      <div class="body stack">
        <p class="soft small">{w[kind]}</p>
        {problem !== null && <Trouble problem={problem} />}
        {feeds.error !== null && <Trouble problem={feeds.error} onAgain={() => refresh(key)} />}
        {feeds.data === null && feeds.error === null && <Skeleton lines={1} />}
        {made !== null && (
          <div class="note go stack-s">
            <p>{w.once}</p>
            <code class="address">{made}</code>
            <div>
              <Button
                size="small"
                icon="copy"
                onClick={async () => {
                  await navigator.clipboard.writeText(made);
                  tell(w.copied);
                }}
              >
                {w.copy}
              </Button>
            </div>
          </div>
        )}
        {feeds.data?.items.length === 0 && <p class="soft small">{w.none}</p>}
        <ul class="stack-s">
          {feeds.data?.items.map((feed) => (
            <li key={feed.id} class="spread small">
              <span>
                <Moment at={feed.createdAt} />{" "}
                <span class="soft">
                  · {w.by} {person(feed.createdBy)}
                </span>
              </span>
              <Button size="small" tone="bad" onClick={() => revoke(feed.id)}>
                {w.revoke}
              </Button>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

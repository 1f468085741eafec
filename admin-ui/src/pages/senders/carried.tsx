// Owns what a notifier or connector carried last: to whom or of what, and what became of it.

import type { JSX } from "preact";
import { Link } from "wouter-preact";
import { More } from "../../design/listing.tsx";
import { Moment } from "../../design/marks.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, tenant } from "../../lib/api.ts";
import type { Sent } from "../../lib/board-shapes.ts";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { usePaged } from "../../lib/paging.ts";
import { refresh } from "../../lib/query.ts";
import type { Kind } from "./kind.ts";
import { words } from "./words.ts";

const shown = 8;
const tones: Readonly<Record<string, string>> = {
  accepted: "go",
  delivered: "go",
  failed: "bad",
  expired: "bad",
  unknown: "look",
  pending: "info",
  sending: "info",
};

export function Carried({ kind, id }: { readonly kind: Kind; readonly id: string }): JSX.Element {
  const w = said(words);
  const filter = kind === "notifier" ? { via: id } : { connector: id };
  const list = usePaged(
    `sent?${kind}=${id}`,
    (cursor) => call("listDeliveries", { query: { ...filter, limit: shown, cursor } }),
    { everyMs: 15_000 },
  );
  return (
    <section class="card" aria-labelledby="carried">
      <header>
        <h2 id="carried">{w.carried[kind]}</h2>
      </header>
      {list.error !== null && <Trouble problem={list.error} onAgain={() => refresh("sent")} />}
      {list.data === null && list.error === null && (
        <div class="body">
          <Skeleton lines={3} />
        </div>
      )}
      {list.data?.items.length === 0 && <p class="body soft">{w.carriedNone[kind]}</p>}
      <ul class="sent">
        {list.data?.items.map((sent) => (
          <Line key={sent.id} sent={sent} />
        ))}
      </ul>
      {list.more !== null && (
        <div class="body">
          <More onMore={list.more} />
        </div>
      )}
    </section>
  );
}

function Line({ sent }: { readonly sent: Sent }): JSX.Element {
  const w = said(words);
  const { person } = useDirectory();
  const event = sent.event?.type.replace("incident.", "") ?? "";
  const test = isTest(sent);
  const what = sent.kind === "page" ? `${person(sent.user ?? "")}${sent.to ? ` · ${sent.to}` : ""}` : (w.events[event] ?? event);
  const reason = sent.attempts.at(-1)?.reason ?? "";
  return (
    <li>
      <span>
        {what}
        {test && <span class="soft"> · {w.isTest}</span>}
        <br />
        <span class="soft small">
          <Moment at={sent.sentAt} as="ago" />
          {sent.attempts.length > 1 && ` · ${w.tries(sent.attempts.length)}`}
          {!test && (
            <>
              {" · "}
              <Link href={`/t/${tenant.value}/incidents/${sent.incident}`}>{w.incident}</Link>
            </>
          )}
        </span>
      </span>
      <span>
        <span class={`badge ${tones[sent.status] ?? ""}`}>{w.became[sent.status] ?? sent.status}</span>
      </span>
      {reason !== "" && <span class="why soft small">{reason}</span>}
    </li>
  );
}

function isTest(sent: Sent): boolean {
  return sent.kind === "page" ? sent.reason?.via === "test" : sent.event?.kind === "test";
}

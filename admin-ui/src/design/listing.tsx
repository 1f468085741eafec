// Owns the shape of a page that lists one kind of object: its head, a search, what is there, what is said when nothing is, more.

import type { ComponentChildren, JSX } from "preact";
import { Link } from "wouter-preact";
import { catalogue, said } from "../lib/messages.ts";
import type { Operation } from "../lib/api.ts";
import type { Paged } from "../lib/paging.ts";
import { refresh } from "../lib/query.ts";
import { allowed } from "../lib/session.ts";
import { Button } from "./button.tsx";
import "./editing.css";
import { Icon, type IconName } from "./icon.tsx";
import { Search } from "./search.tsx";
import { Empty, Skeleton, Trouble } from "./states.tsx";
import { Withheld } from "./withheld.tsx";

const words = catalogue({
  en: { more: "Show more" },
  es: { more: "Ver más" },
});

export function More({ onMore }: { readonly onMore: (() => Promise<void>) | null }): JSX.Element | null {
  if (onMore === null) return null;
  return (
    <div class="row" style={{ justifyContent: "center" }}>
      <Button onClick={onMore}>{said(words).more}</Button>
    </div>
  );
}

export interface Find {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** When nothing is called that. */
  readonly nothing: string;
}

/** The link that makes a new one, as the head and the empty state show it. */
export function MakeLink({ href, children }: { readonly href: string; readonly children: string }): JSX.Element {
  return (
    <Link class="button go" href={href}>
      <Icon name="plus" size={18} />
      {children}
    </Link>
  );
}

export function Listing<T extends { readonly id: string }>({
  title,
  lead,
  make = null,
  by,
  find,
  topic,
  list,
  empty,
  plain = false,
  children,
}: {
  readonly title: string;
  readonly lead?: string;
  readonly make?: JSX.Element | null;
  /** What makes a new one, and changes one: whoever may not do that is told so, and is not offered `make`. */
  readonly by: Operation;
  readonly find?: Find;
  readonly topic: string;
  readonly list: Paged<T>;
  readonly empty: { readonly icon: IconName; readonly title: string; readonly text: string };
  /** The items are no links that fill their row. */
  readonly plain?: boolean;
  readonly children: (item: T) => ComponentChildren;
}): JSX.Element {
  const { data, error, more } = list;
  const searched = find !== undefined && find.value !== "";
  const none = data?.items.length === 0;
  const offer = allowed(by) ? make : null;
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{title}</h1>
          {lead !== undefined && <p class="soft">{lead}</p>}
        </div>
        {(!none || searched) && offer}
      </div>
      <Withheld by={by} />
      {find !== undefined && (!none || searched) && <Search label={find.label} value={find.value} onInput={find.onInput} />}
      {error !== null && <Trouble problem={error} onAgain={() => refresh(topic)} />}
      {data === null && error === null && <Skeleton lines={5} />}
      {none && searched && <p class="soft">{find.nothing}</p>}
      {none && !searched && (
        <div class="card">
          <Empty icon={empty.icon} title={empty.title}>
            <p>{empty.text}</p>
            {offer}
          </Empty>
        </div>
      )}
      {data !== null && data.items.length > 0 && (
        <ul class={`card ${plain ? "lines" : "rows"}`}>
          {data.items.map((item) => (
            <li key={item.id}>{children(item)}</li>
          ))}
        </ul>
      )}
      <More onMore={more} />
    </>
  );
}

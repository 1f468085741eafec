// Owns the list of notifiers or connectors: how each fares, and who needs it.

import type { JSX } from "preact";
import { Link } from "wouter-preact";
import { Listing, MakeLink } from "../../design/listing.tsx";
import { call, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { pageMax, usePaged } from "../../lib/paging.ts";
import { useRead } from "../../lib/query.ts";
import type { PluginRow } from "../../lib/setup-shapes.ts";
import "../integrations/integrations.css";
import { dayText, HealthBadge, LastError } from "./health.tsx";
import { ways, type Kind, type Sender } from "./kind.ts";
import { words } from "./words.ts";

export function SenderList({ kind }: { readonly kind: Kind }): JSX.Element {
  const w = said(words);
  const { topic, list: listOf, healthOf } = ways[kind];
  const list = usePaged(topic, (cursor) => listOf(cursor, pageMax));
  const health = useRead(`${topic}/health`, () => call("getSendingHealth"), { everyMs: 15_000 });
  const plugins = useRead(`plugins?${kind}`, () => call("listPlugins", { query: { kind } }));
  const base = `/t/${tenant.value}/${topic}`;
  const pluginOf = (id: string): PluginRow | null => plugins.data?.items.find((each) => each.id === id) ?? null;
  // What every tenant has without declaring it is shown where somebody uses it.
  const builtIn = (kind === "notifier" ? (health.data?.notifiers ?? []) : []).filter(
    ({ id, people }) => people > 0 && list.data !== null && list.more === null && !list.data.items.some((each) => each.id === id),
  );
  return (
    <>
      <Listing
        title={w.titles[kind]}
        lead={w.leads[kind]}
        topic={topic}
        list={list}
        plain
        make={<MakeLink href={`${base}/add`}>{w.add[kind]}</MakeLink>}
        by={ways[kind].makes}
        empty={{ icon: kind === "notifier" ? "send" : "link", title: w.none[kind], text: w.noneWhy[kind] }}
      >
        {(sender: Sender) => {
          const own = healthOf(health.data, sender.id);
          return (
            <>
              <div class="grow">
                <Link class="line-title" href={`${base}/${sender.id}`}>
                  {sender.id}
                </Link>
                <p class="soft small">
                  {[pluginOf(sender.plugin)?.name ?? sender.plugin, aboutOf(kind, sender, health.data?.notifiers ?? [])].join(
                    " · ",
                  )}
                </p>
                <LastError health={own} />
              </div>
              <div class="row">
                <span class="soft small num">{dayText(own, kind)}</span>
                <HealthBadge health={own} />
              </div>
            </>
          );
        }}
      </Listing>
      {builtIn.length > 0 && (
        <section class="stack-s" aria-labelledby="built-in">
          <h2 id="built-in">{w.builtIn}</h2>
          <ul class="card lines">
            {builtIn.map((each) => (
              <li key={each.id}>
                <div class="grow">
                  <strong>{pluginOf(each.plugin)?.name ?? each.id}</strong>
                  <p class="soft small">
                    {[pluginOf(each.plugin)?.description, w.people(each.people)].filter(Boolean).join(" · ")}
                  </p>
                  <LastError health={each} />
                </div>
                <div class="row">
                  <span class="soft small num">{dayText(each, kind)}</span>
                  <HealthBadge health={each} />
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function aboutOf(
  kind: Kind,
  sender: Sender,
  notifiers: readonly { readonly id: string; readonly people: number; readonly fallbackOf: readonly string[] }[],
): string {
  const w = said(words);
  if (kind === "connector")
    return w.hears(
      (sender.on ?? ["acknowledged", "unacknowledged", "resolved"]).map((event) => w.events[event] ?? event).join(", "),
    );
  const own = notifiers.find(({ id }) => id === sender.id);
  const parts = [
    own === undefined ? null : w.people(own.people),
    sender.fallback === undefined ? null : w.fallsBack(sender.fallback),
    own === undefined || own.fallbackOf.length === 0 ? null : w.fallbackOf(own.fallbackOf.join(", ")),
  ];
  return parts.filter((each) => each !== null).join(" · ");
}

/** Names of people, the first few. */
export function useNames(users: readonly string[], people: number): string {
  const { person } = useDirectory();
  const shown = users.slice(0, 8).map(person).join(", ");
  return people > 8 ? said(words).andMore(shown, people - 8) : shown;
}

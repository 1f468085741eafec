// Owns one notifier's or connector's page: how it fares, its settings, a test, what it carried last, its end.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Moment } from "../../design/marks.tsx";
import { Missing } from "../../design/missing.tsx";
import { Remove } from "../../design/remove.tsx";
import { SaveBar } from "../../design/save-bar.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { Withheld } from "../../design/withheld.tsx";
import { call, tenant } from "../../lib/api.ts";
import type { NotifierHealth } from "../../lib/board-shapes.ts";
import { said } from "../../lib/messages.ts";
import { useObject, type Edited } from "../../lib/object.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { allowed } from "../../lib/session.ts";
import type { Plugin } from "../../lib/setup-shapes.ts";
import "../integrations/integrations.css";
import { SetUp } from "./add.tsx";
import { SenderFields } from "./fields.tsx";
import { countsText, HealthBadge, LastError } from "./health.tsx";
import { ways, type Kind, type Sender } from "./kind.ts";
import { useNames } from "./list.tsx";
import { Carried } from "./carried.tsx";
import "./senders.css";
import { Test } from "./test.tsx";
import { words } from "./words.ts";

export function SenderPage({ kind, id }: { readonly kind: Kind; readonly id: string }): JSX.Element {
  const w = said(words);
  const [, go] = useLocation();
  const [stored, setStored] = useState<Sender | null>(null);
  const base = `/t/${tenant.value}/${ways[kind].topic}`;
  const object: Edited<Sender> = useObject<Sender>({
    asked: id,
    empty: { id, plugin: "", config: {}, secrets: {} },
    get: async (wanted) => {
      const found = await ways[kind].get(wanted);
      const { meta: _meta, issued: _issued, ...rest } = found;
      setStored(rest);
      return found;
    },
    create: ways[kind].create,
    replace: ways[kind].replace,
    remove: ways[kind].remove,
    topics: [ways[kind].topic, "directory"],
    saved: w.saved,
    gone: w.gone,
    onDone: () => void object.load(),
    onGone: () => go(base),
  });
  const pluginId = stored?.plugin ?? "";
  const plugin = useRead(`plugins/${kind}/${pluginId}`, async () =>
    pluginId === "" ? null : call("getPlugin", { kind, plugin: pluginId }),
  );
  if (object.failed !== null) return <Missing what={kind} id={id} problem={object.failed} onAgain={object.load} />;
  if (plugin.error !== null) return <Trouble problem={plugin.error} onAgain={() => refresh("plugins")} />;
  if (object.draft === null || stored === null || plugin.data == null) return <Skeleton lines={6} />;
  return <Whole kind={kind} object={object} stored={stored} plugin={plugin.data} />;
}

function Whole({
  kind,
  object,
  stored,
  plugin,
}: {
  readonly kind: Kind;
  readonly object: Edited<Sender>;
  readonly stored: Sender;
  readonly plugin: Plugin;
}): JSX.Element {
  const w = said(words);
  const { id, saving, draft } = object;
  const mayChange = allowed(ways[kind].changes);
  const dirty = JSON.stringify(draft) !== JSON.stringify(stored);
  const [removing, setRemoving] = useState(false);
  // What stood in the way of its end is not about what is edited then.
  useEffect(() => setRemoving(false), [dirty]);
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{id}</h1>
          <p class="soft">{plugin.name}</p>
        </div>
        {mayChange && (
          <Remove
            name={id}
            why={w.removeWhy[kind]}
            problem={removing ? saving.problem : null}
            onRemove={() => {
              setRemoving(true);
              return object.remove();
            }}
          />
        )}
      </div>
      <Withheld by={ways[kind].changes} />
      <div class="beside">
        <div class="stack">
          <HealthCard kind={kind} id={id} />
          {allowed(ways[kind].tries) && <Test kind={kind} id={id} plugin={plugin} dirty={dirty} />}
          <fieldset class="card padded stack" disabled={!mayChange}>
            <SenderFields kind={kind} plugin={plugin} object={object} stored={stored.secrets} />
          </fieldset>
          {mayChange && !removing && (
            <SaveBar
              saving={saving}
              dirty={dirty}
              onSave={() => object.save()}
              onOver={() => object.save(true)}
              onDiscard={() => void object.load()}
            />
          )}
        </div>
        <div class="stack">
          <Carried kind={kind} id={id} />
          <SetUp plugin={plugin} />
        </div>
      </div>
    </>
  );
}

function HealthCard({ kind, id }: { readonly kind: Kind; readonly id: string }): JSX.Element {
  const w = said(words);
  const { topic, healthOf } = ways[kind];
  const read = useRead(`${topic}/health`, () => call("getSendingHealth"), { everyMs: 15_000 });
  const health = healthOf(read.data, id);
  return (
    <section class="card padded stack-s" aria-labelledby="health">
      <div class="spread">
        <h2 id="health">{w.health}</h2>
        {read.data !== null && <HealthBadge health={health} />}
      </div>
      {read.error !== null && <Trouble problem={read.error} onAgain={() => refresh(topic)} />}
      {read.data === null && read.error === null && <Skeleton lines={2} />}
      {read.data !== null && (
        <>
          <LastError health={health} />
          <dl class="facts">
            <dt>{w.lastDay}</dt>
            <dd class="num">{countsText(health) || w.nothing}</dd>
            <dt>{w.lastGood}</dt>
            <dd>{health?.lastGood ? <Moment at={health.lastGood.at} as="ago" /> : w.notLately}</dd>
            <dt>{w.lastBad}</dt>
            <dd>{health?.lastBad ? <Moment at={health.lastBad.at} as="ago" /> : w.notLately}</dd>
            {kind === "notifier" && health !== null && <Uses health={health as NotifierHealth} />}
          </dl>
        </>
      )}
    </section>
  );
}

function Uses({ health }: { readonly health: NotifierHealth }): JSX.Element {
  const w = said(words);
  const names = useNames(health.users, health.people);
  return (
    <>
      <dt>{w.usedBy}</dt>
      <dd>{health.people === 0 ? w.nobody : <Link href={`/t/${tenant.value}/people`}>{names}</Link>}</dd>
      {health.fallbackOf.length > 0 && (
        <>
          <dt>{w.standsIn}</dt>
          <dd>{health.fallbackOf.join(", ")}</dd>
        </>
      )}
    </>
  );
}

// Owns adding a notifier or connector: the gallery of plugins, the form that one's schemas ask for beside its set-up text.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Conflict } from "../../design/conflict.tsx";
import { Copyable } from "../../design/copy.tsx";
import { TextField } from "../../design/field.tsx";
import { Markdown } from "../../design/markdown.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, tenant } from "../../lib/api.ts";
import { said } from "../../lib/messages.ts";
import { useObject } from "../../lib/object.ts";
import { refresh, useRead } from "../../lib/query.ts";
import type { Issued, Plugin } from "../../lib/setup-shapes.ts";
import "../integrations/integrations.css";
import { SenderFields } from "./fields.tsx";
import { ways, type Kind, type Sender } from "./kind.ts";
import "./senders.css";
import { words } from "./words.ts";

export function AddSender({ kind }: { readonly kind: Kind }): JSX.Element {
  const plugin = new URLSearchParams(useSearch()).get("plugin");
  return plugin === null ? <Gallery kind={kind} /> : <Read key={plugin} kind={kind} id={plugin} />;
}

function Gallery({ kind }: { readonly kind: Kind }): JSX.Element {
  const w = said(words);
  const [q, setQ] = useState("");
  const plugins = useRead(`plugins?${kind}`, () => call("listPlugins", { query: { kind } }));
  const base = `/t/${tenant.value}/${ways[kind].topic}`;
  const offered = plugins.data?.items.filter((each) => each.builtIn !== true) ?? [];
  const wanted = q.trim().toLowerCase();
  const shown = offered.filter((each) => `${each.id} ${each.name} ${each.description}`.toLowerCase().includes(wanted));
  return (
    <>
      <div class="page-head">
        <h1>{w.add[kind]}</h1>
        <Link class="button" href={base}>
          {w.back[kind]}
        </Link>
      </div>
      {plugins.error !== null && <Trouble problem={plugins.error} onAgain={() => refresh("plugins")} />}
      {plugins.data === null && plugins.error === null && <Skeleton lines={4} />}
      {offered.length > 8 && <TextField label={w.search} type="search" value={q} onInput={setQ} />}
      <ul class="gallery">
        {shown.map((each) => (
          <li key={each.id}>
            <Link class="card" href={`${base}/add?plugin=${each.id}`}>
              <h2>{each.name}</h2>
              <p>{each.description}</p>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function Read({ kind, id }: { readonly kind: Kind; readonly id: string }): JSX.Element {
  const plugin = useRead(`plugins/${kind}/${id}`, () => call("getPlugin", { kind, plugin: id }));
  if (plugin.error !== null) return <Trouble problem={plugin.error} onAgain={() => refresh("plugins")} />;
  if (plugin.data === null) return <Skeleton lines={5} />;
  return <Form kind={kind} plugin={plugin.data} />;
}

function Form({ kind, plugin }: { readonly kind: Kind; readonly plugin: Plugin }): JSX.Element {
  const w = said(words);
  const [, go] = useLocation();
  const [issued, setIssued] = useState<readonly Issued[] | null>(null);
  const base = `/t/${tenant.value}/${ways[kind].topic}`;
  const empty: Sender = {
    id: plugin.id,
    plugin: plugin.id,
    config: {},
    secrets: {},
    ...(kind === "connector" && (plugin.writesBack ?? []).length === 0 ? { on: [] } : {}),
  };
  const object = useObject<Sender>({
    asked: "-",
    empty,
    get: ways[kind].get,
    create: async (body) => {
      const made = await ways[kind].create(body);
      if (made.issued === undefined || made.issued.length === 0) go(`${base}/${made.id}`);
      else setIssued(made.issued);
    },
    replace: ways[kind].replace,
    remove: ways[kind].remove,
    topics: [ways[kind].topic, "directory"],
    saved: w.made[kind],
    gone: w.gone,
    onDone: () => undefined,
  });
  const { saving } = object;
  if (issued !== null)
    return (
      <section class="card padded stack">
        <h1>{w.ready(object.id)}</h1>
        <p class="note">{w.once}</p>
        {issued.map((each) => (
          <Copyable key={each.key} label={w.signingKey} value={each.key} />
        ))}
        <div>
          <Button tone="go" onClick={() => go(`${base}/${object.id}`)}>
            {w.done}
          </Button>
        </div>
      </section>
    );
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{plugin.name}</h1>
          <p class="soft">{plugin.description}</p>
        </div>
        <Link class="button" href={`${base}/add`}>
          {w.other}
        </Link>
      </div>
      <div class="beside">
        <form
          class="card padded stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (!saving.busy) void object.save();
          }}
        >
          <SenderFields kind={kind} plugin={plugin} object={object} stored={{}} />
          <Conflict saving={saving} onTheirs={() => undefined} onMine={() => undefined} />
          <Button type="submit" tone="go" busy={saving.busy}>
            {w.make[kind]}
          </Button>
        </form>
        <SetUp plugin={plugin} />
      </div>
    </>
  );
}

export function SetUp({ plugin }: { readonly plugin: Plugin }): JSX.Element {
  const w = said(words);
  return (
    <section class="card" aria-labelledby="setup">
      <header>
        <h2 id="setup">{w.setup}</h2>
        <a class="small" href={plugin.docs} target="_blank" rel="noreferrer">
          {w.docs}
        </a>
      </header>
      <div class="body">
        <Markdown text={plugin.readme} />
      </div>
    </section>
  );
}

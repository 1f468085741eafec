// Owns making an integration: the gallery of sources, the form that the source's schema asks for, the key, shown once.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { SchemaFields } from "../../design/schema-form.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, tenant, type Problem } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import type { Integration, Plugin } from "../../lib/setup-shapes.ts";
import type { PageProps } from "../../pages.ts";
import { IssuedKey, problemOf, SendTest } from "./dialogs.tsx";
import "./integrations.css";
import { words as mappingWords } from "./received-words.ts";
import { SetUp } from "./set-up.tsx";
import { words } from "./words.ts";

export default function AddIntegration(_: PageProps): JSX.Element {
  const source = new URLSearchParams(useSearch()).get("source");
  return source === null ? <Gallery /> : <Form key={source} source={source} />;
}

function Gallery(): JSX.Element {
  const w = said(words);
  const [q, setQ] = useState("");
  const plugins = useRead("plugins?source", () => call("listPlugins", { query: { kind: "source" } }));
  const wanted = q.trim().toLowerCase();
  const shown = plugins.data?.items.filter((each) =>
    [each.id, each.name, each.description, ...(each.aliases ?? [])].some((text) => text.toLowerCase().includes(wanted)),
  );
  return (
    <>
      <div class="page-head">
        <h1>{w.add}</h1>
        <Link class="button" href={`/t/${tenant.value}/integrations`}>
          {w.back}
        </Link>
      </div>
      <TextField label={w.search} hint={w.searchHint} type="search" value={q} onInput={setQ} />
      {plugins.error !== null && <Trouble problem={plugins.error} onAgain={() => refresh("plugins")} />}
      {plugins.data === null && plugins.error === null && <Skeleton lines={4} />}
      {shown?.length === 0 && <p>{w.noSource(q)}</p>}
      <ul class="gallery">
        {shown?.map((each) => (
          <li key={each.id}>
            <Link class="card" href={`/t/${tenant.value}/integrations/add?source=${each.id}`}>
              <h2>{each.name}</h2>
              <p>{each.description}</p>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function Form({ source }: { readonly source: string }): JSX.Element {
  const w = said(words);
  const plugin = useRead(`plugins/source/${source}`, () => call("getPlugin", { kind: "source", plugin: source }));
  const [made, setMade] = useState<Integration | null>(null);
  if (plugin.error !== null) return <Trouble problem={plugin.error} onAgain={() => refresh("plugins")} />;
  if (plugin.data === null) return <Skeleton lines={5} />;
  if (made !== null) return <Ready plugin={plugin.data} made={made} />;
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{plugin.data.name}</h1>
          <p class="soft">{plugin.data.description}</p>
        </div>
        <Link class="button" href={`/t/${tenant.value}/integrations/add`}>
          {w.other}
        </Link>
      </div>
      <div class="beside">
        <Fields plugin={plugin.data} onMade={setMade} />
        <SetUp plugin={plugin.data} />
      </div>
    </>
  );
}

function Fields({ plugin, onMade }: { readonly plugin: Plugin; readonly onMade: (made: Integration) => void }): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const [id, setId] = useState(plugin.id);
  const [name, setName] = useState(plugin.name);
  const [service, setService] = useState("");
  const [secret, setSecret] = useState("");
  const [config, setConfig] = useState<Readonly<Record<string, unknown>>>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(): Promise<void> {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const chosen = {
        ...(service === "" ? {} : { service }),
        ...(secret === "" ? {} : { secret: { value: secret } }),
      };
      const made = await call("createIntegration", { body: { id, name, source: plugin.id, config, ...chosen } });
      refresh("integrations", "directory");
      onMade(made);
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
    }
  }
  const wrong = (path: string): string | null => problem?.wrongAt(path) ?? null;
  const fields = Object.keys(plugin.config.properties ?? {}).length;
  return (
    <form
      class="card padded stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {problem !== null && <Trouble problem={problem} />}
      <TextField label={w.name} value={name} onInput={setName} wrong={wrong("name")} required maxLength={200} />
      <TextField label={w.id} hint={w.idHint} value={id} onInput={setId} wrong={wrong("id")} required maxLength={64} />
      <SelectField
        label={w.service}
        hint={w.serviceHint}
        wrong={wrong("service")}
        value={service}
        onChange={setService}
        choices={[{ value: "", text: w.noService }, ...names.services.map((each) => ({ value: each.id, text: each.name }))]}
      />
      <TextField
        label={w.secret}
        hint={w.secretHint}
        type="password"
        autocomplete="off"
        value={secret}
        onInput={setSecret}
        wrong={wrong("secret")}
      />
      {/* A mapping is made beside the bodies that came in, once there are some. */}
      {fields > 0 && plugin.id !== "custom" && (
        <>
          <h2>{w.settings}</h2>
          <SchemaFields
            schema={plugin.config}
            value={config}
            onChange={setConfig}
            wrongAt={(field) => wrong(`config.${field}`)}
          />
        </>
      )}
      <Button type="submit" tone="go" busy={busy}>
        {w.make}
      </Button>
    </form>
  );
}

function Ready({ plugin, made }: { readonly plugin: Plugin; readonly made: Integration }): JSX.Element {
  const w = said(words);
  const [, go] = useLocation();
  const [testing, setTesting] = useState(false);
  const issued = made.issued?.[0];
  return (
    <>
      <div class="page-head">
        <h1>{w.ready(made.name ?? made.id)}</h1>
        <Button onClick={() => go(`/t/${tenant.value}/integrations`)}>{w.close}</Button>
      </div>
      <div class="beside">
        <section class="card padded stack">
          {issued !== undefined && <IssuedKey issued={issued} />}
          {plugin.id === "custom" && (
            <Link class="button go" href={`/t/${tenant.value}/integrations/${made.id}?tab=mapping`}>
              {said(mappingWords).mapIt}
            </Link>
          )}
          <Button icon="send" tone={plugin.id === "custom" ? "plain" : "go"} onClick={() => setTesting(true)}>
            {w.test}
          </Button>
        </section>
        <SetUp plugin={plugin} issued={issued} />
      </div>
      {testing && <SendTest integration={made} onClose={() => setTesting(false)} />}
    </>
  );
}

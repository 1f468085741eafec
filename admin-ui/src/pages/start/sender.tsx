// Owns the fourth step: a sender of alerts with its key and set-up text, or one that only sends tests.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Conflict } from "../../design/conflict.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { SchemaFields } from "../../design/schema-form.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, tenant } from "../../lib/api.ts";
import { lazy } from "../../lib/lazy.tsx";
import { slugOf, useSaving } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import type { Integration, Plugin } from "../../lib/setup-shapes.ts";
import { Leads } from "../integrations/leads.tsx";
import { refreshSetUp, type Progress } from "./progress.ts";
import type { StepProps } from "./start.tsx";
import { words } from "./words.ts";

const Made = lazy(() => import("./made.tsx"));

/** What most people have: shown before anybody looks for something. */
const usual = ["prometheus", "grafana", "datadog", "zabbix", "uptime-kuma", "sentry", "zendesk", "generic"];

export function SenderStep({ progress, onNext }: StepProps): JSX.Element {
  const [source, setSource] = useState<string | null>(null);
  const [made, setMade] = useState<Integration | null>(null);
  const [another, setAnother] = useState(false);
  if (made !== null) return <Made made={made} onNext={onNext} />;
  if (source !== null)
    return <Connect key={source} source={source} progress={progress} onMade={setMade} onOther={() => setSource(null)} />;
  return progress.done.sender && !another ? (
    <Senders progress={progress} onNext={onNext} onAnother={() => setAnother(true)} />
  ) : (
    <Gallery progress={progress} onSource={setSource} onTest={onNext} />
  );
}

function Senders({
  progress,
  onNext,
  onAnother,
}: {
  readonly progress: Progress;
  readonly onNext: () => void;
  readonly onAnother: () => void;
}): JSX.Element {
  const w = said(words);
  const { names } = progress;
  const list = useRead("integrations", () => call("listIntegrations", { query: { limit: 200 } }));
  return (
    <>
      {list.error !== null && <Trouble problem={list.error} onAgain={() => refresh("integrations")} />}
      {list.data === null && list.error === null && <Skeleton lines={2} />}
      <ul class="stack-s">
        {list.data?.items.map((each) => (
          <li key={each.id} class="made">
            <span class="grow">
              <Link href={`/t/${tenant.value}/integrations/${each.id}`}>{each.name ?? each.id}</Link>
              <span class="soft small">{each.service == null ? "" : names.service(each.service)}</span>
            </span>
            <Leads integration={each} names={names} />
          </li>
        ))}
      </ul>
      <div class="guide-go">
        <Button onClick={onAnother}>{w.addAnother}</Button>
        <Button tone="go" onClick={onNext}>
          {w.next}
        </Button>
      </div>
    </>
  );
}

function Gallery({
  progress,
  onSource,
  onTest,
}: {
  readonly progress: Progress;
  readonly onSource: (id: string) => void;
  readonly onTest: () => void;
}): JSX.Element {
  const w = said(words);
  const saving = useSaving();
  const [q, setQ] = useState("");
  const [all, setAll] = useState(false);
  const plugins = useRead("plugins?source", () => call("listPlugins", { query: { kind: "source" } }));
  const items = plugins.data?.items ?? [];
  const wanted = q.trim().toLowerCase();
  const found = items.filter((each) =>
    [each.id, each.name, each.description, ...(each.aliases ?? [])].some((text) => text.toLowerCase().includes(wanted)),
  );
  const first = usual.flatMap((id) => items.filter((each) => each.id === id));
  const shown = wanted === "" && !all ? first : found;
  async function test(): Promise<void> {
    const done = await saving.save(null, async () => {
      const service = await ensureService(progress, "", w.serviceName);
      const taken = new Set(progress.names.integrations.map((each) => each.id));
      let id = "test-alerts";
      for (let n = 2; taken.has(id); n++) id = `test-alerts-${n}`;
      await call("createIntegration", { body: { id, name: w.testSender, source: "generic", service } });
    });
    refreshSetUp();
    if (done) onTest();
  }
  return (
    <>
      <TextField label={w.search} hint={w.searchHint} type="search" value={q} onInput={setQ} />
      {plugins.error !== null && <Trouble problem={plugins.error} onAgain={() => refresh("plugins")} />}
      {plugins.data === null && plugins.error === null && <Skeleton lines={4} />}
      {plugins.data !== null && shown.length === 0 && <p>{w.noSource(q)}</p>}
      <ul class="tiles">
        {shown.map((each) => (
          <li key={each.id}>
            <button type="button" class="tile" onClick={() => onSource(each.id)}>
              <strong>{each.name}</strong>
              <span class="soft small">{each.description}</span>
            </button>
          </li>
        ))}
      </ul>
      {wanted === "" && !all && items.length > first.length && (
        <div>
          <Button size="small" tone="quiet" onClick={() => setAll(true)}>
            {w.all(items.length)}
          </Button>
        </div>
      )}
      <Conflict saving={saving} onTheirs={saving.clear} onMine={() => void test()} />
      <div class="guide-go">
        <span class="soft">{w.orTest}</span>
        <Button icon="flask" onClick={test} busy={saving.busy}>
          {w.useTest}
        </Button>
      </div>
    </>
  );
}

/** One with a policy that is there, or a new one with the tenant's first. @returns its id */
async function ensureService({ names }: Progress, chosen: string, name: string): Promise<string> {
  if (chosen !== "") return chosen;
  const present = names.services.find((each) => each.policy !== null);
  if (present !== undefined && name === said(words).serviceName) return present.id;
  const taken = new Set(names.services.map((each) => each.id));
  const slug = slugOf(name) || "service";
  let id = slug;
  for (let n = 2; taken.has(id); n++) id = `${slug}-${n}`;
  const policy = names.policies[0]?.id;
  await call("createService", { body: { id, name, ...(policy === undefined ? {} : { policy }) } });
  return id;
}

function Connect({
  source,
  progress,
  onMade,
  onOther,
}: {
  readonly source: string;
  readonly progress: Progress;
  readonly onMade: (made: Integration) => void;
  readonly onOther: () => void;
}): JSX.Element {
  const plugin = useRead(`plugins/source/${source}`, () => call("getPlugin", { kind: "source", plugin: source }));
  if (plugin.error !== null) return <Trouble problem={plugin.error} onAgain={() => refresh("plugins")} />;
  if (plugin.data === null) return <Skeleton lines={5} />;
  return <ConnectForm plugin={plugin.data} progress={progress} onMade={onMade} onOther={onOther} />;
}

function ConnectForm({
  plugin,
  progress,
  onMade,
  onOther,
}: {
  readonly plugin: Plugin;
  readonly progress: Progress;
  readonly onMade: (made: Integration) => void;
  readonly onOther: () => void;
}): JSX.Element {
  const w = said(words);
  const { names } = progress;
  const saving = useSaving();
  const [service, setService] = useState(names.services.find((each) => each.policy !== null)?.id ?? "");
  const [name, setName] = useState(w.serviceName);
  const [config, setConfig] = useState<Readonly<Record<string, unknown>>>({});
  // Only what the source cannot do without: the rest is on the integration's own page.
  const required = plugin.config.required ?? [];
  const needed = Object.fromEntries(Object.entries(plugin.config.properties ?? {}).filter(([field]) => required.includes(field)));
  async function save(): Promise<void> {
    const taken = new Set(names.integrations.map((each) => each.id));
    let id = plugin.id;
    for (let n = 2; taken.has(id); n++) id = `${plugin.id}-${n}`;
    let made: Integration | null = null;
    await saving.save(null, async () => {
      const about = await ensureService(progress, service, name);
      // Asked once more after a refusal: the service that was made stays, and is the one.
      setService(about);
      made = await call("createIntegration", { body: { id, name: plugin.name, source: plugin.id, service: about, config } });
    });
    if (made !== null) onMade(made);
    refreshSetUp();
  }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div class="spread">
        <h3>{plugin.name}</h3>
        <Button size="small" tone="quiet" onClick={onOther}>
          {w.other}
        </Button>
      </div>
      {names.services.length > 0 && (
        <SelectField
          label={w.about}
          hint={w.aboutHint}
          wrong={saving.wrongAt("service")}
          value={service}
          onChange={setService}
          choices={[...names.services.map((each) => ({ value: each.id, text: each.name })), { value: "", text: w.aboutNew }]}
        />
      )}
      {service === "" && <TextField label={w.about} hint={w.aboutHint} value={name} required onInput={setName} />}
      {required.length > 0 && (
        <SchemaFields
          schema={{ ...plugin.config, properties: needed }}
          value={config}
          onChange={setConfig}
          wrongAt={(field) => saving.wrongAt(`config.${field}`)}
        />
      )}
      <Conflict saving={saving} onTheirs={saving.clear} onMine={() => void save()} />
      <div class="guide-go">
        <Button type="submit" tone="go" busy={saving.busy}>
          {w.connect}
        </Button>
      </div>
    </form>
  );
}

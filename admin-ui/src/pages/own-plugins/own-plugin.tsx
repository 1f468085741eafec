// Owns one own plugin's page: its versions and who uploaded them, which is in use, the way back, the switch, who uses it, a try.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { Moment } from "../../design/marks.tsx";
import { Missing } from "../../design/missing.tsx";
import { Remove } from "../../design/remove.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, Problem, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import type { OwnPlugin, OwnVersion } from "../../lib/own-plugins-shapes.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { tell } from "../../lib/toast.ts";
import type { PageProps } from "../../pages.ts";
import "../integrations/integrations.css";
import { exampleCode, exampleFixtures } from "./example.ts";
import { Report } from "./report.tsx";
import { Try } from "./try.tsx";
import { Upload } from "./upload.tsx";
import { words } from "./words.ts";

export default function OwnPluginPage({ params }: PageProps): JSX.Element {
  const id = params["plugin"] ?? "";
  return id === "-" ? <New /> : <Known key={id} id={id} />;
}

function New(): JSX.Element {
  const w = said(words);
  const [, go] = useLocation();
  const base = `/t/${tenant.value}/own-plugins`;
  return (
    <>
      <div class="page-head">
        <h1>{w.make}</h1>
      </div>
      <Upload
        id={null}
        code={exampleCode}
        fixtures={exampleFixtures}
        language="typescript"
        onDone={(id) => go(`${base}/${id}`)}
        onCancel={() => go(base)}
      />
    </>
  );
}

function Known({ id }: { readonly id: string }): JSX.Element {
  const w = said(words);
  const [, go] = useLocation();
  const read = useRead(`own-plugins/${id}`, () => call("getOwnPlugin", { id }));
  const [asked, setAsked] = useState<number | "off" | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [open, setOpen] = useState<"new" | number | null>(null);
  if (read.error !== null && (read.data === null || read.error.status === 404))
    return <Missing what="plugin" id={id} problem={read.error} onAgain={() => refresh("own-plugins")} />;
  if (read.data === null) return <Skeleton lines={5} />;
  const plugin = read.data;
  const newest = plugin.versions[0]?.version ?? 1;
  async function change(work: () => Promise<unknown>, done: string): Promise<void> {
    setProblem(null);
    try {
      await work();
      tell(done);
      setAsked(null);
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, String(error)));
    }
    refresh("own-plugins");
  }
  const use = (version: number): Promise<void> =>
    change(() => call("activateOwnPlugin", { id, body: { version } }), w.used(version));
  const turn = (off: boolean): Promise<void> =>
    change(() => call("changeOwnPlugin", { id, body: { off } }), off ? w.offNow : w.onNow);
  const remove = async (): Promise<void> => {
    await change(async () => {
      await call("deleteOwnPlugin", { id });
      go(`/t/${tenant.value}/own-plugins`);
    }, w.removed);
  };
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{plugin.name}</h1>
          <p class="soft small">
            <code>{plugin.id}</code> · {plugin.off ? w.off : plugin.active === null ? w.noneInUse : w.inUse(plugin.active)}
          </p>
        </div>
        <div class="row">
          <Button onClick={plugin.off ? () => turn(false) : () => setAsked("off")}>
            {plugin.off ? w.switchOn : w.switchOff}
          </Button>
          <Button icon="plus" tone="go" onClick={() => setOpen(open === "new" ? null : "new")}>
            {w.newVersion}
          </Button>
        </div>
      </div>
      {problem !== null && asked === null && <Trouble problem={problem} />}
      {open === "new" && <Next id={id} version={newest} onClose={() => setOpen(null)} />}
      <div class="stack">
        <section class="stack-s">
          <h2>{w.versions}</h2>
          <ul class="card lines">
            {plugin.versions.map((each) => (
              <Version
                key={each.version}
                id={id}
                version={each}
                open={open === each.version}
                onOpen={() => setOpen(open === each.version ? null : each.version)}
                onUse={() => setAsked(each.version)}
              />
            ))}
          </ul>
        </section>
        <Try id={id} version={plugin.active ?? newest} />
        <Uses plugin={plugin} />
        <div>
          <Remove name={plugin.name} why={w.removeWhy} problem={problem} onRemove={remove} />
        </div>
      </div>
      {asked !== null && (
        <Dialog title={asked === "off" ? w.offTitle : w.useTitle(asked)} onClose={() => setAsked(null)}>
          <p>{asked === "off" ? w.offText : w.useText}</p>
          {problem !== null && <Trouble problem={problem} />}
          <div class="actions">
            <Button onClick={() => setAsked(null)}>{w.keep}</Button>
            <Button tone={asked === "off" ? "bad" : "go"} onClick={() => (asked === "off" ? turn(true) : use(asked))}>
              {asked === "off" ? w.switchOff : w.use}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** A new version begins with the newest one's text. */
function Next({
  id,
  version,
  onClose,
}: {
  readonly id: string;
  readonly version: number;
  readonly onClose: () => void;
}): JSX.Element {
  const text = useRead(`own-plugins/${id}/versions/${version}`, () =>
    call("getOwnPluginVersion", { id, version: String(version) }),
  );
  if (text.data === null) return text.error !== null ? <Trouble problem={text.error} /> : <Skeleton lines={4} />;
  const { code, language, fixtures, pairs } = text.data;
  return (
    <Upload
      id={id}
      code={code}
      language={language}
      fixtures={JSON.stringify({ fixtures, pairs }, null, 2)}
      onDone={onClose}
      onCancel={onClose}
    />
  );
}

function Version({
  id,
  version,
  open,
  onOpen,
  onUse,
}: {
  readonly id: string;
  readonly version: OwnVersion;
  readonly open: boolean;
  readonly onOpen: () => void;
  readonly onUse: () => void;
}): JSX.Element {
  const w = said(words);
  const { person } = useDirectory();
  return (
    <li>
      <div class="grow">
        <strong>{w.version(version.version)}</strong> {version.active && <span class="badge go">{w.active}</span>}
        <p class="soft small">
          {person(version.by)} <Moment at={version.at} as="ago" /> · <code title={version.hash}>{version.hash.slice(0, 12)}</code>
        </p>
        {version.note !== "" && <p>{version.note}</p>}
      </div>
      <div class="row">
        <Button size="small" onClick={onOpen}>
          {w.show}
        </Button>
        {!version.active && (
          <Button size="small" onClick={onUse}>
            {w.use}
          </Button>
        )}
      </div>
      {open && <Text id={id} version={version.version} />}
    </li>
  );
}

function Text({ id, version }: { readonly id: string; readonly version: number }): JSX.Element {
  const text = useRead(`own-plugins/${id}/versions/${version}`, () =>
    call("getOwnPluginVersion", { id, version: String(version) }),
  );
  if (text.data === null) return text.error !== null ? <Trouble problem={text.error} /> : <Skeleton lines={3} />;
  return (
    <div class="stack-s" style={{ flexBasis: "100%", minWidth: 0 }}>
      <Report report={text.data.report} />
      <pre class="raw" tabIndex={0}>
        {text.data.code}
      </pre>
    </div>
  );
}

function Uses({ plugin }: { readonly plugin: OwnPlugin }): JSX.Element {
  const w = said(words);
  const base = `/t/${tenant.value}/integrations`;
  return (
    <section class="card padded stack-s">
      <h2>{w.integrations}</h2>
      {plugin.usedBy.length === 0 ? (
        <>
          <p class="soft">{w.noIntegrations}</p>
          <div>
            <Link class="button" href={`${base}/add`}>
              {w.addIntegration}
            </Link>
          </div>
        </>
      ) : (
        <ul class="row">
          {plugin.usedBy.map((each) => (
            <li key={each}>
              <Link href={`${base}/${each}`}>{each}</Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

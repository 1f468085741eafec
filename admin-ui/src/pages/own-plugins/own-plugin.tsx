// Owns one own plugin's page: its versions and who uploaded them, which is in use, the way back, the switch, who uses it, a try.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Button } from "../../design/button.tsx";
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
import { Difference } from "./difference.tsx";
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
  const [later, setLater] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [open, setOpen] = useState<"new" | number | null>(null);
  if (read.error !== null && (read.data === null || read.error.status === 404))
    return <Missing what="plugin" id={id} problem={read.error} onAgain={() => refresh("own-plugins")} />;
  if (read.data === null) return <Skeleton lines={5} />;
  const plugin = read.data;
  const newest = plugin.versions[0]?.version ?? 1;
  /** `undo`: the way back, offered while the message stands. */
  async function change(
    work: () => Promise<{ readonly detail?: string } | null>,
    done: string,
    undo?: () => unknown,
  ): Promise<void> {
    setProblem(null);
    try {
      const answer = await work();
      setLater(answer?.detail !== undefined);
      tell(done, undo === undefined ? {} : { action: { label: w.undo, run: () => void undo() }, forMs: 15_000 });
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, String(error)));
    }
    refresh("own-plugins");
  }
  const before = plugin.active;
  const use = (version: number, undo: number | null = before): Promise<void> =>
    change(
      () => call("activateOwnPlugin", { id, body: { version } }),
      w.used(version),
      undo === null ? undefined : () => use(undo, null),
    );
  const turn = (off: boolean, way: "there" | "back" = "there"): Promise<void> =>
    change(
      () => call("changeOwnPlugin", { id, body: { off } }),
      off ? w.offNow : w.onNow,
      way === "back" ? undefined : () => turn(!off, "back"),
    );
  const remove = async (): Promise<void> => {
    await change(async () => {
      await call("deleteOwnPlugin", { id });
      go(`/t/${tenant.value}/own-plugins`);
      return null;
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
          <Button onClick={() => turn(!plugin.off)}>{plugin.off ? w.switchOn : w.switchOff}</Button>
          <Button icon="plus" tone="go" onClick={() => setOpen(open === "new" ? null : "new")}>
            {w.newVersion}
          </Button>
        </div>
      </div>
      {problem !== null && <Trouble problem={problem} />}
      {later && (
        <p class="note" role="status">
          {w.notYet}
        </p>
      )}
      {plugin.off && <p class="note">{w.offText}</p>}
      {open === "new" && <Next id={id} version={newest} active={plugin.active} onClose={() => setOpen(null)} />}
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
                onUse={() => use(each.version)}
                active={plugin.active}
              />
            ))}
          </ul>
        </section>
        <Try id={id} version={plugin.active ?? newest} usedBy={plugin.usedBy} />
        <Uses plugin={plugin} />
        <div>
          {plugin.usedBy.length === 0 ? (
            <Remove name={plugin.name} why={w.removeWhy} problem={problem} onRemove={remove} />
          ) : (
            <p class="soft small">{w.removeNot}</p>
          )}
        </div>
      </div>
    </>
  );
}

/** A new version begins with the newest one's text. */
function Next({
  id,
  version,
  active,
  onClose,
}: {
  readonly id: string;
  readonly version: number;
  readonly active: number | null;
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
      active={active}
      fixtures={JSON.stringify({ fixtures, pairs }, null, 2)}
      onDone={onClose}
      onCancel={onClose}
    />
  );
}

function Version({
  id,
  version,
  active,
  open,
  onOpen,
  onUse,
}: {
  readonly id: string;
  readonly version: OwnVersion;
  readonly active: number | null;
  readonly open: boolean;
  readonly onOpen: () => void;
  readonly onUse: () => unknown;
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
        {version.restsUntil !== null ? (
          <p class="wrong">
            {w.rests} <Moment at={version.restsUntil} />
          </p>
        ) : (
          version.broken > 0 && <p class="wrong">{w.broke(version.broken)}</p>
        )}
      </div>
      <div class="row">
        <Button size="small" onClick={onOpen}>
          {w.show}
        </Button>
        {(!version.active || version.restsUntil !== null) && (
          <Button size="small" onClick={onUse}>
            {version.active ? w.again : w.use}
          </Button>
        )}
      </div>
      {open && <Text id={id} version={version.version} active={active} />}
    </li>
  );
}

function Text({
  id,
  version,
  active,
}: {
  readonly id: string;
  readonly version: number;
  readonly active: number | null;
}): JSX.Element {
  const w = said(words);
  const text = useRead(`own-plugins/${id}/versions/${version}`, () =>
    call("getOwnPluginVersion", { id, version: String(version) }),
  );
  if (text.data === null) return text.error !== null ? <Trouble problem={text.error} /> : <Skeleton lines={3} />;
  return (
    <div class="stack-s" style={{ flexBasis: "100%", minWidth: 0 }}>
      {active !== null && active !== version && (
        <>
          <h3>{w.differs(active)}</h3>
          <Difference id={id} from={active} text={text.data.code} />
        </>
      )}
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

// Owns one integration's page: where it leads, its settings, a test, a new key, the sender's set-up text.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Moment } from "../../design/marks.tsx";
import { Missing } from "../../design/missing.tsx";
import { Skeleton } from "../../design/states.tsx";
import { Withheld } from "../../design/withheld.tsx";
import { call, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { lazy } from "../../lib/lazy.tsx";
import { said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { allowed } from "../../lib/session.ts";
import type { Integration, Plugin } from "../../lib/setup-shapes.ts";
import type { PageProps } from "../../pages.ts";
import { Back } from "./back.tsx";
import { Remove, revokeOld, Rotate, SendTest } from "./dialogs.tsx";
import type { EditIntegration as Edit } from "./edit.tsx";
import { Leads } from "./leads.tsx";
import "./integrations.css";
import { Sections } from "./sections.tsx";
import { SetUp } from "./set-up.tsx";
import { words } from "./words.ts";

/** Nobody who only reads waits for it. */
const EditIntegration = lazy<Parameters<typeof Edit>[0]>(async () => {
  const { EditIntegration: Form } = await import("./edit.tsx");
  return { default: Form };
});

export default function IntegrationPage({ params }: PageProps): JSX.Element {
  const w = said(words);
  const [, go] = useLocation();
  const id = params["integration"] ?? "";
  const read = useRead(`integrations/${id}`, () => call("getIntegration", { id }));
  const source = read.data?.source ?? "";
  const plugin = useRead(`plugins/source/${source}`, async () =>
    source === "" ? null : call("getPlugin", { kind: "source", plugin: source }),
  );
  const [asked, setAsked] = useState<"test" | "rotate" | "remove" | null>(null);
  if (read.error !== null && (read.data === null || read.error.status === 404))
    return <Missing what="integration" id={id} problem={read.error} onAgain={() => refresh("integrations")} />;
  if (read.data === null) return <Skeleton lines={5} />;
  const integration = read.data;
  const close = (): void => setAsked(null);
  return (
    <>
      <div class="page-head">
        <h1>{integration.name ?? integration.id}</h1>
        <div class="row">
          <Link class="button" href={`/t/${tenant.value}/simulator?integration=${id}`}>
            {w.simulate}
          </Link>
          {allowed("rotateIntegration") && (
            <Button icon="key" onClick={() => setAsked("rotate")}>
              {w.rotate}
            </Button>
          )}
          {allowed("sendTestAlert") && (
            <Button icon="send" tone="go" onClick={() => setAsked("test")}>
              {w.test}
            </Button>
          )}
        </div>
      </div>
      <Withheld by="replaceIntegration" />
      <Sections
        integration={integration}
        about={() => <About integration={integration} plugin={plugin.data} onRemove={() => setAsked("remove")} />}
      />
      {asked === "test" && <SendTest integration={integration} onClose={close} />}
      {asked === "rotate" && <Rotate integration={integration} onClose={close} />}
      {asked === "remove" && (
        <Remove integration={integration} onClose={close} onDone={() => go(`/t/${tenant.value}/integrations`)} />
      )}
    </>
  );
}

function About({
  integration,
  plugin,
  onRemove,
}: {
  readonly integration: Integration;
  readonly plugin: Plugin | null;
  readonly onRemove: () => void;
}): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const mayChange = allowed("replaceIntegration");
  return (
    <div class="beside">
      <div class="stack">
        <section class="card padded stack">
          <dl class="facts">
            <dt>{w.state}</dt>
            <dd>
              <Leads integration={integration} names={names} />
            </dd>
            <dt>{w.source}</dt>
            <dd>{plugin?.name ?? integration.source}</dd>
            <dt>{w.service}</dt>
            <dd>{integration.service ? names.service(integration.service) : w.noService}</dd>
            {plugin !== null && <Back integration={integration} source={plugin.id} />}
            <dt>{w.secret}</dt>
            <dd>{integration.secret === undefined ? w.unsigned : w.signed}</dd>
            <Old what="key" label={w.oldKey} until={integration.meta.oldKeyUntil} id={integration.id} />
            <Old what="secret" label={w.oldSecret} until={integration.meta.oldSecretUntil} id={integration.id} />
          </dl>
          {!mayChange && Object.keys(integration.config ?? {}).length > 0 && (
            <pre class="raw" tabIndex={0}>
              {JSON.stringify(integration.config, null, 2)}
            </pre>
          )}
          {mayChange && (
            <div>
              <Button tone="bad" size="small" icon="trash" onClick={onRemove}>
                {w.remove}
              </Button>
            </div>
          )}
        </section>
        {mayChange && plugin !== null && <EditIntegration key={integration.id} id={integration.id} plugin={plugin} />}
      </div>
      {plugin !== null && <SetUp plugin={plugin} />}
    </div>
  );
}

/** What a rotation left in force for a while, and the way to end it. */
function Old({
  what,
  label,
  until,
  id,
}: {
  readonly what: "key" | "secret";
  readonly label: string;
  readonly until: string | undefined;
  readonly id: string;
}): JSX.Element | null {
  const w = said(words);
  const names = useDirectory();
  if (until === undefined || Date.parse(until) < Date.now()) return null;
  return (
    <>
      <dt>{label}</dt>
      <dd class="row">
        <Moment at={until} zone={names.timeZone} />
        {allowed("revokeOldKeys") && (
          <Button size="small" onClick={() => revokeOld(id, what)}>
            {w.revoke}
          </Button>
        )}
      </dd>
    </>
  );
}

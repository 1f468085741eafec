// Owns the list of integrations: what may raise an alarm, and where it leads.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Icon } from "../../design/icon.tsx";
import { More } from "../../design/listing.tsx";
import { Moment } from "../../design/marks.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { Withheld } from "../../design/withheld.tsx";
import { call, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { pageMax, usePaged } from "../../lib/paging.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { allowed } from "../../lib/session.ts";
import type { Integration } from "../../lib/setup-shapes.ts";
import type { PageProps } from "../../pages.ts";
import { SendTest } from "./dialogs.tsx";
import { Leads } from "./leads.tsx";
import "./integrations.css";
import { words } from "./words.ts";

export default function Integrations(_: PageProps): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const integrations = usePaged("integrations", (cursor) => call("listIntegrations", { query: { limit: pageMax, cursor } }));
  const plugins = useRead("plugins?source", () => call("listPlugins", { query: { kind: "source" } }));
  const [testing, setTesting] = useState<Integration | null>(null);
  const base = `/t/${tenant.value}/integrations`;
  const sourceName = (id: string): string =>
    plugins.data?.items.find((each) => each.id === id || each.aliases?.includes(id))?.name ?? id;
  const add = allowed("createIntegration") && (
    <Link class="button go" href={`${base}/add`}>
      <Icon name="plus" size={18} />
      {w.add}
    </Link>
  );
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{w.title}</h1>
          <p class="soft">{w.lead}</p>
        </div>
        <div class="row">
          {allowed("listOwnPlugins") && (
            <Link class="button" href={`/t/${tenant.value}/own-plugins`}>
              {w.own}
            </Link>
          )}
          {integrations.data?.items.length !== 0 && add}
        </div>
      </div>
      <Withheld by="createIntegration" />
      {integrations.error !== null && <Trouble problem={integrations.error} onAgain={() => refresh("integrations")} />}
      {integrations.data === null && integrations.error === null && <Skeleton lines={4} />}
      {integrations.data?.items.length === 0 && (
        <Empty icon="plug" title={w.none}>
          <p>{w.noneHint}</p>
          {add}
        </Empty>
      )}
      {integrations.data !== null && integrations.data.items.length > 0 && (
        <ul class="card lines">
          {integrations.data.items.map((each) => (
            <li key={each.id}>
              <div class="grow">
                <Link class="line-title" href={`${base}/${each.id}`}>
                  {each.name ?? each.id}
                </Link>
                <p class="soft small">
                  {sourceName(each.source)}
                  {each.service !== undefined && each.service !== null && ` → ${names.service(each.service)}`}
                </p>
              </div>
              <div class="row">
                <Leads integration={each} names={names} />
                {each.meta.oldKeyUntil !== undefined && (
                  <span class="badge look">
                    {w.oldKey} <Moment at={each.meta.oldKeyUntil} />
                  </span>
                )}
                {allowed("sendTestAlert") && (
                  <Button size="small" icon="send" onClick={() => setTesting(each)}>
                    {w.test}
                  </Button>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      <More onMore={integrations.more} />
      {testing !== null && <SendTest integration={testing} onClose={() => setTesting(null)} />}
    </>
  );
}

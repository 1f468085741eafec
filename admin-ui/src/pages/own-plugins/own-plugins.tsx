// Owns the list of the tenant's own plugins, and what is said where there is none yet.

import type { JSX } from "preact";
import { Link } from "wouter-preact";
import { Icon } from "../../design/icon.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { call, tenant } from "../../lib/api.ts";
import { said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import type { PageProps } from "../../pages.ts";
import "../integrations/integrations.css";
import { exampleCode } from "./example.ts";
import "./own-plugins.css";
import { words } from "./words.ts";

export default function OwnPlugins(_: PageProps): JSX.Element {
  const w = said(words);
  const list = useRead("own-plugins", () => call("listOwnPlugins"));
  const base = `/t/${tenant.value}/own-plugins`;
  const make = (
    <Link class="button go" href={`${base}/-`}>
      <Icon name="plus" size={18} />
      {w.make}
    </Link>
  );
  const items = list.data?.items ?? [];
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{w.title}</h1>
          <p class="soft">{w.lead}</p>
        </div>
        {items.length > 0 && make}
      </div>
      {list.error !== null && <Trouble problem={list.error} onAgain={() => refresh("own-plugins")} />}
      {list.data === null && list.error === null && <Skeleton lines={3} />}
      {list.data !== null && list.data.unavailable !== null && (
        <p class="note">
          {w.noRuntime} {list.data.unavailable}
        </p>
      )}
      {list.data !== null && items.length === 0 && (
        <Empty icon="box" title={w.none}>
          <p>{w.noneWhy}</p>
          {make}
          <div class="example">
            <p class="soft small">{w.example}</p>
            <pre class="raw" tabIndex={0}>
              {exampleCode}
            </pre>
          </div>
        </Empty>
      )}
      {items.length > 0 && (
        <ul class="card lines">
          {items.map((each) => (
            <li key={each.id}>
              <div class="grow">
                <Link class="line-title" href={`${base}/${each.id}`}>
                  {each.name}
                </Link>
                <p class="soft small">
                  <code>{each.id}</code> · {w.usedBy(each.usedBy.length)}
                </p>
              </div>
              <div class="row">
                {each.off ? (
                  <span class="badge bad">{w.off}</span>
                ) : (
                  <span class={`badge ${each.active === null ? "look" : "go"}`}>
                    {each.active === null ? w.noneInUse : w.inUse(each.active)}
                  </span>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

// Owns saying whether what happens here goes back to an integration's sender, and by which connector.

import type { JSX } from "preact";
import { Link } from "wouter-preact";
import { call, tenant } from "../../lib/api.ts";
import { said } from "../../lib/messages.ts";
import { pageMax } from "../../lib/paging.ts";
import { useRead } from "../../lib/query.ts";
import { allowed } from "../../lib/session.ts";
import type { Integration } from "../../lib/setup-shapes.ts";
import { words } from "./words.ts";

/** `source`: the plugin's own id, not an alias. Nothing where no connector could answer such a sender. */
export function Back({
  integration,
  source,
}: {
  readonly integration: Integration;
  readonly source: string;
}): JSX.Element | null {
  const w = said(words);
  const plugins = useRead("plugins?connector", () => call("listPlugins", { query: { kind: "connector" } }));
  const connectors = useRead("connectors/back", () => call("listConnectors", { query: { limit: pageMax } }));
  const able = plugins.data?.items.filter((each) => each.writesBack?.includes(source)) ?? [];
  if (able.length === 0 || connectors.data === null) return null;
  const by = connectors.data.items.filter(
    (each) =>
      able.some(({ id }) => id === each.plugin) &&
      (each.integrations === undefined || each.integrations.includes(integration.id)),
  );
  const base = `/t/${tenant.value}/connectors`;
  return (
    <>
      <dt>{w.stateBack}</dt>
      <dd class="stack-s">
        {by.length === 0 && <span>{w.notBack}</span>}
        {by.map(({ id }) => (
          <Link key={id} href={`${base}/${id}`}>
            {w.backBy(id)}
          </Link>
        ))}
        {by.length === 0 &&
          allowed("createConnector") &&
          able.map(({ id, name }) => (
            <Link key={id} class="small" href={`${base}/add?plugin=${id}`}>
              {w.addBack(name)}
            </Link>
          ))}
      </dd>
    </>
  );
}

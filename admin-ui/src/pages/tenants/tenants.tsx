// Owns the hub owner's choice of a tenant, and making one: a hub without any begins there.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Icon } from "../../design/icon.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call } from "../../lib/api.ts";
import { kept } from "../../lib/kept.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { session } from "../../lib/session.ts";
import type { PageProps } from "../../pages.ts";
import { words as startWords } from "../start/words.ts";
import { NewTenant } from "./new-tenant.tsx";

const words = catalogue({
  en: {
    title: "Tenants",
    first: "Your first tenant",
    byDocument: "Or apply a document that describes it",
  },
  es: {
    title: "Organizaciones",
    first: "Tu primera organización",
    byDocument: "O aplica un documento que la describa",
  },
});

export default function Tenants(_: PageProps): JSX.Element {
  const [location, go] = useLocation();
  const tenants = useRead("tenants", () => call("listTenants"));
  const items = tenants.data?.items;
  const [making, setMaking] = useState(false);
  const w = said(words);
  const guide = said(startWords);
  const mayMake = session.value?.tenant === null;
  useEffect(() => {
    document.title = "Tocsin";
    // One tenant is no choice, and whoever comes back goes on where they were.
    const last = items?.find((each) => each.id === kept("tenant")) ?? (items?.length === 1 ? items[0] : undefined);
    if (last !== undefined && location !== "/tenants/all") go(`/t/${last.id}`, { replace: true });
  }, [items]);
  return (
    <div class="gate">
      <main>
        <h1>{items?.length === 0 ? w.first : making ? guide.newTenant : w.title}</h1>
        {tenants.error !== null && <Trouble problem={tenants.error} onAgain={() => refresh("tenants")} />}
        {items === undefined && tenants.error === null && <Skeleton />}
        {items !== undefined && (making || items.length === 0) && mayMake && (
          <NewTenant onCancel={items.length === 0 ? null : () => setMaking(false)} />
        )}
        {items?.length === 0 && mayMake && (
          <details class="small">
            <summary>{w.byDocument}</summary>
            <pre class="raw">
              curl -X PUT -H "Authorization: Bearer $TOKEN" --data-binary @team.yaml {window.location.origin}
              /api/v1/tenants/acme/config
            </pre>
          </details>
        )}
        {items !== undefined && items.length > 0 && !making && (
          <ul class="card">
            {items.map((each) => (
              <li key={each.id} style={{ borderBottom: "1px solid var(--line)" }}>
                <Link class="spread" style={{ padding: "1rem", textDecoration: "none" }} href={`/t/${each.id}`}>
                  <strong>{each.name}</strong>
                  <Icon name="right" size={16} />
                </Link>
              </li>
            ))}
          </ul>
        )}
        {items !== undefined && items.length > 0 && !making && mayMake && (
          <Button icon="plus" onClick={() => setMaking(true)}>
            {guide.newTenant}
          </Button>
        )}
      </main>
    </div>
  );
}

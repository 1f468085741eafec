// Owns the hub owner's choice of a tenant.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Icon } from "../../design/icon.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { call } from "../../lib/api.ts";
import { kept } from "../../lib/kept.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import type { PageProps } from "../../pages.ts";

const words = catalogue({
  en: {
    title: "Tenants",
    none: "No tenant yet",
    how: "A tenant is one organization: its people, schedules, policies and alerts. Apply a document and it is there:",
  },
  es: {
    title: "Organizaciones",
    none: "Todavía no hay ninguna organización",
    how: "Una organización reúne a sus personas, turnos, políticas y alertas. Aplica un documento y existe:",
  },
});

export default function Tenants(_: PageProps): JSX.Element {
  const [location, go] = useLocation();
  const tenants = useRead("tenants", () => call("listTenants"));
  const items = tenants.data?.items;
  useEffect(() => {
    document.title = "Tocsin";
    // One tenant is no choice, and whoever comes back goes on where they were.
    const last = items?.find((each) => each.id === kept("tenant")) ?? (items?.length === 1 ? items[0] : undefined);
    if (last !== undefined && location !== "/tenants/all") go(`/t/${last.id}`, { replace: true });
  }, [items]);
  return (
    <div class="gate">
      <main>
        <h1>{said(words).title}</h1>
        {tenants.error !== null && <Trouble problem={tenants.error} onAgain={() => refresh("tenants")} />}
        {items === undefined && tenants.error === null && <Skeleton />}
        {items?.length === 0 && (
          <Empty icon="home" title={said(words).none}>
            <p>{said(words).how}</p>
            <pre class="raw">
              curl -X PUT -H "Authorization: Bearer $TOKEN" --data-binary @team.yaml {window.location.origin}
              /api/v1/tenants/acme/config
            </pre>
          </Empty>
        )}
        <ul class="card">
          {items?.map((each) => (
            <li key={each.id} style={{ borderBottom: "1px solid var(--line)" }}>
              <Link class="spread" style={{ padding: "1rem", textDecoration: "none" }} href={`/t/${each.id}`}>
                <strong>{each.name}</strong>
                <Icon name="right" size={16} />
              </Link>
            </li>
          ))}
        </ul>
      </main>
    </div>
  );
}

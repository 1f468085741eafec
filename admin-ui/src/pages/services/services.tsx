// Owns the list of services: what alerts are about, whose it is, and which policy pages for it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Icon } from "../../design/icon.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { call, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { may } from "../../lib/session.ts";
import type { PageProps } from "../../pages.ts";
import { Search } from "./search.tsx";
import { ServiceDialog } from "./service-dialog.tsx";

const words = catalogue({
  en: {
    title: "Services",
    make: "New service",
    none: "No service yet",
    noneWhy: "A service is what alerts are about. It says whose it is, and which policy pages for it.",
    nothing: (q: string) => `No service is called “${q}”.`,
    find: "Find a service",
    noPolicy: "No policy: its incidents go to the fallback",
    low: "low urgency",
    hours: "urgency by hours",
  },
  es: {
    title: "Servicios",
    make: "Nuevo servicio",
    none: "Aún no hay servicios",
    noneWhy: "Un servicio es aquello de lo que hablan las alertas. Dice de quién es y qué política avisa por él.",
    nothing: (q: string) => `Ningún servicio se llama «${q}».`,
    find: "Buscar un servicio",
    noPolicy: "Sin política: sus incidencias van a la reserva",
    low: "urgencia baja",
    hours: "urgencia según la hora",
  },
});

export default function Services({ params }: PageProps): JSX.Element {
  const w = said(words);
  const [, go] = useLocation();
  const { team, policy } = useDirectory();
  const [q, setQ] = useState("");
  const list = useRead(`services?q=${q}`, () => call("listServices", { query: { limit: 200, q: q === "" ? undefined : q } }));
  const home = `/t/${tenant.value}/services`;
  const opened = params["service"] ?? null;
  const items = list.data?.items ?? [];
  const make = (
    <Link class="button go" href={`${home}/-`}>
      <Icon name="plus" size={18} />
      {w.make}
    </Link>
  );
  return (
    <>
      <div class="page-head">
        <h1>{w.title}</h1>
        {may("manager") && make}
      </div>
      <Search label={w.find} value={q} onInput={setQ} />
      {list.error !== null && <Trouble problem={list.error} onAgain={() => refresh("services")} />}
      {list.data === null && list.error === null && <Skeleton lines={5} />}
      {list.data !== null && items.length === 0 && q !== "" && <p class="soft">{w.nothing(q)}</p>}
      {list.data !== null && items.length === 0 && q === "" && (
        <div class="card">
          <Empty icon="box" title={w.none}>
            <p>{w.noneWhy}</p>
            {may("manager") && make}
          </Empty>
        </div>
      )}
      {items.length > 0 && (
        <ul class="card rows">
          {items.map((service) => (
            <li key={service.id}>
              <Link class="go-there" href={`${home}/${service.id}`}>
                <span class="grow">
                  <strong>{service.name ?? service.id}</strong>
                  <br />
                  <span class="soft small">
                    {[
                      service.team === undefined ? null : team(service.team),
                      service.policy === undefined ? null : policy(service.policy),
                    ]
                      .filter((each) => each !== null)
                      .join(" · ")}
                  </span>
                </span>
                {service.policy === undefined && <span class="badge look">{w.noPolicy}</span>}
                {service.urgency !== "high" && <span class="badge">{service.urgency === "low" ? w.low : w.hours}</span>}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {opened !== null && <ServiceDialog key={opened} id={opened} onClose={() => go(home)} />}
    </>
  );
}

// Owns the list of services: what alerts are about, whose it is, and which policy pages for it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Listing, MakeLink } from "../../design/listing.tsx";
import { PagesNobody } from "../../design/reach.tsx";
import { call, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { pageMax, usePaged } from "../../lib/paging.ts";
import { useRead } from "../../lib/query.ts";
import type { PageProps } from "../../pages.ts";
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
  const list = usePaged(`services?q=${q}`, (cursor) => call("listServices", { query: { limit: pageMax, q, cursor } }));
  const oncall = useRead("oncall/policies", () => call("getOncall"), { everyMs: 60_000 });
  const mute = (id: string): boolean =>
    oncall.data?.policies.some((each) => each.policy === id && each.users.length === 0 && !each.depends) ?? false;
  const home = `/t/${tenant.value}/services`;
  const opened = params["service"] ?? null;
  return (
    <>
      <Listing
        title={w.title}
        topic="services"
        list={list}
        make={<MakeLink href={`${home}/-`}>{w.make}</MakeLink>}
        by="createService"
        find={{ label: w.find, value: q, onInput: setQ, nothing: w.nothing(q) }}
        empty={{ icon: "box", title: w.none, text: w.noneWhy }}
      >
        {(service) => (
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
            {service.policy !== undefined && mute(service.policy) && <PagesNobody />}
            {service.policy === undefined && <span class="badge look">{w.noPolicy}</span>}
            {service.urgency !== "high" && <span class="badge">{service.urgency === "low" ? w.low : w.hours}</span>}
          </Link>
        )}
      </Listing>
      {opened !== null && <ServiceDialog key={opened} id={opened} onClose={() => go(home)} />}
    </>
  );
}

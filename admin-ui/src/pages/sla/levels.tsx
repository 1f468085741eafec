// Owns the list of service levels: what is promised, for what, in which hours.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { durationText } from "../../design/duration.tsx";
import { Listing, MakeLink } from "../../design/listing.tsx";
import { call, tenant } from "../../lib/api.ts";
import type { SlaWords } from "../../lib/board-shapes.ts";
import { useDirectory, type Directory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { pageMax, usePaged } from "../../lib/paging.ts";
import type { PageProps } from "../../pages.ts";
import { LevelDialog } from "./level-dialog.tsx";
import { words } from "./level-words.ts";

export default function ServiceLevels({ params }: PageProps): JSX.Element {
  const w = said(words);
  const [, go] = useLocation();
  const d = useDirectory();
  const [q, setQ] = useState("");
  const list = usePaged(`slas?q=${q}`, (cursor) => call("listSlas", { query: { limit: pageMax, q, cursor } }));
  const home = `/t/${tenant.value}/service-levels`;
  const opened = params["sla"] ?? null;
  return (
    <>
      <Listing
        title={w.title}
        lead={w.lead}
        topic="slas"
        list={list}
        make={<MakeLink href={`${home}/-`}>{w.make}</MakeLink>}
        by="createSla"
        find={{ label: w.find, value: q, onInput: setQ, nothing: w.nothing(q) }}
        empty={{ icon: "shield", title: w.none, text: w.noneWhy }}
      >
        {(sla) => (
          <Link class="go-there" href={`${home}/${sla.id}`}>
            <span class="grow">
              <strong>{sla.name ?? sla.id}</strong>
              <br />
              <span class="soft small">
                {promiseOf(sla, d)}
                {sla.when !== "true" && (
                  <>
                    {" · "}
                    <code>{sla.when}</code>
                  </>
                )}
              </span>
            </span>
          </Link>
        )}
      </Listing>
      <p class="soft small">
        <Link href={`/t/${tenant.value}/business-hours`}>{w.hoursLink}</Link>
        {" · "}
        <Link href={`/t/${tenant.value}/sla`}>{w.boardLink}</Link>
      </p>
      {opened !== null && <LevelDialog key={opened} id={opened} onClose={() => go(home)} />}
    </>
  );
}

/** "Answered within 15 min, resolved within 4 h, in Madrid office" */
function promiseOf(sla: SlaWords, d: Directory): string {
  const w = said(words);
  const hours = d.businessHours.find(({ id }) => id === sla.hours)?.name ?? sla.hours;
  const parts = [
    sla.respondWithin === undefined ? null : w.answered(durationText(sla.respondWithin)),
    sla.resolveWithin === undefined ? null : w.resolved(durationText(sla.resolveWithin)),
    sla.hours === "always" ? null : w.inHours(hours),
  ];
  const text = parts.filter((each) => each !== null).join(", ");
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

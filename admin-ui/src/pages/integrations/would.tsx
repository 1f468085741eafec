// Owns an alert that a body would become, as a person reads it: what it says, how bad it is, where it would go if that is known.

import type { JSX } from "preact";
import { Moment } from "../../design/marks.tsx";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import type { WouldBe } from "../../lib/own-plugins-shapes.ts";
import { Action } from "./received-marks.tsx";
import "./received.css";
import { words } from "./received-words.ts";

export function Would({ alert }: { readonly alert: WouldBe }): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const labels = Object.entries(alert.labels);
  const { routed } = alert;
  return (
    <article class="would">
      <div class="row">
        <Action action={alert.test ? "test" : alert.action} />
        <span class="small soft">
          {alert.severity}
          {routed !== undefined &&
            ` → ${routed.severity} · ${routed.service === null ? w.noService : names.service(routed.service)}`}
          {routed === undefined && alert.sourceAt !== null && (
            <>
              {" · "}
              <Moment at={alert.sourceAt} />
            </>
          )}
        </span>
      </div>
      <h3>{alert.title}</h3>
      {alert.body !== "" && <p class="small">{alert.body.slice(0, 400)}</p>}
      <p class="small soft">
        {w.key}: <code>{alert.dedupKey}</code>
      </p>
      {labels.length > 0 && (
        <p class="tagged">
          {labels.map(([name, value]) => (
            <span key={name}>
              {name}: {value}
            </span>
          ))}
        </p>
      )}
      {alert.links.length > 0 && (
        <p class="row small">
          {alert.links.map((link) => (
            <a key={link.href} href={link.href} rel="noopener noreferrer nofollow" target="_blank">
              {link.text}
            </a>
          ))}
        </p>
      )}
      {alert.notes?.map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
    </article>
  );
}

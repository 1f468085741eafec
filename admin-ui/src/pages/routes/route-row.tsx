// Owns one route in the list: in plain words, with what a trial made of it, and its fields while it is edited.

import type { ComponentChildren, JSX } from "preact";
import { Button } from "../../design/button.tsx";
import { Icon } from "../../design/icon.tsx";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import type { RouteWords } from "../../lib/shapes-routes.ts";
import { conditionWords, effectsOf } from "./plain-words.ts";
import { words } from "./route-words.ts";
import type { Verdict } from "./trial.ts";

const marks = { matched: "check", passed: "cross", failed: "warn", after: "more" } as const;
const tones = { matched: "go", passed: "", failed: "bad", after: "" } as const;

export function RouteRow({
  route,
  place,
  verdict,
  mayEdit,
  onEdit,
  children,
}: {
  readonly route: RouteWords;
  readonly place: number;
  /** Null: nothing is being tried. */
  readonly verdict: Verdict | null;
  readonly mayEdit: boolean;
  readonly onEdit: () => void;
  /** Its fields; null: it is read. */
  readonly children: ComponentChildren | null;
}): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const spoken = conditionWords(route.when, w, names);
  return (
    <div class={`route ${verdict === null ? "" : `is-${verdict.kind}`}`}>
      <div class="route-head">
        <div class="grow stack-s">
          <p class="route-id">
            <span class="num">{place}</span>
            <b>{route.id}</b>
            {verdict !== null && (
              <span class={`badge ${tones[verdict.kind]}`}>
                <Icon name={marks[verdict.kind]} size={13} />
                {w.verdicts[verdict.kind]}
              </span>
            )}
          </p>
          <p class="route-when">
            {w.when} {spoken === null ? <code title={route.when}>{route.when}</code> : <span title={route.when}>{spoken}</span>}
          </p>
          <ul class="row effects">
            {effectsOf(route, w, names).map((each) => (
              <li key={each.key} class={`badge ${each.tone}`}>
                {each.text}
              </li>
            ))}
            {route.continue && <li class="soft small">{w.goesOn}</li>}
          </ul>
          {verdict !== null && verdict.kind !== "after" && verdict.kind !== "matched" && (
            <p class="soft small why">{verdict.why}</p>
          )}
        </div>
        {mayEdit && children === null && <Button size="small" icon="pen" label={`${w.edit}: ${route.id}`} onClick={onEdit} />}
      </div>
      {children}
    </div>
  );
}

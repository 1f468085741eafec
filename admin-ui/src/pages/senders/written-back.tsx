// Owns the form of a connector that writes back: what it tells the sender of, and which senders.

import type { JSX } from "preact";
import { call } from "../../lib/api.ts";
import { said } from "../../lib/messages.ts";
import type { Edited } from "../../lib/object.ts";
import { pageMax } from "../../lib/paging.ts";
import { useRead } from "../../lib/query.ts";
import type { Sender } from "./kind.ts";
import { words } from "./words.ts";

const told = ["acknowledged", "unacknowledged", "resolved", "reopened", "note"];
/** What such a connector hears of where nothing is said. */
const usual = ["acknowledged", "unacknowledged", "resolved"];

export function WrittenBack({
  object,
  draft,
  sources,
}: {
  readonly object: Edited<Sender>;
  readonly draft: Sender;
  readonly sources: readonly string[];
}): JSX.Element {
  const w = said(words);
  const { set, saving } = object;
  const on = draft.on === undefined || draft.on.length === 0 ? usual : draft.on;
  return (
    <>
      <fieldset class="stack-s">
        <legend class="fields-label">{w.writesBack}</legend>
        <p class="soft small">{w.writesBackWhy}</p>
        <div class="ticks">
          {told.map((event) => (
            <label key={event} class="tick">
              <input
                type="checkbox"
                checked={on.includes("*") || on.includes(event)}
                disabled={on.includes("*") || (on.length === 1 && on.includes(event))}
                onChange={(change) => set("on", withOr(on, event, change.currentTarget.checked))}
              />
              {w.events[event]}
            </label>
          ))}
        </div>
        {saving.wrongAt("on") !== null && <p class="wrong">{saving.wrongAt("on")}</p>}
      </fieldset>
      <Integrations object={object} draft={draft} sources={sources} />
    </>
  );
}

function Integrations({
  object,
  draft,
  sources,
}: {
  readonly object: Edited<Sender>;
  readonly draft: Sender;
  readonly sources: readonly string[];
}): JSX.Element {
  const w = said(words);
  const { set, saving } = object;
  const all = useRead("integrations/of-sources", () => call("listIntegrations", { query: { limit: pageMax } }));
  const plugins = useRead("plugins?source", () => call("listPlugins", { query: { kind: "source" } }));
  const idOf = (source: string): string =>
    plugins.data?.items.find((each) => each.id === source || each.aliases?.includes(source))?.id ?? source;
  const offered = all.data?.items.filter((each) => sources.includes(idOf(each.source))) ?? [];
  const named = draft.integrations ?? [];
  const wrong = [saving.wrongAt("integrations"), ...named.map((_, i) => saving.wrongAt(`integrations[${i}]`))].find(
    (each) => each !== null,
  );
  // One that is named and gone must be seen, or nobody could take it out.
  const missing = named.filter((id) => all.data !== null && !offered.some((each) => each.id === id));
  return (
    <fieldset class="stack-s">
      <legend class="fields-label">{w.answers}</legend>
      {all.data !== null && offered.length === 0 && missing.length === 0 && <p class="note">{w.answersNone}</p>}
      {offered.length + missing.length > 0 && (
        <label class="tick">
          <input type="checkbox" checked={named.length === 0} onChange={() => set("integrations", [])} />
          <strong>{w.answersAll}</strong>
        </label>
      )}
      <div class="ticks">
        {[...offered.map(({ id, name }) => ({ id, name: name ?? id })), ...missing.map((id) => ({ id, name: id }))].map(
          ({ id, name }) => (
            <label key={id} class="tick">
              <input
                type="checkbox"
                checked={named.includes(id)}
                onChange={(change) => set("integrations", withOr(named, id, change.currentTarget.checked))}
              />
              {name}
            </label>
          ),
        )}
      </div>
      {wrong !== undefined && <p class="wrong">{wrong}</p>}
    </fieldset>
  );
}

function withOr(list: readonly string[], one: string, there: boolean): readonly string[] {
  return there ? [...list, one] : list.filter((each) => each !== one);
}

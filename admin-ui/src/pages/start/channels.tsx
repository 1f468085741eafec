// Owns the choice of a way by which pages reach somebody: what this tenant can send by, each with what it needs to know.

import type { JSX } from "preact";
import { TextField } from "../../design/field.tsx";
import { Icon, type IconName } from "../../design/icon.tsx";
import { call } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { slugOf } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import { useRead } from "../../lib/query.ts";
import type { NotifierFacts } from "../../lib/setup-shapes.ts";
import { words } from "./words.ts";

export interface Channel {
  /** The notifier's id. */
  readonly id: string;
  readonly plugin: string;
  readonly title: string;
  readonly hint: string;
  readonly icon: IconName;
  /** What stands in the contact's `to`; null: nothing to ask. */
  readonly label: string | null;
  readonly example: string;
  readonly proposed: (of: { readonly name: string; readonly email: string }) => string;
}

/** The ways that need a provider first: whoever set one up wants it; the simulated phone is always there. */
export function useChannels(): readonly Channel[] {
  const w = said(words);
  const { notifiers } = useDirectory();
  const plugins = useRead("plugins?notifier", () => call("listPlugins", { query: { kind: "notifier" } }));
  const facts = (plugins.data?.items ?? []) as readonly NotifierFacts[];
  // Push begins on the device itself, signed in there: a contact alone reaches nobody.
  const channels = notifiers
    .filter(({ plugin }) => plugin !== "web-push")
    .map(({ id, plugin }): Channel => {
      const known = facts.find((each) => each.id === plugin);
      if (plugin === "inbox")
        return {
          id,
          plugin,
          title: w.inbox,
          hint: w.inboxHint,
          icon: "phone",
          label: null,
          example: "",
          proposed: ({ name }) => name,
        };
      return {
        id,
        plugin,
        title: w.via(known?.name ?? plugin, id),
        hint: known?.description ?? "",
        icon: "send",
        label: known?.target?.label ?? id,
        example: known?.target?.example ?? "",
        proposed: ({ email }) => (known?.channel === "email" ? email : ""),
      };
    });
  return channels.toSorted((a, b) => Number(a.plugin === "inbox") - Number(b.plugin === "inbox"));
}

export function freshContactId(channel: Channel, present: readonly { readonly id: string }[]): string {
  const wanted = channel.plugin === "inbox" ? "phone" : slugOf(channel.id);
  let id = wanted;
  for (let n = 2; present.some((each) => each.id === id); n++) id = `${wanted}-${n}`;
  return id;
}

export function Channels({
  channels,
  chosen,
  to,
  wrong,
  onChoose,
  onTo,
}: {
  readonly channels: readonly Channel[];
  readonly chosen: Channel | null;
  readonly to: string;
  readonly wrong: string | null;
  readonly onChoose: (channel: Channel) => void;
  readonly onTo: (to: string) => void;
}): JSX.Element {
  const w = said(words);
  return (
    <fieldset class="stack-s">
      <legend class="fields-label">{w.reach}</legend>
      <div class="choices">
        {channels.map((each) => (
          <label key={each.id} class="choice">
            <input type="radio" name="channel" checked={each.id === chosen?.id} onChange={() => onChoose(each)} />
            <Icon name={each.icon} size={22} />
            <span class="grow">
              <strong>{each.title}</strong>
              <span class="soft small">{each.hint}</span>
            </span>
          </label>
        ))}
      </div>
      {chosen !== null && chosen.label !== null && (
        <TextField label={chosen.label} value={to} required placeholder={chosen.example} wrong={wrong} onInput={onTo} />
      )}
      {chosen?.label === null && wrong !== null && <p class="wrong">{wrong}</p>}
    </fieldset>
  );
}

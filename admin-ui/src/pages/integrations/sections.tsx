// Owns the tabs of an integration's page: its set-up, what it received, and, without code, its mapping. Which one is open stands in
// the address.

import type { JSX } from "preact";
import { useSearchParams } from "wouter-preact";
import { Tabs } from "../../design/tabs.tsx";
import { said } from "../../lib/messages.ts";
import { allowed } from "../../lib/session.ts";
import type { Integration } from "../../lib/setup-shapes.ts";
import { Mapping } from "./mapping.tsx";
import { Received } from "./received.tsx";
import { words } from "./received-words.ts";

export function Sections({
  integration,
  about,
}: {
  readonly integration: Integration;
  readonly about: () => JSX.Element;
}): JSX.Element {
  const w = said(words);
  const [query, setQuery] = useSearchParams();
  const open = (tab: string): void => setQuery(tab === "about" ? {} : { tab }, { replace: true });
  const mapped = integration.source === "custom" && allowed("previewIntegration") && allowed("replaceIntegration");
  return (
    <Tabs
      label={w.sections}
      open={query.get("tab") ?? "about"}
      onOpen={open}
      tabs={[
        { id: "about", title: w.about, render: about },
        {
          id: "received",
          title: w.received,
          render: () => <Received integration={integration.id} mayReplay={allowed("replayReceived")} />,
        },
        ...(mapped
          ? [
              {
                id: "mapping",
                title: w.mapping,
                render: () => (
                  <Mapping key={integration.meta.etag} integration={integration} onUnreadable={() => open("received")} />
                ),
              },
            ]
          : []),
      ]}
    />
  );
}

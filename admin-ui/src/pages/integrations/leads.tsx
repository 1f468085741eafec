// Owns saying whom an integration's alerts reach when no route says otherwise.

import type { JSX } from "preact";
import type { Directory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import type { Integration } from "../../lib/setup-shapes.ts";
import { words } from "./words.ts";

export function Leads({ integration, names }: { readonly integration: Integration; readonly names: Directory }): JSX.Element {
  const w = said(words);
  const policy = names.services.find((each) => each.id === integration.service)?.policy ?? null;
  return (
    <span class={`badge ${policy === null ? "look" : "go"}`}>
      <span class={`dot ${policy === null ? "hollow" : ""}`} />
      {policy === null ? w.byRoutes : w.pagesBy(names.policy(policy))}
    </span>
  );
}

// Owns the text that says how a sender is set up, with the integration's own address and key in it while they are known.

import type { JSX } from "preact";
import { Markdown } from "../../design/markdown.tsx";
import { said } from "../../lib/messages.ts";
import type { Issued, Plugin } from "../../lib/setup-shapes.ts";
import { words } from "./words.ts";

export function SetUp({ plugin, issued }: { readonly plugin: Plugin; readonly issued?: Issued | undefined }): JSX.Element {
  const w = said(words);
  const values =
    issued?.url === undefined
      ? {}
      : {
          "https://tocsin.example.com/v1/ingest/KEY": issued.url,
          "https://tocsin.example.com": new URL(issued.url).origin,
          "tocsin.example.com": new URL(issued.url).host,
          "INTEGRATION-KEY": issued.key,
        };
  return (
    <section class="card" aria-labelledby="setup">
      <header>
        <h2 id="setup">{w.setup}</h2>
        <a class="small" href={plugin.docs} target="_blank" rel="noreferrer">
          {w.docs}
        </a>
      </header>
      <div class="body">
        <Markdown text={plugin.readme} values={values} />
      </div>
    </section>
  );
}

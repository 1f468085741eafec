// Owns /api/docs: the contract as one readable page, no script, nothing fetched.

import { contract, type Endpoint } from "./contract.ts";

export function docsPage(): string {
  const rows = (Object.entries(contract) as [string, Endpoint][]).map(([name, each]) => {
    const answers = Object.entries(each.answers)
      .map(([status, what]) => `<li><b>${status}</b> ${escape(what)}</li>`)
      .join("");
    return `<section id="${name}"><h2><span class="m">${each.method.toUpperCase()}</span> <code>${escape(each.path)}</code></h2><p>${escape(each.summary)} <i>(${each.may})</i></p><ul>${answers}</ul></section>`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tocsin API</title><style>
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:52rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.6rem}h2{font-size:1rem;margin:1.8rem 0 .2rem;overflow-wrap:anywhere}
.m{display:inline-block;min-width:3.2rem;font-weight:700}p,ul{margin:.2rem 0 .2rem 3.6rem;padding-left:0}ul{list-style:none;opacity:.8;font-size:.9rem}code{font-size:.95em}</style></head><body>
<h1>Tocsin API</h1><p style="margin-left:0">Send <code>Authorization: Bearer TOKEN</code>. Errors are problem documents (RFC 9457). Times are RFC 3339 UTC. Lists are <code>{items, next}</code>: pass <code>next</code> back as <code>cursor</code>. Machine-readable: <a href="/api/openapi.json">openapi.json</a>, <a href="/api/v1/schema/tenant.json">tenant document schema</a>.</p>
${rows.join("\n")}</body></html>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

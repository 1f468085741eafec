// Owns the ways out of a change: to where it was made, opened safely.

import type { JSX } from "preact";
import type { Change } from "../../lib/changes-shapes.ts";

/** Only what a browser opens safely. */
function safe({ links }: Change): Change["links"] {
  return links.filter(({ href }) => /^https?:\/\//i.test(href));
}

export function ChangeLinks({ change }: { readonly change: Change }): JSX.Element | null {
  const links = safe(change);
  if (links.length === 0) return null;
  return (
    <span class="change-links">
      {links.map(({ href, text }) => (
        <a key={href} class="row cut" href={href} target="_blank" rel="noopener noreferrer nofollow">
          {text || href}
          <span aria-hidden="true">↗</span>
        </a>
      ))}
    </span>
  );
}

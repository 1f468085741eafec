// Owns the phone's "More": every page of the navigation, in parts.

import type { JSX } from "preact";
import { Link } from "wouter-preact";
import { Dialog } from "../design/dialog.tsx";
import { Icon } from "../design/icon.tsx";
import { catalogue, language, said } from "../lib/messages.ts";
import { offered, session } from "../lib/session.ts";
import { navParts, pages } from "../pages.ts";
import type { OverlayProps } from "./overlay.ts";

const words = catalogue({
  en: { title: "All pages", tenants: "Change tenant" },
  es: { title: "Todas las páginas", tenants: "Cambiar de organización" },
});

export default function More({ onClose, base }: OverlayProps): JSX.Element {
  return (
    <Dialog title={said(words).title} onClose={onClose}>
      <nav class="stack" aria-label={said(words).title}>
        {navParts.map((part) => (
          <div key={part.id} class="more-part">
            {part.id !== "work" && <h3>{part.title[language.value]}</h3>}
            {pages
              .filter((page) => page.nav?.part === part.id && offered(page))
              .map((page) => (
                <Link key={page.id} class="row" style={{ minHeight: "48px" }} href={base + page.path} onClick={onClose}>
                  <Icon name={page.nav?.icon ?? "file"} />
                  {page.title[language.value]}
                </Link>
              ))}
          </div>
        ))}
        <div>
          <Link class="row" style={{ minHeight: "48px" }} href={`${base}/account`} onClick={onClose}>
            <Icon name="user" />
            {session.value?.name ?? ""}
          </Link>
          {session.value?.tenant === null && (
            <Link class="row" style={{ minHeight: "48px" }} href="/tenants/all" onClick={onClose}>
              <Icon name="home" />
              {said(words).tenants}
            </Link>
          )}
        </div>
      </nav>
    </Dialog>
  );
}

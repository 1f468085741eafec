// Owns the command palette (Ctrl-K): every page by name, incidents by title.

import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { Dialog } from "../design/dialog.tsx";
import { Icon, type IconName } from "../design/icon.tsx";
import { call } from "../lib/api.ts";
import { catalogue, language, said } from "../lib/messages.ts";
import { offered, session } from "../lib/session.ts";
import { pages } from "../pages.ts";
import type { OverlayProps } from "./overlay.ts";

const words = catalogue({
  en: {
    tenants: "Tenants",
    title: "Find or do",
    hint: "A page, or an incident's title",
    none: "Nothing fits. Try a part of an incident's title.",
    incident: "Incident",
  },
  es: {
    tenants: "Organizaciones",
    title: "Buscar o hacer",
    hint: "Una página, o el título de una incidencia",
    none: "Nada encaja. Prueba con parte del título de una incidencia.",
    incident: "Incidencia",
  },
});

interface Found {
  readonly key: string;
  readonly icon: IconName;
  readonly text: string;
  readonly hint: string;
  readonly href: string;
}

function fold(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

/** The hub's owner goes to another tenant, or makes one. */
function tenantsFor(text: string): readonly Found[] {
  if (session.value?.tenant !== null || !fold("tenants organizaciones new nueva").includes(fold(text))) return [];
  return [{ key: "tenants", icon: "home", text: said(words).tenants, hint: "", href: "/tenants/all" }];
}

export default function Palette({ onClose, base }: OverlayProps): JSX.Element {
  const [, go] = useLocation();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [incidents, setIncidents] = useState<readonly Found[]>([]);
  const places = useMemo(
    () =>
      pages
        .filter((page) => offered(page) && !page.path.includes(":"))
        .filter((page) => fold(`${page.title.en} ${page.title.es} ${page.also ?? ""}`).includes(fold(text)))
        .map((page): Found => ({
          key: page.id,
          icon: page.nav?.icon ?? "user",
          text: page.title[language.value],
          hint: "",
          href: base + page.path,
        }))
        .concat(tenantsFor(text)),
    [text],
  );
  useEffect(() => {
    setAt(0);
    if (text.trim().length < 2) return setIncidents([]);
    const stop = new AbortController();
    const timer = setTimeout(() => {
      call("listIncidents", { query: { q: text.trim(), limit: 6 }, signal: stop.signal }).then(
        ({ items }) =>
          setIncidents(
            items.map((each) => ({
              key: each.id,
              icon: "bell",
              text: each.title,
              hint: said(words).incident,
              href: `${base}/incidents/${each.id}`,
            })),
          ),
        () => setIncidents([]),
      );
    }, 150);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text]);
  const found = [...places, ...incidents];
  function choose(item: Found | undefined): void {
    if (item === undefined) return;
    onClose();
    go(item.href);
  }
  function move(by: number): void {
    if (found.length > 0) setAt((at + by + found.length) % found.length);
  }
  return (
    <Dialog title={said(words).title} onClose={onClose} wide>
      <div class="palette">
        <input
          class="input"
          type="text"
          role="combobox"
          autofocus
          aria-label={said(words).title}
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found.length > 0 ? `palette-${at}` : undefined}
          placeholder={said(words).hint}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown" || event.key === "ArrowUp") event.preventDefault();
            if (event.key === "ArrowDown") move(1);
            if (event.key === "ArrowUp") move(-1);
            if (event.key === "Enter") choose(found[at]);
          }}
        />
        <ul role="listbox" id="palette-list" aria-label={said(words).title}>
          {found.map((item, i) => (
            <li
              key={item.key}
              id={`palette-${i}`}
              role="option"
              aria-selected={i === at}
              onMouseMove={() => setAt(i)}
              onClick={() => choose(item)}
            >
              <Icon name={item.icon} size={18} />
              <span class="cut">{item.text}</span>
              <span class="hint">{item.hint}</span>
            </li>
          ))}
        </ul>
        {found.length === 0 && (
          <p class="soft" style={{ padding: "0 1.5rem 1.5rem" }}>
            {said(words).none}
          </p>
        )}
      </div>
    </Dialog>
  );
}

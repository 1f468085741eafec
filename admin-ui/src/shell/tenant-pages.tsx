// Owns the frame around a tenant's pages: navigation, the present page, its title, the palette and the help of the keyboard.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Link, Route, Switch, useLocation } from "wouter-preact";
import { Icon } from "../design/icon.tsx";
import { Empty } from "../design/states.tsx";
import { NotForYou } from "../design/withheld.tsx";
import { call, reachable, tenant as present } from "../lib/api.ts";
import { useKeys } from "../lib/keys.ts";
import { lazy } from "../lib/lazy.tsx";
import { lookOn } from "../lib/live.ts";
import { catalogue, language, said } from "../lib/messages.ts";
import { useDirectory, useUnknownTenant } from "../lib/directory.ts";
import { keep, kept } from "../lib/kept.ts";
import { asOf } from "../lib/offline/as-of.ts";
import { useRead } from "../lib/query.ts";
import { offered, opens, session } from "../lib/session.ts";
import { clock } from "../lib/time.ts";
import { firstPage, navParts, pages, type NavPart, type PageEntry } from "../pages.ts";

const Palette = lazy(() => import("./palette.tsx"));
const Help = lazy(() => import("./help.tsx"));
const More = lazy(() => import("./more.tsx"));

const words = catalogue({
  en: {
    skip: "Skip to content",
    main: "Main",
    find: "Find or do…",
    help: "Keyboard",
    more: "More",
    account: "Your account",
    tenant: "Tenant",
    offline: "No connection to the hub. Paging goes on without this page.",
    asOf: (at: string) => `No connection. This is what was known at ${at}.`,
    missing: "There is no such page",
    noTenant: (id: string) => `There is no tenant “${id}”`,
    noTenantWhy: "It may have been deleted, or you may not enter it.",
    tenants: "All tenants",
    back: "Back to the start",
  },
  es: {
    skip: "Ir al contenido",
    main: "Principal",
    find: "Buscar o hacer…",
    help: "Teclado",
    more: "Más",
    account: "Tu cuenta",
    tenant: "Organización",
    offline: "Sin conexión con el hub. Los avisos siguen sin esta página.",
    asOf: (at: string) => `Sin conexión. Esto se sabía a las ${at}.`,
    missing: "No existe esa página",
    noTenant: (id: string) => `No hay ninguna organización «${id}»`,
    noTenantWhy: "Puede que se haya eliminado, o que no puedas entrar en ella.",
    tenants: "Todas las organizaciones",
    back: "Volver al inicio",
  },
});

/** One lazy component a page, made once. */
const shown = pages.map((page) => ({ page, Body: lazy(page.load) }));

export function TenantPages({ tenant }: { readonly tenant: string }): JSX.Element {
  const own = session.value?.tenant ?? null;
  return own !== null && own !== tenant ? <NoTenant tenant={tenant} /> : <Inside tenant={tenant} />;
}

/** Without navigation: there is nothing of it to go to. */
function NoTenant({ tenant }: { readonly tenant: string }): JSX.Element {
  const own = session.value?.tenant ?? null;
  return (
    <main class="page nowhere">
      <Empty whole icon="search" title={said(words).noTenant(tenant)}>
        <p>{said(words).noTenantWhy}</p>
        <Link class="button" href={own === null ? "/tenants/all" : `/t/${own}`}>
          {own === null ? said(words).tenants : said(words).back}
        </Link>
      </Empty>
    </main>
  );
}

function Inside({ tenant }: { readonly tenant: string }): JSX.Element {
  // Before anything below reads: every question is asked of this tenant.
  if (present.peek() !== tenant) present.value = tenant;
  const base = `/t/${tenant}`;
  const [location, go] = useLocation();
  const [open, setOpen] = useState<"palette" | "help" | "more" | null>(null);
  const close = useMemo(() => ({ params: {}, onClose: () => setOpen(null), base }), [base]);
  useKeys([
    { key: "mod+k", does: said(words).find, run: () => setOpen("palette"), always: true },
    { key: "?", does: said(words).help, run: () => setOpen("help") },
  ]);
  const unknown = useUnknownTenant();
  useEffect(() => (unknown ? undefined : keep("tenant", tenant)), [tenant, unknown]);
  useEffect(() => (unknown ? undefined : lookOn(tenant)), [tenant, unknown]);
  useEffect(() => setOpen(null), [location]);
  useEffect(() => {
    if (location === base || location === `${base}/`) go(base + firstPage(session.value?.role), { replace: true });
  }, [location]);
  if (unknown) return <NoTenant tenant={tenant} />;
  return (
    <div class="shell">
      <a
        class="skip"
        href="#content"
        onClick={(event) => (event.preventDefault(), document.querySelector<HTMLElement>("#content")?.focus())}
      >
        {said(words).skip}
      </a>
      {(!reachable.value || asOf.value !== null) && (
        <p class="offline" role="status">
          {asOf.value === null ? said(words).offline : said(words).asOf(clock(asOf.value).slice(0, 5))}
        </p>
      )}
      <Top base={base} tenant={tenant} />
      <Rail base={base} tenant={tenant} onFind={() => setOpen("palette")} />
      <main class="page" id="content" tabIndex={-1}>
        <Switch>
          {shown.map(({ page, Body }) => (
            <Route key={page.id} path={base + page.path}>
              {(params: Readonly<Record<string, string | undefined>>) => (
                <Titled page={page}>
                  {opens(page, params as Readonly<Record<string, string>>) ? (
                    <Body key={`${tenant}/${page.id}`} params={params as Readonly<Record<string, string>>} />
                  ) : (
                    <NotForYou by={page.asks} title={page.title[language.value]} />
                  )}
                </Titled>
              )}
            </Route>
          ))}
          <Route>
            {location !== base && location !== `${base}/` && (
              <Empty whole icon="search" title={said(words).missing}>
                <Link class="button" href={base + firstPage(session.value?.role)}>
                  {said(words).back}
                </Link>
              </Empty>
            )}
          </Route>
        </Switch>
      </main>
      <Bar base={base} onMore={() => setOpen("more")} />
      {open === "palette" && <Palette {...close} />}
      {open === "help" && <Help {...close} />}
      {open === "more" && <More {...close} />}
    </div>
  );
}

function Titled({ page, children }: { readonly page: PageEntry; readonly children: JSX.Element }): JSX.Element {
  const title = page.title[language.value];
  useEffect(() => {
    document.title = `${title} · Tocsin`;
  }, [title]);
  return children;
}

/** The page a place in the navigation stands for is the present one, or what is reached from it is. */
function isAt(location: string, target: string): boolean {
  return location === target || location.startsWith(`${target}/`);
}

function Rail({
  base,
  tenant,
  onFind,
}: {
  readonly base: string;
  readonly tenant: string;
  readonly onFind: () => void;
}): JSX.Element {
  const [location] = useLocation();
  return (
    <header class="rail">
      <Brand base={base} />
      <TenantChoice tenant={tenant} />
      <button type="button" class="find" onClick={onFind}>
        <Icon name="search" size={16} />
        <span class="cut">{said(words).find}</span>
        <kbd>{/Mac|iP(hone|ad)/.test(navigator.userAgent) ? "⌘" : "Ctrl"} K</kbd>
      </button>
      <nav aria-label={said(words).main}>
        {navParts.map((part) => (
          <Part
            key={part.id}
            id={part.id}
            title={part.title[language.value]}
            inside={pages.filter((page) => page.nav?.part === part.id && offered(page))}
            base={base}
            location={location}
          />
        ))}
      </nav>
      <div class="foot">
        <Link class="place" href={`${base}/account`} aria-current={isAt(location, `${base}/account`) ? "page" : undefined}>
          <Icon name="user" size={18} />
          <span class="cut">{session.value?.name ?? said(words).account}</span>
        </Link>
      </div>
    </header>
  );
}

/** Which parts this browser's person has opened. */
const opened = signal(new Set((kept("nav") ?? "").split(" ")));

function unfold(id: NavPart, open: boolean): void {
  const next = new Set(opened.value);
  if (open) next.add(id);
  else next.delete(id);
  opened.value = next;
  keep("nav", [...next].join(" "));
}

function Part({
  id,
  title,
  inside,
  base,
  location,
}: {
  readonly id: NavPart;
  readonly title: string;
  readonly inside: readonly PageEntry[];
  readonly base: string;
  readonly location: string;
}): JSX.Element | null {
  if (inside.length === 0) return null;
  const places = inside.map((page) => (
    <Link
      key={page.id}
      class="place"
      href={base + page.path}
      aria-current={isAt(location, base + page.path) ? "page" : undefined}
    >
      <Icon name={page.nav?.icon ?? "file"} size={18} />
      {page.title[language.value]}
    </Link>
  ));
  if (id === "work") return <div class="places">{places}</div>;
  const isHere = inside.some((page) => isAt(location, base + page.path));
  return (
    <details
      class="part"
      open={isHere || opened.value.has(id)}
      onToggle={(event) => !isHere && event.currentTarget.open !== opened.value.has(id) && unfold(id, event.currentTarget.open)}
    >
      <summary>
        {title}
        <Icon name="down" size={14} />
      </summary>
      <div class="places">{places}</div>
    </details>
  );
}

function Brand({ base }: { readonly base: string }): JSX.Element {
  return (
    <Link class="brand" href={base + firstPage(session.value?.role)}>
      <img src="/icon.svg" alt="" width={26} height={26} />
      Tocsin
    </Link>
  );
}

/** The hub's owner goes from tenant to tenant; everybody else has one. */
function TenantChoice({ tenant }: { readonly tenant: string }): JSX.Element {
  const [, go] = useLocation();
  const { name } = useDirectory();
  const tenants = useRead("tenants", () => call("listTenants"));
  const items = session.value?.tenant === null ? (tenants.data?.items ?? []) : [];
  if (items.length < 2)
    return (
      <p class="cut" style={{ padding: "0 .5rem", fontWeight: 560 }}>
        {name === "" ? tenant : name}
      </p>
    );
  return (
    <div class="tenant-choice">
      <select
        class="input"
        aria-label={said(words).tenant}
        value={tenant}
        onChange={(event) => go(`/t/${event.currentTarget.value}`)}
      >
        {items.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </select>
    </div>
  );
}

function Top({ base, tenant }: { readonly base: string; readonly tenant: string }): JSX.Element {
  const { name } = useDirectory();
  return (
    <header class="top">
      <Brand base={base} />
      <span class="tenant cut">{name === "" ? tenant : name}</span>
    </header>
  );
}

function Bar({ base, onMore }: { readonly base: string; readonly onMore: () => void }): JSX.Element {
  const [location] = useLocation();
  const inBar = pages.filter((page) => page.nav?.bar && offered(page)).slice(0, 4);
  const elsewhere = inBar.every((page) => !isAt(location, base + page.path));
  return (
    <nav class="below" aria-label={said(words).main}>
      {inBar.map((page) => (
        <Link key={page.id} href={base + page.path} aria-current={isAt(location, base + page.path) ? "page" : undefined}>
          <Icon name={page.nav?.icon ?? "file"} size={22} />
          {page.title[language.value]}
        </Link>
      ))}
      <button type="button" onClick={onMore} aria-current={elsewhere ? "page" : undefined}>
        <Icon name="more" size={22} />
        {said(words).more}
      </button>
    </nav>
  );
}

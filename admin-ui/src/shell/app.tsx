// Owns which of the big states is shown: asking, signed out, choosing a tenant, or a tenant's pages.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Route, Router, Switch, useLocation } from "wouter-preact";
import { Toasts } from "../design/toasts.tsx";
import { Trouble } from "../design/states.tsx";
import { ending, Problem, signedOut, tenant } from "../lib/api.ts";
import { kept } from "../lib/kept.ts";
import { lazy } from "../lib/lazy.tsx";
import { leave, loadSession, session } from "../lib/session.ts";
import { TenantPages } from "./tenant-pages.tsx";

const SignIn = lazy(() => import("../pages/sign-in/sign-in.tsx"));
const Tenants = lazy(() => import("../pages/tenants/tenants.tsx"));

export function App(): JSX.Element {
  return (
    <Router>
      <Content />
      <Toasts />
    </Router>
  );
}

function Content(): JSX.Element {
  const [location, go] = useLocation();
  const who = session.value;
  useEffect(() => {
    if (signedOut.value && session.value) leave();
  }, [signedOut.value]);
  // Whoever is signed in has no business at the gate, but for a link that signs somebody else in.
  useEffect(() => {
    if (who && (location === "/" || (location === "/sign-in" && window.location.hash === "")))
      go(who.tenant === null ? (tenant.value === null ? "/tenants" : `/t/${tenant.value}`) : `/t/${who.tenant}`, {
        replace: true,
      });
  }, [who, location]);
  // Where the installed app starts: an address that fits whoever is signed in.
  useEffect(() => {
    if (!who || location !== "/mine") return;
    const to = who.tenant ?? tenant.value ?? kept("tenant");
    const wanted = new URLSearchParams(window.location.search).get("go");
    const place = wanted === "oncall" || wanted === "incidents" ? wanted : "mine";
    go(to === null ? "/tenants" : `/t/${to}/${place}`, { replace: true });
  }, [who, location]);
  // No page stays to ask or to hear anything.
  if (ending.value) return <div aria-busy="true" />;
  if (who === undefined) return <Waiting />;
  if (who === null || location === "/sign-in") return <SignIn params={{}} />;
  return (
    <Switch>
      <Route path="/t/:tenant/*?">{(params) => <TenantPages tenant={params["tenant"]} />}</Route>
      <Route>
        <Tenants params={{}} />
      </Route>
    </Switch>
  );
}

/** Quiet for a moment; then it says that the hub does not answer. */
function Waiting(): JSX.Element {
  const failed = useFailedStart();
  if (!failed) return <div aria-busy="true" />;
  return (
    <div class="gate">
      <main>
        <Trouble problem={new Problem(0, "")} onAgain={loadSession} />
      </main>
    </div>
  );
}

function useFailedStart(): boolean {
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setFailed(true), 4_000);
    return () => clearTimeout(timer);
  }, []);
  return failed;
}

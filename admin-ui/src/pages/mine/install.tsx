// Owns the offer to put the app on the home screen: where the browser has one, how to where it has none, why not on plain http.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { canInstall, install, isInstalled } from "../../lib/install.ts";
import { keep, kept } from "../../lib/kept.ts";
import { said } from "../../lib/messages.ts";
import { workersHere } from "../../lib/worker.ts";
import { words } from "./words.ts";

export function Install(): JSX.Element | null {
  const w = said(words);
  const [gone, setGone] = useState(kept("no-install") !== null);
  const phone = matchMedia("(max-width: 60rem)").matches;
  const apple = /iP(hone|ad|od)/.test(navigator.userAgent);
  if (gone || isInstalled() || !phone || (workersHere && !apple && !canInstall.value)) return null;
  function dismiss(): void {
    keep("no-install", "1");
    setGone(true);
  }
  return (
    <section class="card padded stack-s" aria-labelledby="install">
      <h2 id="install">{w.install}</h2>
      <p class="soft">{!workersHere ? w.installHttp : apple ? w.installIos : w.installText}</p>
      <div class="row">
        {canInstall.value && (
          <Button tone="go" onClick={install}>
            {w.installDo}
          </Button>
        )}
        <Button tone="quiet" onClick={dismiss}>
          {w.ok}
        </Button>
      </div>
    </section>
  );
}

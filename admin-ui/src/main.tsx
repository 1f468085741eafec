// Owns the start: the styles, who is signed in, then the pages.

import "./design/tokens.css";
import "./design/base.css";
import "./design/components.css";
import "./shell/shell.css";
import { render } from "preact";
import { App } from "./shell/app.tsx";
import "./lib/theme.ts";
import { loadSession } from "./lib/session.ts";
import "./lib/install.ts";
import { startSending } from "./lib/offline/waiting.ts";
import { startLooking } from "./lib/push/look.ts";
import { startWorker } from "./lib/worker.ts";

const root = document.querySelector("#app");
if (root === null) throw new Error("the page has no #app");
render(<App />, root);
// A hub out of reach is said by the app, with a way to try again.
void loadSession().catch(() => undefined);
startSending();
startLooking();
// Without it the pages work as they are; only not without a network.
void startWorker().catch(() => undefined);

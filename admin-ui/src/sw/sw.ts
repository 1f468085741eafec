// Owns the service worker's entry: which parts it has. Built into one file, /sw.js, by admin-ui/service-worker.ts.

import "./offline.ts";
import "./push.ts";
import "./unsent.ts";

// Owns the one page that the notifier tests send, and a hostile one.

import type { OutgoingPage } from "../../plugins/sdk/index.ts";

export const fixedNow = Date.UTC(2026, 10, 23, 3, 12, 5, 100);

export const page: OutgoingPage = {
  delivery: "dlv_01khc0ffee0123456789abcdefghjkmnpqrstvwxyz01234567",
  sentAt: Date.UTC(2026, 10, 23, 3, 12, 0, 412),
  tenant: { id: "acme", name: "Acme Ltd" },
  person: { id: "ana", name: "Ana Ruiz", timeZone: "Europe/Madrid" },
  contact: { id: "mine", to: "ana@acme.test" },
  incident: {
    id: "inc_01khc0ffee0123456789abcdefghjkmnpq",
    title: "Payments are down",
    body: "5xx above 20 %",
    severity: "P1",
    urgency: "high",
    status: "triggered",
    service: "payment-api",
    openedAt: Date.UTC(2026, 10, 23, 3, 11, 59, 0),
    runbook: "https://runbooks.acme.test/payment-api",
    labels: { cluster: "eu-1" },
  },
  reason: { policy: "payments-critical", step: 1, round: 1, via: "schedule sre", text: "on call for sre, step 1" },
  links: { respond: "https://tocsin.acme.test/r/token" },
};

/** What an alert's sender may put into every text it controls. */
export const hostile: OutgoingPage = {
  ...page,
  incident: {
    ...page.incident,
    title: `a\r\nBcc: eve@evil.test\r\n\r\n<script>alert(1)</script>\r\n.\r\nMAIL FROM:<eve@evil.test>\u0000\u202e${"é🔥".repeat(200)}`,
    body: `.\r\n.\r\nQUIT\r\n</pre><img src=x onerror=alert(1)>${"x".repeat(40_000)}`,
    service: "pay\r\nX-Evil: 1",
    labels: { "k\r\nX: 1": "<b>v</b>" },
  },
  reason: { ...page.reason, text: "because\r\nX-Evil: 2 <i>" },
};

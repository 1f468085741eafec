// Owns a tenant with enough in it to look at: people, policies, alerts through real source plugins, some answered, some not.

const document = `
tenant: acme
name: Acme Payments
timeZone: America/New_York
fallback: { notify: [ { user: eva } ] }
users:
  - { id: ana, name: Ana Ruiz, role: responder, timeZone: Europe/Madrid, contacts: [ { id: phone, via: inbox, to: Ana's phone } ] }
  - { id: bo, name: Bo Lindqvist, role: responder, timeZone: Europe/Stockholm, contacts: [ { id: phone, via: inbox, to: Bo's phone } ] }
  - { id: chidi, name: Chidi Okafor, role: responder, timeZone: Africa/Lagos, contacts: [ { id: phone, via: inbox } ] }
  - { id: eva, name: Eva Sørensen, role: admin, timeZone: Europe/Copenhagen, contacts: [ { id: phone, via: inbox } ] }
  - { id: mei, name: Mei Tanaka, role: stakeholder, timeZone: Asia/Tokyo, contacts: [] }
teams:
  - { id: payments, name: Payments, members: [ana, bo], managers: [eva] }
  - { id: platform, name: Platform, members: [chidi], managers: [eva] }
schedules:
  - id: sre
    timeZone: America/New_York
    layers:
      - { id: primary, start: 2026-01-05T09:00, rotation: { every: 1w }, users: [ana, bo] }
      - { id: nights, start: 2026-01-05T21:00, rotation: { every: 1d }, users: [chidi, ana], restrictions: [ { days: [MO, TU, WE, TH, FR], from: "21:00", to: "06:00" } ] }
policies:
  - id: critical
    name: Payments, critical
    steps:
      - { notify: [ { user: ana } ], escalateAfter: 8m }
      - { notify: [ { user: bo }, { user: chidi } ], escalateAfter: 10m }
      - { notify: [ { user: eva } ], escalateAfter: 10m }
    repeat: { times: 1 }
  - { id: calm, name: Platform, by day, steps: [ { notify: [ { team: platform } ], escalateAfter: 30m }, { notify: [ { user: eva } ], escalateAfter: 1h } ] }
services:
  - { id: payment-api, name: Payment API, team: payments, policy: critical, runbook: "https://runbooks.example.com/payment-api" }
  - { id: checkout, name: Checkout, team: payments, policy: critical }
  - { id: build, name: Build farm, team: platform, policy: calm }
integrations:
  - { id: am, source: prometheus, service: payment-api }
  - { id: shop, source: generic, service: checkout }
  - { id: ci, source: generic, service: build }
notifiers:
  - { id: ops-hook, plugin: webhook, config: { url: "https://ops.example.com/pages" }, secrets: { signingKey: { value: a-signing-key-for-the-eyes } } }
connectors:
  - { id: incident-log, plugin: webhook, on: [exhausted, coverage-gap], when: 'incident.severity == "P1"', config: { url: "https://ops.example.com/events" }, secrets: { signingKey: { value: a-signing-key-for-the-eyes } } }
businessHours:
  - { id: office, name: Madrid office, timeZone: Europe/Madrid, hours: [ { days: [MO, TU, WE, TH, FR], from: "09:00", to: "18:00" } ], holidays: [2026-12-08, 2026-12-25, 2027-01-01] }
slas:
  - { id: gold, name: Gold support, when: 'alert.severity == "critical"', respondWithin: 15m, resolveWithin: 4h, pauseIn: [snoozed], warn: [ { before: 5m, flag: at-risk, clock: respond }, { before: 30m, flag: at-risk, clock: resolve, policy: calm } ] }
  - { id: silver, name: "Silver, in office hours", when: 'alert.severity == "error"', respondWithin: 1h, resolveWithin: 8h, hours: office, pauseIn: [snoozed, acknowledged] }
routes:
  - { id: noise, when: 'alert.labels.level == "chatter"', suppress: true }
`.replace("name: Platform, by day", 'name: "Platform, by day"');

const ownPlugin = `import { alertOf, firstOf, isRecord, UnreadableError } from "tocsin/sdk";

export const plugin = {
  normalize({ payload }) {
    const door = isRecord(payload) ? firstOf(payload["door"]) : null;
    if (door === null) throw new UnreadableError("an event of a door names it");
    return [alertOf({ source: "acme-door", dedupKey: door, action: "trigger", severity: "error", title: "Door " + door + " is open" })];
  },
};
`;

function prometheus(labels, annotations) {
  const alert = {
    status: "firing",
    labels,
    annotations,
    startsAt: new Date().toISOString(),
    endsAt: "0001-01-01T00:00:00Z",
    generatorURL: "http://prometheus.example.com/graph",
    fingerprint: labels.alertname.toLowerCase(),
  };
  return {
    version: "4",
    receiver: "tocsin",
    status: "firing",
    groupKey: `{}:{alertname="${labels.alertname}"}`,
    externalURL: "http://alertmanager.example.com",
    truncatedAlerts: 0,
    groupLabels: {},
    commonLabels: labels,
    commonAnnotations: annotations,
    alerts: [alert],
  };
}

/** Applies the tenant and sends its alerts. @returns the incidents' ids by a short name, and how to send another. */
export async function fillHub(hub) {
  const applied = await hub.apply("acme", document);
  const urls = Object.fromEntries(applied.issued.map((each) => [each.id, each.url]));
  async function send(integration, body) {
    const response = await fetch(urls[integration], {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (response.status !== 202) throw new Error(`${integration} answered ${response.status}: ${await response.text()}`);
    return (await response.json()).results[0].incident;
  }
  const generic = (dedupKey, title, severity, labels = {}, body = "") => ({ dedupKey, title, severity, labels, body });
  const change = (minutes, more) => ({ change: { at: new Date(Date.now() - minutes * 60_000).toISOString(), ...more } });
  const link = (text) => [{ text, href: "https://ci.example.com/builds/4182" }];
  await send(
    "ci",
    change(12, {
      summary: "Deployed payment-api 2026.11.4 to production",
      service: "payment-api",
      labels: { environment: "production", actor: "chidi" },
      links: link("Build"),
    }),
  );
  await send(
    "ci",
    change(190, { summary: "Merged into main of acme/payments: Retry a declined card once (#812)", service: "payment-api" }),
  );
  await send("ci", change(3, { summary: "Flag voucher-stacking switched on", service: "checkout", links: link("Flag") }));
  const incidents = {
    build: await send("ci", generic("queue", "Build queue is 40 minutes long", "warning", { pool: "linux-large" })),
    chatter: await send("ci", generic("chat", "Pod restarted once", "info", { level: "chatter" })),
    disk: await send("ci", generic("disk", "Disk of build-07 is 91 % full", "info", { host: "build-07" })),
    cart: await send(
      "shop",
      generic(
        "cart",
        "Carts are lost when a voucher is used twice",
        "error",
        { region: "eu", version: "2026.11.3" },
        "Seen by support since 11:40. Eleven customers so far.",
      ),
    ),
    payments: await send(
      "am",
      prometheus(
        {
          alertname: "PaymentErrorRateHigh",
          service: "payment-api",
          cluster: "eu-1",
          severity: "critical",
          instance: "10.4.7.21:9102",
          job: "payment-api",
        },
        {
          summary: "Payment API: 12 % of requests fail",
          description:
            "The share of 5xx answers has been over 5 % for 5 minutes on eu-1.\nCard payments are affected, wallets are not.",
          runbook_url: "https://runbooks.example.com/payment-api",
        },
      ),
    ),
  };
  const at = (incident, what) => `/api/v1/tenants/acme/incidents/${incident}/${what}`;
  await hub.api("POST", at(incidents.cart, "ack"), { as: "bo" });
  await hub.api("POST", at(incidents.cart, "note"), {
    as: "bo",
    text: "Reproduced. The second voucher clears the cart before the price is checked.\nTurning vouchers off for now.",
  });
  await hub.api("POST", at(incidents.disk, "resolve"), { as: "chidi" });
  const uploaded = await hub.api("POST", "/api/v1/tenants/acme/own-plugins/acme-door/versions", {
    name: "Doors of Acme",
    language: "javascript",
    code: ownPlugin,
    fixtures: [{ name: "open", body: { door: "north" } }],
    note: "North and west wing",
    activate: true,
  });
  if (uploaded.status !== 201) throw new Error(JSON.stringify(uploaded.body));
  return {
    incidents,
    /** What stands for each parameter of a page's address; a page that brings a new one adds it here. */
    examples: {
      ":incident": incidents.payments,
      ":schedule": "sre",
      ":policy": "critical",
      ":service": "checkout",
      ":team": "payments",
      ":user": "ana",
      ":person": "ana",
      ":integration": "shop",
      ":notifier": "ops-hook",
      ":connector": "incident-log",
      ":sla": "gold",
      ":hours": "office",
      ":route": "noise",
      ":source": "prometheus",
      ":plugin": "acme-door",
    },
    send: (title, severity = "critical") => send("shop", generic(title, title, severity)),
  };
}

/** A page's address with its parameters filled in. */
export function addressOf(page, examples) {
  return `/t/acme${page.path.replaceAll(/:\w+/g, (name) => {
    if (examples[name] === undefined) throw new Error(`page ${page.id}: give an example of ${name} in ui-world.mjs`);
    return examples[name];
  })}`;
}

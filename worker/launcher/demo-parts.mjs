// Owns the demo's other sides: the sender, the automation client, the person with a browser, the receiver of a webhook.
// They use the hub from outside, by what its contract says, as anybody's would.

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const callLimitMs = 10_000;

/** The API as automation sees it. @param {string} origin @param {string} token */
export function apiClient(origin, token) {
  return {
    /** @param {string} method @param {string} path below /api/v1 @param {{ text: string, type: string }} [body] */
    async call(method, path, body) {
      const response = await fetch(`${origin}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": body.type }) },
        ...(body && { body: body.text }),
        signal: AbortSignal.timeout(callLimitMs),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 2_000)}`);
      return JSON.parse(text);
    },
  };
}

/** What Alertmanager's webhook receiver posts for one firing alert. @param {Date} startsAt */
export function alertmanagerBody(startsAt) {
  const labels = {
    alertname: "PaymentErrorRateHigh",
    service: "payment-api",
    cluster: "eu-1",
    instance: "10.4.7.21:9102",
    job: "payment-api",
    severity: "critical",
  };
  const annotations = {
    summary: "Payment API: 12 % of requests fail",
    description: "The share of 5xx answers has been over 5 % for 5 minutes on eu-1.",
    runbook_url: "https://runbooks.example.com/payment-api",
  };
  return {
    receiver: "tocsin",
    status: "firing",
    alerts: [
      {
        status: "firing",
        labels,
        annotations,
        startsAt: startsAt.toISOString(),
        endsAt: "0001-01-01T00:00:00Z",
        generatorURL: "http://prometheus.example.com:9090/graph?g0.expr=job%3Aerrors%3Aratio_rate5m+%3E+0.05",
        fingerprint: "c2d8a3be61f0974e",
      },
    ],
    groupLabels: { alertname: labels.alertname },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: "http://alertmanager.example.com:9093",
    version: "4",
    groupKey: '{}:{alertname="PaymentErrorRateHigh"}',
    truncatedAlerts: 0,
  };
}

/**
 * Opens the link, keeps the cookies, submits the form: what a person's browser does when they press a button.
 * @param {string} link @param {"ack" | "resolve" | "note"} action @param {Readonly<Record<string, string>>} [typed]
 */
export async function press(link, action, typed = {}) {
  const browser = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", accept: "text/html" };
  const page = await fetch(link, { headers: browser, signal: AbortSignal.timeout(callLimitMs) });
  const html = await page.text();
  const form = new RegExp(`<form\\b[^>]*action="([^"]*/${action})"[^>]*>([\\s\\S]*?)</form>`).exec(html);
  if (form === null) throw new Error(`the page at ${link} (${page.status}) has no button for ${action}`);
  const fields = new URLSearchParams();
  for (const [input] of form[2].matchAll(/<input\b[^>]*>/g)) {
    const { name, value } = attributesOf(input);
    if (name !== undefined) fields.append(name, value ?? "");
  }
  for (const [name, value] of Object.entries(typed)) fields.set(name, value);
  const cookie = page.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const answer = await fetch(new URL(unescape(form[1]), link), {
    method: "POST",
    headers: { ...browser, cookie, origin: new URL(link).origin, "sec-fetch-site": "same-origin" },
    body: fields,
    redirect: "follow",
    signal: AbortSignal.timeout(callLimitMs),
  });
  if (!answer.ok) throw new Error(`pressing ${action} was answered ${answer.status}`);
}

function attributesOf(tag) {
  return Object.fromEntries([...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, unescape(value)]));
}

function unescape(text) {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/**
 * Somebody's own webhook on this machine. Checks each call as Standard Webhooks says.
 * @param {string} signingKey
 * @param {(call: { signed: boolean, body: any }) => void} onCall
 */
export async function webhookReceiver(signingKey, onCall) {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const signed = isSigned(request.headers, body, signingKey);
      response.writeHead(signed ? 204 : 401).end();
      onCall({ signed, body: JSON.parse(body) });
    });
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/hook`, close: () => server.close() };
}

function isSigned(headers, body, signingKey) {
  const content = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const expected = Buffer.from(`v1,${createHmac("sha256", signingKey).update(content).digest("base64")}`);
  const given = Buffer.from(String(headers["webhook-signature"]).split(" ")[0] ?? "");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

// Owns the mail itself: headers that nothing in an alert can break out of, a text part and a plain HTML part.

import type { OutgoingPage } from "../../sdk/index.ts";

export interface MessageInput {
  readonly page: OutgoingPage;
  readonly from: string;
  readonly to: string;
  /** Epoch ms. */
  readonly now: number;
}

export function messageOf({ page, from, to, now }: MessageInput): string {
  const { incident, summary } = page;
  const domain = from.slice(from.lastIndexOf("@") + 1);
  const boundary = `=_${page.delivery}`;
  const subject = `[${incident.severity}] ${incident.title}${incident.service === null ? "" : ` (${incident.service})`}${summary ? ` and ${summary.count} more` : ""}`;
  const headers = [
    `From: ${encodedWords("Tocsin")} <${from}>`,
    `To: <${to}>`,
    `Subject: ${encodedWords(
      oneLine(subject)
        .slice(0, 200)
        .replace(/[\ud800-\udbff]$/, ""),
    )}`,
    `Date: ${new Date(now).toUTCString().replace("GMT", "+0000")}`,
    // The same on every try, so that a receiver who drops repeats can.
    `Message-ID: <${page.delivery}@${domain}>`,
    `References: <${incident.id}@${domain}>`,
    "MIME-Version: 1.0",
    "Auto-Submitted: auto-generated",
    "X-Auto-Response-Suppress: All",
    // So that a page which comes back to an integration by mail pages nobody again.
    `X-Tocsin-Page: ${page.delivery}`,
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
  ];
  const part = (type: string, text: string): string =>
    [
      `--${boundary}`,
      `Content-Type: ${type}; charset=utf-8`,
      "Content-Transfer-Encoding: base64",
      "",
      base64Lines(text),
      "",
    ].join("\r\n");
  return [...headers, "", part("text/plain", plain(page)), part("text/html", html(page)), `--${boundary}--`, ""].join("\r\n");
}

function facts(page: OutgoingPage): [string, string][] {
  const { incident, reason, tenant } = page;
  return [
    ["Severity", `${incident.severity}, ${incident.urgency} urgency`],
    ...(incident.service === null ? [] : ([["Service", incident.service]] as [string, string][])),
    ["Since", clock(incident.openedAt, page.person.timeZone)],
    ["Why you", reason.text],
    ["Tenant", tenant.name],
    ...(incident.runbook === null ? [] : ([["Runbook", incident.runbook]] as [string, string][])),
  ];
}

function plain(page: OutgoingPage): string {
  const { incident, links } = page;
  const lines = facts(page).map(([name, value]) => `${name}: ${value}`);
  const labels = Object.entries(incident.labels).map(([name, value]) => `  ${name} = ${value}`);
  return [
    incident.title,
    "",
    ...lines,
    "",
    "Acknowledge or see what happens next:",
    links.respond,
    "",
    ...others(page),
    ...(incident.body ? [incident.body.slice(0, 4_000), ""] : []),
    ...(labels.length > 0 ? ["Labels:", ...labels, ""] : []),
    incident.id,
  ].join("\r\n");
}

/** In a storm: what else came, each with its own link. */
function others({ summary }: OutgoingPage): string[] {
  if (!summary) return [];
  const rest = summary.count - summary.items.length;
  return [
    `${summary.count} more incidents page you at the same time:`,
    ...summary.items.flatMap((each) => [
      `[${each.severity}] ${each.title}${each.service === null ? "" : ` (${each.service})`}`,
      `  ${each.link}`,
    ]),
    ...(rest > 0 ? [`and ${rest} more`] : []),
    `All of them: ${summary.list}`,
    "",
  ];
}

function othersHtml({ summary }: OutgoingPage): string {
  if (!summary) return "";
  const rest = summary.count - summary.items.length;
  const items = summary.items.map(
    (each) =>
      `<li><a href="${escape(each.link)}">${escape(`[${each.severity}] ${each.title}`)}</a>${each.service === null ? "" : ` ${escape(each.service)}`}</li>`,
  );
  return `<p>${summary.count} more incidents page you at the same time:</p><ul>${items.join("")}${rest > 0 ? `<li>and ${rest} more</li>` : ""}</ul><p><a href="${escape(summary.list)}">All of them</a></p>
`;
}

function html(page: OutgoingPage): string {
  const { incident, links } = page;
  const rows = facts(page).map(
    ([name, value]) => `<tr><td style="padding:2px 16px 2px 0;color:#666">${escape(name)}</td><td>${escape(value)}</td></tr>`,
  );
  return `<!doctype html><html><body style="font:16px/1.5 system-ui,sans-serif;margin:24px;max-width:36em">
<h1 style="font-size:20px;margin:0 0 12px">${escape(incident.title)}</h1>
<table style="border-collapse:collapse;font-size:15px">${rows.join("")}</table>
<p style="margin:24px 0"><a href="${escape(links.respond)}" style="display:inline-block;padding:14px 28px;background:#b3261e;color:#fff;text-decoration:none;border-radius:8px;font-weight:600">Open and acknowledge</a></p>
${othersHtml(page)}${incident.body ? `<pre style="white-space:pre-wrap;font:14px/1.5 ui-monospace,monospace">${escape(incident.body.slice(0, 4_000))}</pre>` : ""}
<p style="color:#666;font-size:13px">${escape(incident.id)}</p></body></html>`;
}

function clock(ms: number, timeZone: string): string {
  const local = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "medium", timeStyle: "medium" }).format(new Date(ms));
  return `${local} ${timeZone} (${new Date(ms).toISOString()})`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Line breaks and other control characters would end a header: none survives. */
function oneLine(text: string): string {
  // The last two ranges turn the reading direction around: "gpj.exe" must not read as "exe.jpg".
  // oxlint-disable-next-line no-control-regex -- control characters are what is being removed
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, " ").trim();
}

/** RFC 2047: as it is when plain ASCII, else UTF-8 words of at most 75 characters, folded. */
function encodedWords(text: string): string {
  if (/^[\u0020-\u007e]*$/.test(text) && !text.includes("=?") && text.length <= 200) return text;
  const words: string[] = [];
  let word = "";
  for (const char of text) {
    if (new TextEncoder().encode(word + char).length > 42) {
      words.push(word);
      word = "";
    }
    word += char;
  }
  if (word !== "") words.push(word);
  return words.map((each) => `=?UTF-8?B?${base64(each)}?=`).join("\r\n ");
}

function base64(text: string): string {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function base64Lines(text: string): string {
  return base64(text).replaceAll(/(.{76})/g, "$1\r\n");
}

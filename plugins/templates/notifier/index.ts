// Owns acme-chat: one page becomes one message in a room, over its HTTP API.

import * as z from "zod";
import { classifyStatus, cut, titleOf, type NotifierManifest, type NotifierPlugin, type OutgoingPage } from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

// `baseUrl` lets a test or a proxy stand in for the provider; every notifier has one.
const config = z.strictObject({ baseUrl: z.url({ protocol: /^https?$/ }).describe("The API's address, without a path") });
const secrets = z.strictObject({ token: z.string().min(8).describe("The API token") });

/** The longest text the provider takes; longer ones are cut, the link stands before it. */
const textCharsMax = 2_000;

export const plugin: NotifierPlugin<z.infer<typeof config>, z.infer<typeof secrets>> = {
  manifest: manifest as NotifierManifest,
  config,
  secrets,
  checkTarget: (to) => (/^[\w-]{1,64}$/.test(to) ? null : "a room is letters, digits, _ and -"),
  async send({ page, config: { baseUrl }, secrets: { token }, target }, io) {
    const answer = await io.http({
      method: "POST",
      url: `${baseUrl.replace(/\/+$/, "")}/messages`,
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ room: target, text: textOf(page) }),
    });
    // 2xx accepted, 408/425/429/5xx again later, everything else failed for good. Refine it where the provider says more.
    return classifyStatus(answer, page.delivery, io.now());
  },
};

/** What every page must carry: title, severity, service, why this person, the link to answer by. */
function textOf({ incident, reason, links, tenant }: OutgoingPage): string {
  const head = `[${incident.severity}] ${titleOf(incident.title)} (${titleOf(incident.service ?? "no service")}, ${tenant.name})`;
  return cut([head, titleOf(reason.text), links.respond, incident.body].join("\n"), textCharsMax);
}

// Owns the simulated phone: a page becomes a message of the tenant's inbox object. Exists in every tenant.

import * as z from "zod";
import type { NotifierPlugin, NotifierManifest } from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const nothing = z.strictObject({});

export const plugin: NotifierPlugin<z.infer<typeof nothing>, z.infer<typeof nothing>> = {
  manifest: manifest as NotifierManifest,
  config: nothing,
  secrets: nothing,
  checkTarget: () => null,
  async send({ page }, io) {
    await io.store.put({
      at: io.now(),
      delivery: page.delivery,
      user: page.person.id,
      contact: page.contact.id,
      incident: page.incident.id,
      title: page.incident.title,
      severity: page.incident.severity,
      service: page.incident.service,
      reason: page.reason.text,
      ...(page.reason.why === undefined ? {} : { why: page.reason.why }),
      ...(page.reason.cause === undefined ? {} : { cause: page.reason.cause }),
      step: page.reason.step,
      round: page.reason.round,
      link: page.links.respond,
      ...(page.summary ? { summary: page.summary } : {}),
    });
    return { status: "delivered", ref: page.delivery };
  },
};

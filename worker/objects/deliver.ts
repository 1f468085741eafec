// Owns one try of one delivery or post: opens the secrets it needs, signs the link, calls the plugin under its time limit,
// and turns whatever happens into an Outcome. Never decides whether to try again.

import { connectors, notifiers } from "../../plugins/registry.gen.ts";
import { ProviderError } from "../../plugins/sdk/provider-error.ts";
import type { Waiting } from "../core/bundle.ts";
import type { Delivery, Identity } from "../core/incident.ts";
import { limits } from "../core/limits.ts";
import type { OutgoingPage, Outcome } from "../core/page.ts";
import type { Post } from "../core/post.ts";
import type { Roster } from "../core/roster.ts";
import { signLink } from "../respond/link.ts";
import { open, SealError } from "../security/seal.ts";
import { makeIo } from "./io.ts";
import { TimeLimitError, withLimit } from "./limit.ts";
import { inboxStub } from "./places.ts";

export interface Job {
  readonly identity: Identity;
  readonly delivery: Delivery;
  readonly roster: Roster | null;
  /** An earlier try was lost: ask the provider first, where it can be asked. */
  readonly lookup: boolean;
  /** Other pages of the person that this one tells of. */
  readonly carries?: readonly Waiting[];
}

/** `mayStart` is asked synchronously before any byte leaves: false once the delivery was cancelled or re-claimed. */
export async function deliver(env: Env, job: Job, mayStart: () => boolean): Promise<Outcome> {
  const { delivery, roster, identity } = job;
  const notifier = roster?.notifiers[delivery.via];
  const plugin = notifier && notifiers[notifier.plugin];
  if (!notifier || !plugin) return { status: "failed", reason: `notifier ${delivery.via} is not configured any more` };
  const { io, limitMs, started } = tryOf(env, identity, { needs: plugin.manifest.needs, limitMs: notifier.limitMs }, mayStart);
  try {
    const secrets = plugin.secrets.safeParse(await openSecrets(env, `${identity.tenant}/notifiers/${notifier.id}`, notifier));
    const config = plugin.config.safeParse(notifier.config);
    if (!secrets.success || !config.success) return unfit(`notifier ${notifier.id}`);
    const target = await targetOf(env, job, plugin.manifest.devices === true);
    if (typeof target !== "string") return target;
    const call = { config: config.data, secrets: secrets.data, target };
    if (job.lookup && plugin.lookup) {
      const known = await withLimit(plugin.lookup(delivery.id, call, io), limitMs);
      if (known !== null) return known;
    }
    const page = await outgoing(env, job);
    return await withLimit(plugin.send({ ...call, page, attempt: delivery.attempt }, io), limitMs);
  } catch (error) {
    return outcomeOf(error, started(), limitMs, "notifier");
  }
}

/** Where to: what the page says, or what a device of the person is reached by. */
async function targetOf(env: Env, { delivery, roster }: Job, devices: boolean): Promise<string | Outcome> {
  if (!devices) return delivery.page.contact.to;
  const device = roster?.people[delivery.user]?.contacts.find((each) => each.id === delivery.contact)?.device;
  if (device === undefined) return { status: "failed", reason: "this device is not registered any more" };
  return open(env, device.place, device.sealed).catch((): Outcome => ({
    status: "failed",
    reason: "this device's registration does not open under the hub's root key: register it again",
  }));
}

export interface PostJob {
  readonly identity: Identity;
  readonly post: Post;
  readonly roster: Roster | null;
}

/** As deliver, to a connector. */
export async function deliverPost(env: Env, { identity, post, roster }: PostJob, mayStart: () => boolean): Promise<Outcome> {
  const connector = roster?.connectors?.[post.connector];
  const plugin = connector && connectors[connector.plugin];
  if (!connector || !plugin) return { status: "failed", reason: "it is not configured any more" };
  const { io, limitMs, started } = tryOf(env, identity, { needs: plugin.manifest.needs, limitMs: connector.limitMs }, mayStart);
  try {
    const secrets = plugin.secrets.safeParse(await openSecrets(env, `${identity.tenant}/connectors/${connector.id}`, connector));
    const config = plugin.config.safeParse(connector.config);
    if (!secrets.success || !config.success) return unfit(`connector ${connector.id}`);
    const base = env.TOCSIN_PUBLIC_URL.replace(/\/$/, "");
    const event = {
      ...post.content,
      links: { incident: `${base}/api/v1/tenants/${identity.tenant}/incidents/${post.incident}` },
    };
    return await withLimit(plugin.act({ event, config: config.data, secrets: secrets.data, attempt: post.attempt }, io), limitMs);
  } catch (error) {
    return outcomeOf(error, started(), limitMs, "connector");
  }
}

type Needs = Parameters<typeof makeIo>[0]["needs"];

function tryOf(
  env: Env,
  identity: Identity,
  of: { readonly needs: Needs; readonly limitMs: number },
  mayStart: () => boolean,
): { readonly io: ReturnType<typeof makeIo>; readonly limitMs: number; readonly started: () => boolean } {
  const limitMs = of.limitMs || limits.send.limitMsDefault;
  let started = false;
  const start = (): boolean => {
    if (!mayStart()) return false;
    started = true;
    return true;
  };
  const io = makeIo({ env, needs: of.needs, limitMs, mayStart: start, inbox: inboxStub(env, identity.tenant) });
  return { io, limitMs, started: () => started };
}

function unfit(what: string): Outcome {
  return { status: "failed", reason: `the configuration of ${what} does not fit its plugin: apply it again` };
}

function outcomeOf(error: unknown, started: boolean, limitMs: number, what: string): Outcome {
  if (error instanceof ProviderError) {
    return error.kind === "unknown"
      ? { status: "unknown", reason: error.message }
      : { status: "retry", reason: error.message, afterMs: null, fix: "address" };
  }
  if (error instanceof TimeLimitError) {
    const reason = `no answer within ${limitMs / 1_000} s`;
    return started ? { status: "unknown", reason } : { status: "retry", reason, afterMs: null };
  }
  if (error instanceof SealError) return { status: "failed", reason: `the notifier's secrets do not open: ${error.message}` };
  // The plugin itself broke: its next try would break the same way. The next channel or person is due.
  return { status: "failed", reason: `the ${what} broke (${error instanceof Error ? error.name : "unknown error"})` };
}

async function openSecrets(
  env: Env,
  place: string,
  of: { readonly secrets: Readonly<Record<string, string>> },
): Promise<Record<string, string>> {
  const opened = await Promise.all(
    Object.entries(of.secrets).map(async ([field, sealed]) => [field, await open(env, `${place}/${field}`, sealed)] as const),
  );
  return Object.fromEntries(opened);
}

async function outgoing(env: Env, job: Job): Promise<OutgoingPage> {
  const { delivery, carries = [] } = job;
  const respond = await linkTo(env, job, delivery);
  const page = { ...delivery.page, epoch: delivery.epoch };
  if (carries.length === 0) return { ...page, links: { respond } };
  const items = await Promise.all(
    carries.slice(0, limits.bundle.kept.listedMax).map(async ({ delivery: id, incident, title, severity, service }) => ({
      incident,
      title,
      severity,
      service,
      link: await linkTo(env, job, { id, incident }),
    })),
  );
  const list = `${env.TOCSIN_PUBLIC_URL.replace(/\/$/, "")}/t/${job.identity.tenant}/incidents`;
  return { ...page, links: { respond }, summary: { count: carries.length, items, list } };
}

/** The person's signed link to one incident. */
function linkTo(
  env: Env,
  { identity, delivery, roster }: Job,
  to: { readonly id: string; readonly incident: string },
): Promise<string> {
  return signLink(env, {
    tenant: identity.tenant,
    jurisdiction: identity.jurisdiction,
    incident: to.incident,
    user: delivery.user,
    linkEpoch: roster?.people[delivery.user]?.linkEpoch ?? 0,
    delivery: to.id,
    issuedAt: delivery.page.sentAt,
  });
}

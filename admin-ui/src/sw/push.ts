// Owns pages on this device: a push message becomes a notification, a press on it an acknowledgment by the signed link that came
// with it, and what became of that is said on the same notification. Nothing is called acknowledged before the hub said so.

import { cancel, queueAck } from "../lib/offline/queue.ts";
import type { Unsent } from "../lib/offline/unsent.ts";
import { deviceChanged } from "./push-device.ts";
import { pressed, stateOf, type Standing } from "./push-link.ts";
import { said } from "./push-words.ts";
import { worker } from "./scope.ts";

/** What plugins/notifiers/web-push/payload.ts writes; anything of it may be missing in a message of another build. */
export interface PagePush {
  readonly type: "page";
  readonly delivery: string;
  readonly incident: string;
  readonly user?: string;
  readonly epoch?: number | null;
  readonly title: string;
  readonly severity: string;
  readonly urgency: "high" | "low";
  readonly status: string;
  readonly service: string | null;
  readonly reason: string;
  readonly tenant: { readonly id: string; readonly name: string };
  readonly sentAt: number;
  readonly link: string;
  readonly more?: { readonly count: number; readonly titles: readonly string[]; readonly list: string };
}

/** Chromium and Firefox on Android know more than the types of the platform. */
interface Shown extends NotificationOptions {
  readonly actions?: readonly { readonly action: string; readonly title: string }[];
  readonly renotify?: boolean;
  readonly vibrate?: readonly number[];
  readonly timestamp?: number;
}

/** A page that came late is told how its incident stands by now; nobody waits longer for that. */
const standingLimitMs = 4_000;
const looks = { icon: "/icons/192.png", badge: "/icons/badge-96.png" } as const;
const alarm = [300, 100, 300, 100, 300, 400, 300, 100, 300];

worker.addEventListener("push", (event) => {
  event.waitUntil(arrived(read(event)));
});

worker.addEventListener("notificationclick", (event) => {
  const { page, waiting } = (event.notification.data ?? {}) as { readonly page?: PagePush; readonly waiting?: string | null };
  if (page === undefined) return;
  event.waitUntil(event.action === "ack" ? acknowledge(page, waiting ?? null) : opened(event.notification, page));
});

/** Somebody looks at the app: what is over there is over here. */
worker.addEventListener("message", (event) => {
  if (event.data === "look") event.waitUntil(closeWhatIsOver());
});

worker.addEventListener("pushsubscriptionchange", (event) => {
  (event as ExtendableEvent).waitUntil(
    deviceChanged().then(async (well) => {
      if (!well) await worker.registration.showNotification(said().lost, { ...looks, body: said().registerAgain, tag: "device" });
    }),
  );
});

function read(event: PushEvent): PagePush | null {
  try {
    const page = event.data?.json() as PagePush | undefined;
    return page?.type === "page" && typeof page.incident === "string" && typeof page.link === "string" ? page : null;
  } catch {
    return null;
  }
}

async function arrived(page: PagePush | null): Promise<void> {
  // A message of a build to come: better a page that says little than none.
  if (page === null) return worker.registration.showNotification(said().unknown, { ...looks, body: said().openHub });
  const before = await worker.registration.getNotifications({ tag: page.incident }).catch(() => []);
  const again = before.some((each) => (each.data as { page?: PagePush } | null)?.page?.delivery === page.delivery);
  await show(page, { again });
  if (page.status === "test") return;
  const standing = await stateOf(page.link, standingLimitMs);
  if (standing !== null && standing.kind !== "open") await show(page, { again: true, standing });
}

/** The page itself, or how it stands: without a sound, and with nothing to press that would do nothing. */
async function show(page: PagePush, how: { readonly again: boolean; readonly standing?: Standing }): Promise<void> {
  const w = said();
  const over = how.standing === undefined ? null : w.standing(how.standing);
  const about = [page.service, page.reason, page.tenant.name].filter(Boolean).join(" · ");
  const others = page.more === undefined ? [] : [w.others(page.more.count), ...page.more.titles];
  const loud = page.urgency === "high" && over === null;
  // In a storm one press would acknowledge one of many: the list is the way.
  const mayAck = over === null && page.more === undefined && page.status !== "test";
  await put(nameOf(page), page, {
    body: [...(over === null ? [] : [over]), about, ...others].join("\n"),
    requireInteraction: loud,
    renotify: !how.again,
    silent: how.again,
    ...(loud && !how.again ? { vibrate: alarm } : {}),
    actions: [...(mayAck ? [{ action: "ack", title: w.ack }] : []), { action: "open", title: w.open }],
  });
}

/** `waiting`: the entry of the queue that its press is kept as. */
async function put(title: string, page: PagePush, shown: Shown, waiting: string | null = null): Promise<void> {
  const { vibrate, ...quiet } = shown;
  // A browser refuses a pattern on something silent.
  const options = shown.silent === true ? quiet : { ...quiet, ...(vibrate === undefined ? {} : { vibrate }) };
  const plain = { tag: page.incident, data: { page, waiting }, ...(shown.body === undefined ? {} : { body: shown.body }) };
  const whole = { ...looks, ...options, ...plain, timestamp: page.sentAt } as NotificationOptions;
  // Some browser minds one of these: a page without its looks is still a page.
  await worker.registration.showNotification(title, whole).catch(() => worker.registration.showNotification(title, plain));
}

function nameOf({ severity, title }: PagePush): string {
  return `[${severity}] ${title}`;
}

async function acknowledge(page: PagePush, waiting: string | null): Promise<void> {
  await put(said().asking, page, { body: nameOf(page), silent: true, requireInteraction: true });
  const outcome = await pressed(page);
  if (outcome.kind === "unreachable") return keepForLater(page);
  // The hub has spoken: what was kept for it is not sent any more.
  if (waiting !== null) await cancel(waiting).catch(() => false);
  return outcome.kind === "refused" ? refused(page, outcome.why) : stands(page, outcome.standing);
}

async function stands(page: PagePush, standing: Standing): Promise<void> {
  const w = said();
  const done = standing.kind === "mine" || standing.kind === "other" || standing.kind === "over";
  await put(done ? w.standing(standing) : w.notAcknowledged, page, {
    body: done ? nameOf(page) : `${nameOf(page)}\n${w.standing(standing)}`,
    silent: true,
    requireInteraction: !done,
    actions: done ? [{ action: "open", title: w.open }] : retry(),
  });
}

/** Aloud: whoever pressed and looked away must hear that it did not work. */
async function refused(page: PagePush, why: string, waiting: string | null = null): Promise<void> {
  await put(
    said().notAcknowledged,
    page,
    { body: `${why}\n${nameOf(page)}`, requireInteraction: true, renotify: true, actions: retry() },
    waiting,
  );
}

/** Into the app's own queue, which is sent when there is a network, for whoever is signed in here. */
async function keepForLater(page: PagePush): Promise<void> {
  const { user, incident, title, severity, tenant, epoch = null } = page;
  if (user === undefined) return refused(page, said().unreachable);
  const kept = await queueAck({ tenant: tenant.id, user, incident, epoch, title, severity }).catch(() => null);
  if (kept === null || kept.state === "sign-in") return refused(page, said().unreachable);
  return kept.state === "over" ? ended(page, kept) : refused(page, said().waiting, kept.id);
}

async function ended(page: PagePush, { end }: Unsent): Promise<void> {
  switch (end?.kind) {
    case "acknowledged":
      return stands(page, { kind: "mine" });
    case "other":
      return stands(page, { kind: "other", by: end.by });
    case "resolved":
      return stands(page, { kind: "over" });
    case "anew":
      return refused(page, said().anew);
    default:
      return refused(page, end?.kind === "refused" ? end.why : said().unreachable);
  }
}

/** A press that was kept has ended: said on the notification that was pressed. False: it is not there any more. */
export async function endedOnPage(entry: Unsent): Promise<boolean> {
  const shown = await worker.registration.getNotifications({ tag: entry.incident });
  const data = shown.map((each) => each.data as { page?: PagePush; waiting?: string } | null).find((each) => each?.page);
  if (data?.page === undefined || data.waiting !== entry.id) return false;
  await ended(data.page, entry);
  return true;
}

async function closeWhatIsOver(): Promise<void> {
  const all = await worker.registration.getNotifications();
  await Promise.all(
    all.map(async (each) => {
      const page = (each.data as { page?: PagePush } | null)?.page;
      if (page === undefined || page.status === "test") return;
      const standing = await stateOf(page.link, standingLimitMs);
      if (standing !== null && standing.kind !== "open") each.close();
    }),
  );
}

function retry(): NonNullable<Shown["actions"]> {
  return [
    { action: "ack", title: said().again },
    { action: "open", title: said().open },
  ];
}

/** The link's own page: it needs no sign-in, whatever became of the session here. In a storm, the list of all. */
async function opened(notification: Notification, page: PagePush): Promise<void> {
  notification.close();
  const address = new URL(page.more?.list ?? page.link, worker.location.origin);
  await worker.clients.openWindow(address.pathname + address.search);
}

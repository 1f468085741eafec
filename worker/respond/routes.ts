// Owns HTTP at /r/: reads the link, asks the incident's object, answers with a page. What it asks comes in as RespondWorld.
// A GET or HEAD changes nothing, ever. Words are model.ts and replies.ts, markup is page.tsx, trust in a press is guard.ts.

import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { getCookie, setCookie } from "hono/cookie";
import { hashOf, identityOfId, testIdentity } from "../core/ids.ts";
import type { Identity, TimelineEntry } from "../core/incident.ts";
import { limits } from "../core/limits.ts";
import { rosterFor } from "../core/roster.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { withLimit } from "../objects/limit.ts";
import type { CommandAnswer, CommandInput, IncidentView, TimelinePage, TimelineQuery } from "../objects/rpc.ts";
import { judge } from "./guard.ts";
import { secureHeaders } from "./headers.ts";
import { verifyLink, type LinkClaims } from "./link.ts";
import { respondModel, undoOf, wordsFor, type Notice } from "./model.ts";
import { renderMessage, renderPage } from "./page.tsx";
import * as replies from "./replies.ts";
import { style } from "./style.ts";
import { zoneOr } from "./times.ts";
import { languageOf, type Language } from "./words.ts";
import { toldOf, wantsJson } from "./told.ts";

/** What an incident's object answers. */
export interface IncidentPort {
  view(incident: string): Promise<IncidentView | null>;
  timeline(query: TimelineQuery): Promise<TimelinePage>;
  command(input: CommandInput): Promise<CommandAnswer>;
}

export interface RespondWorld {
  readonly incident: (env: Env, identity: Identity) => IncidentPort;
  /** Null when neither the Directory nor a copy answers. */
  readonly snapshot: (
    env: Env,
    tenant: string,
    jurisdiction: string | null,
  ) => Promise<{ readonly snapshot: Snapshot; readonly stale: boolean } | null>;
  readonly now: () => number;
}

interface RespondBindings {
  readonly Bindings: Env;
  readonly Variables: { readonly world: RespondWorld };
}
type RespondContext = Context<RespondBindings>;

/** A believed link, with what the Directory knows of its person. */
interface Visit {
  readonly token: string;
  readonly claims: LinkClaims;
  readonly incident: IncidentPort;
  readonly identity: Identity;
  readonly snapshot: Snapshot | null;
}

/** The paths are whole: mount at "/". */
export function respondRoutes(world: RespondWorld): Hono<RespondBindings> {
  const app = new Hono<RespondBindings>();
  app.use("/r/*", secureHeaders, async (c, next) => {
    c.set("world", world);
    await next();
  });
  app.get("/r/style.css", (c) =>
    c.body(style, 200, { "Content-Type": "text/css; charset=utf-8", "Cache-Control": "public, max-age=31536000, immutable" }),
  );
  // Hono answers HEAD with the GET's headers.
  app.get("/r/:token", async (c) => show(c, c.req.param("token")));
  const tooLong = (c: Context): Response => c.text("That is too long. Shorten the note and send it again.", 413);
  app.post("/r/:token/:action", bodyLimit({ maxSize: limits.respond.bodyBytesMax, onError: tooLong }), async (c) =>
    act(c, c.req.param("token"), c.req.param("action")),
  );
  // An unknown path below /r/ is a cut or mistyped link, not a blank error.
  app.all("/r/*", (c) => answerMessage(c, replies.noSuchAction(spoken(c))));
  return app;
}

async function show(c: RespondContext, token: string): Promise<Response> {
  const now = c.get("world").now();
  const visit = await openLink(c, token, now);
  if (!("claims" in visit)) return answerMessage(c, visit);
  const view = await viewOf(visit);
  if (view === undefined) return answerMessage(c, replies.unreachable(spoken(c)));
  if (view === null) return answerMessage(c, (isTest(visit) ? replies.tested : replies.gone)(spoken(c)));
  const said = replies.afterPress(c.req.query("done") ?? null, view, visit.claims.user, speak(c, visit, view, now));
  const closed = view.episode.status === "resolved" && said === null;
  const over = undoOf(view.episode, visit.claims.user, now) === null ? replies.closedNotice : replies.justClosedNotice;
  return answerPage(c, visit, view, {
    notice: closed ? over(speak(c, visit, view, now)) : said,
    status: closed ? 410 : 200,
    now,
  });
}

async function act(c: RespondContext, token: string, name: string): Promise<Response> {
  const now = c.get("world").now();
  const action = replies.actions.find((known) => known === name);
  if (action === undefined) return answerMessage(c, replies.noSuchAction(spoken(c)));
  const visit = await openLink(c, token, now);
  if (!("claims" in visit)) return answerMessage(c, visit);
  const fields = await formFields(c);
  if (judge(pressOf(c, visit, fields), now) === "confirm") return askToConfirm(c, visit, action, fields, now);
  return press(c, visit, { action, fields, now });
}

async function press(
  c: RespondContext,
  visit: Visit,
  asked: { readonly action: replies.Action; readonly fields: Readonly<Record<string, string>>; readonly now: number },
): Promise<Response> {
  const { action, fields, now } = asked;
  // What there is to undo, the incident says.
  const resolved = action === "undo" && (await viewOf(visit))?.episode.status === "resolved";
  const command = replies.commandFor(action, fields, { seenAt: seenAt(fields, visit, now), now, resolved });
  let answer: CommandAnswer;
  if (command === null) answer = notUnderstood;
  else {
    const sent = visit.incident.command({
      v: 1,
      identity: visit.identity,
      incident: visit.claims.incident,
      commandId: commandId(visit.claims, action, fields),
      actor: { type: "link", id: visit.claims.user },
      command,
      // Whoever is called in comes along: the incident's own slice may not know them.
      roster:
        command.kind === "responders" && visit.snapshot !== null
          ? rosterFor(visit.snapshot, { policy: null, users: command.users })
          : null,
    });
    const reply = await withLimit(sent, limits.respond.askMs).catch(() => null);
    if (reply === null) return answerMessage(c, replies.unreachable(spoken(c)));
    answer = reply;
  }
  const moved = answer.kind === "done" && !answer.already;
  const pressed = resolved ? "reopen" : action;
  if (moved && !wantsJson(c.req.header("Accept"))) return c.redirect(`/r/${visit.token}?done=${pressed}`, 303);
  const view = await viewOf(visit);
  if (view === undefined) return answerMessage(c, replies.unreachable(spoken(c)));
  if (view === null) return answerMessage(c, (isTest(visit) ? replies.tested : replies.gone)(spoken(c)));
  if (moved) {
    const notice = replies.afterPress(pressed, view, visit.claims.user, speak(c, visit, view, now));
    return answerPage(c, visit, view, { notice, status: 200, now });
  }
  const said = replies.noticeFor(action, answer, visit.claims.user, speak(c, visit, view, now));
  return answerPage(c, visit, view, { notice: said?.notice ?? null, status: said?.status ?? 200, now });
}

const notUnderstood: CommandAnswer = {
  kind: "refused",
  code: "invalid",
  message: "choose one of the times below",
  legal: [],
  status: null,
  by: null,
  since: null,
};

/** The link's claims, or the page that says why it is not believed. */
async function openLink(c: RespondContext, token: string, now: number): Promise<Visit | replies.MessageReply> {
  const world = c.get("world");
  const verified = await verifyLink(c.env, token, now);
  if (!verified.ok) return replies.badLink(verified.reason, spoken(c));
  const { claims } = verified;
  const identity = identityOfId(claims.tenant, claims.jurisdiction, claims.incident);
  if (identity === null) return replies.badLink("claims", spoken(c));
  const loaded = await withLimit(world.snapshot(c.env, claims.tenant, claims.jurisdiction), limits.respond.askMs).catch(
    () => null,
  );
  if (loaded !== null && revoked(loaded, claims)) return replies.revoked(spoken(c));
  return { token, claims, identity, incident: world.incident(c.env, identity), snapshot: loaded?.snapshot ?? null };
}

/**
 * Only an answer that is in force takes a person's link away: with the Directory dark, stale is better than silent. A link
 * epoch only ever rises, so a stale copy that shows a newer one is still right.
 */
function revoked(loaded: { readonly snapshot: Snapshot; readonly stale: boolean }, claims: LinkClaims): boolean {
  const person = loaded.snapshot.users[claims.user];
  if (person && person.linkEpoch > claims.linkEpoch) return true;
  return !loaded.stale && !person?.active;
}

/** Null: not this object's episode any more. Undefined: the object did not answer. */
async function viewOf(visit: Visit): Promise<IncidentView | null | undefined> {
  return withLimit(visit.incident.view(visit.claims.incident), limits.respond.askMs).catch(() => undefined);
}

/** The end of the record; an empty one when it cannot be had, which is no reason to show nothing. */
async function lastEntries(visit: Visit, view: IncidentView): Promise<readonly TimelineEntry[]> {
  const last = Math.max(view.episode.seq, ...view.alerts.map((row) => row.seq), ...view.deliveries.map((row) => row.seq));
  const after = Math.max(0, last - limits.respond.linesRead);
  const query = { incident: visit.claims.incident, after, limit: limits.list.pageMax };
  return withLimit(visit.incident.timeline(query), limits.respond.askMs).then(
    (page) => page.items,
    () => [],
  );
}

/** The link of a test page (testIdentity), whose incident never was. */
function isTest({ identity, claims }: Visit): boolean {
  return identity.hash === testIdentity(identity.tenant, identity.jurisdiction, claims.user).hash;
}

/** The language of the browser that asks. */
function spoken(c: RespondContext): Language {
  return languageOf(c.req.header("Accept-Language"));
}

function speak(c: RespondContext, visit: Visit, view: IncidentView, now: number): ReturnType<typeof wordsFor> {
  const zone = visit.snapshot?.users[visit.claims.user]?.timeZone ?? visit.snapshot?.timeZone;
  const paged = view.deliveries.find((d) => d.user === visit.claims.user)?.page.person.timeZone;
  return wordsFor({ claims: visit.claims, view, snapshot: visit.snapshot, language: spoken(c) }, zoneOr(zone ?? paged), now);
}

async function answerPage(
  c: RespondContext,
  visit: Visit,
  view: IncidentView,
  how: { readonly notice: Notice | null; readonly status: 200 | 400 | 409 | 410; readonly now: number },
): Promise<Response> {
  const { token, claims, snapshot } = visit;
  const { notice, now } = how;
  c.header("Vary", "Accept, Accept-Language", { append: true });
  if (wantsJson(c.req.header("Accept"))) {
    const model = respondModel({ token, nonce: "", claims, view, timeline: [], snapshot, notice, language: spoken(c) }, now);
    return c.json(toldOf(model, view, speak(c, visit, view, now).name), how.status);
  }
  const timeline = await lastEntries(visit, view);
  const model = respondModel({ token, nonce: pageNonce(c), claims, view, timeline, snapshot, notice, language: spoken(c) }, now);
  return c.html(renderPage(model), how.status);
}

function answerMessage(c: RespondContext, reply: replies.MessageReply): Response | Promise<Response> {
  if (reply.status === 503) c.header("Retry-After", String(limits.ingest.retryAfterS));
  c.header("Vary", "Accept, Accept-Language", { append: true });
  if (wantsJson(c.req.header("Accept"))) {
    const { title, text, todo } = reply.message;
    return c.json({ problem: { title, text, todo } }, reply.status);
  }
  return c.html(renderMessage(reply.message), reply.status);
}

async function askToConfirm(
  c: RespondContext,
  visit: Visit,
  action: replies.Action,
  fields: Readonly<Record<string, string>>,
  now: number,
): Promise<Response> {
  const view = (await viewOf(visit)) ?? null;
  const { text, user, for: choice } = fields;
  const kept = {
    nonce: pageNonce(c),
    seen: String(seenAt(fields, visit, now)),
    confirm: "1",
    ...(text === undefined ? {} : { text }),
    ...(user === undefined ? {} : { user }),
    ...(choice === undefined ? {} : { for: choice }),
  };
  return answerMessage(c, replies.confirmPage({ token: visit.token, action, fields: kept, view, language: spoken(c) }));
}

/** When the page was made that was pressed; without the field, when the link was: the most careful reading. */
function seenAt(fields: Readonly<Record<string, string>>, visit: Visit, now: number): number {
  const seen = fields["seen"] ?? "";
  return /^\d{1,15}$/.test(seen) ? Math.min(Number(seen), now) : visit.claims.issuedAt;
}

/** The same press twice is one command; the same button on a page made later is another. */
function commandId(claims: LinkClaims, action: replies.Action, fields: Readonly<Record<string, string>>): string {
  const { nonce = "", seen = "", text = "", user = "", for: choice = "" } = fields;
  return `link_${hashOf([claims.delivery, claims.user, claims.issuedAt, action, nonce, seen, text, user, choice], 26)}`;
}

async function formFields(c: RespondContext): Promise<Record<string, string>> {
  const parsed = await c.req.parseBody().catch(() => ({}));
  return Object.fromEntries(Object.entries(parsed).filter((field): field is [string, string] => typeof field[1] === "string"));
}

function pressOf(c: RespondContext, visit: Visit, fields: Readonly<Record<string, string>>): Parameters<typeof judge>[0] {
  return {
    secFetchSite: c.req.header("Sec-Fetch-Site") ?? null,
    origin: c.req.header("Origin") ?? null,
    userAgent: c.req.header("User-Agent") ?? "",
    cookieNonce: cookieNonce(c),
    formNonce: fields["nonce"] ?? null,
    confirmed: fields["confirm"] === "1",
    ownOrigins: [new URL(c.req.url).origin, publicOrigin(c.env)],
    handedOffAt: visit.claims.issuedAt,
  };
}

function publicOrigin(env: Env): string {
  return URL.canParse(env.TOCSIN_PUBLIC_URL) ? new URL(env.TOCSIN_PUBLIC_URL).origin : "";
}

/** Whether the browser speaks https with us, also through a proxy that ends it. */
function overHttps(c: RespondContext): boolean {
  const url = new URL(c.req.url);
  const known = publicOrigin(c.env);
  return url.protocol === "https:" || (known.startsWith("https:") && new URL(known).host === url.host);
}

function cookieName(c: RespondContext): string {
  return overHttps(c) ? "__Host-tocsin_r" : "tocsin_r";
}

function cookieNonce(c: RespondContext): string | null {
  const value = getCookie(c, cookieName(c)) ?? "";
  return /^[0-9a-f]{32}$/.test(value) ? value : null;
}

/** The nonce of this browser: kept over pages, so that two open tabs both work. */
function pageNonce(c: RespondContext): string {
  const known = cookieNonce(c);
  if (known !== null) return known;
  const nonce = crypto.randomUUID().replaceAll("-", "");
  setCookie(c, cookieName(c), nonce, { path: "/", httpOnly: true, sameSite: "Strict", secure: overHttps(c) });
  return nonce;
}

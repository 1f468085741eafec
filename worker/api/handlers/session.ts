// Owns signing in and out over HTTP. What holds a session is the accounts object; what proves a passkey is worker/auth.

import { originOf, passkeysWork } from "../../auth/origin.ts";
import {
  authenticationOptions,
  registrationOptions,
  verifyAuthentication,
  verifyRegistration,
  type Site,
} from "../../auth/passkeys.ts";
import { base64url, hub, newSecret, placeText, readPlace, readSecret, type Place } from "../../auth/place.ts";
import { isOwnersToken, principalName, sessionPrincipal } from "../../auth/principal.ts";
import { mayGrant } from "../../auth/roles.ts";
import { deviceOf, lifeOf, readSession, sessionCookie } from "../../auth/session.ts";
import { limits } from "../../core/limits.ts";
import { callObject } from "../../objects/call.ts";
import { accountsStub } from "../../objects/places.ts";
import type { AccountsCalls, NewSession, SessionRow, TicketRow } from "../../objects/rpc.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler, PublicCall, PublicHandler } from "../mount.ts";
import { iso, isoOrNull } from "../shapes.ts";
import { accountAt, accountJson, accountOf, ownerId, personOf, type AccountOf } from "./account.ts";
import { snapshotOf } from "./tenant.ts";

function ask<T>({ env }: PublicCall, place: Place, call: (accounts: AccountsCalls) => Promise<T>): Promise<T> {
  return callObject(() => call(accountsStub(env, place)), limits.session.askMs).catch(() => {
    throw new ApiError("unavailable", "sign-in is out of reach for a moment; try again");
  });
}

function siteOf({ c }: PublicCall): Site {
  const origin = originOf(c);
  if (!passkeysWork(origin)) throw new ApiError("conflict", `passkeys need https, or the name localhost: this is ${origin}`);
  return { origin, rpId: new URL(origin).hostname };
}

export const getSession: PublicHandler = async (call) => {
  const { c, env } = call;
  const principal = await sessionPrincipal(c);
  const passkeys = passkeysWork(originOf(c));
  const secret = await readSession(c);
  if (principal === null || secret === null) return c.json({ session: null, passkeys });
  const row = await ask(call, secret.place, (accounts) => accounts.session(secret.hash, call.now));
  const account = row === null ? null : await accountAt(env, secret.place, row.user);
  return c.json({ session: row === null || account === null ? null : accountJson(account, row), passkeys });
};

export const signIn: PublicHandler = async (call) => {
  const { env, body } = call;
  if (typeof body["token"] === "string") {
    if (!isOwnersToken(env, body["token"])) throw new ApiError("unauthorized", "that is not this hub's API token");
    const account = await accountAt(env, hub, ownerId);
    if (account === null) throw new ApiError("unauthorized", "sign in again");
    return begin(call, account, "token", (accounts, session) => accounts.begin(session, call.now));
  }
  const { hash, ticket, account } = await openTicket(call, typeof body["ticket"] === "string" ? body["ticket"] : "");
  return begin(call, account, ticket.kind === "owner-link" ? "link" : "invitation", (accounts, session) =>
    accounts.redeem(hash, session, call.now),
  );
};

export const lookAtTicket: PublicHandler = async (call) => {
  const { ticket, account } = await openTicket(call, String(call.body["ticket"]));
  return call.c.json({
    kind: ticket.kind,
    user: account.user,
    name: account.name,
    tenant: account.place.kind === "hub" ? null : account.place.tenant,
    tenantName: account.tenantName,
    expiresAt: iso(ticket.expiresAt),
  });
};

async function openTicket(call: PublicCall, text: string): Promise<{ hash: string; ticket: TicketRow; account: AccountOf }> {
  const secret = await readSecret(text);
  const ticket = secret === null ? null : await ask(call, secret.place, (accounts) => accounts.ticket(secret.hash, call.now));
  const account = secret === null || ticket === null ? null : await accountAt(call.env, secret.place, ticket.user);
  if (secret === null || ticket === null || account === null) throw usedUp();
  return { hash: secret.hash, ticket, account };
}

function usedUp(): ApiError {
  return new ApiError("unauthorized", "this link was used, replaced by a newer one, or is too old: ask for a new one");
}

/** Begins a session by `enter`, which may find that somebody was quicker, and hands its cookie over. */
async function begin(
  call: PublicCall,
  account: AccountOf,
  how: SessionRow["how"],
  enter: (accounts: AccountsCalls, session: NewSession) => Promise<SessionRow | null>,
): Promise<Response> {
  const { c } = call;
  const secret = await newSecret(account.place);
  const life = lifeOf(account.role);
  const session: NewSession = {
    hash: secret.hash,
    id: base64url(crypto.getRandomValues(new Uint8Array(9))),
    user: account.user,
    how,
    device: deviceOf(c.req.header("user-agent") ?? ""),
    ...life,
  };
  const row = await ask(call, account.place, (accounts) => enter(accounts, session));
  if (row === null) throw usedUp();
  // Whoever was signed in on this browser is not any more.
  const before = await readSession(c);
  if (before !== null) await endByHash(call, before).catch(() => undefined);
  return c.json({ session: accountJson(account, row) }, 201, { "set-cookie": sessionCookie(c, secret.text, life.absoluteMs) });
}

async function endByHash(call: PublicCall, { place, hash }: { readonly place: Place; readonly hash: string }): Promise<void> {
  const row = await ask(call, place, (accounts) => accounts.session(hash, call.now));
  if (row !== null) await ask(call, place, (accounts) => accounts.end(row.user, { id: row.id }));
}

export const passkeySignInOptions: PublicHandler = async (call) =>
  call.c.json(await authenticationOptions(call.env, siteOf(call), call.now));

export const passkeySignIn: PublicHandler = async (call) => {
  const { env, now } = call;
  const site = siteOf(call);
  const response = call.body["response"] as { id: string };
  const home = await ask(call, hub, (accounts) => accounts.homeOf(response.id));
  const place = home === null ? null : readPlace(home);
  const passkey = place === null ? null : await ask(call, place, (accounts) => accounts.passkey(response.id));
  const account = place === null || passkey === null ? null : await accountAt(env, place, passkey.user);
  const proof = passkey === null || account === null ? null : await verifyAuthentication(env, site, passkey, response, now);
  if (passkey === null || account === null || proof === null)
    throw new ApiError("unauthorized", "this hub does not know that passkey: use another, or ask for a sign-in link");
  return begin(call, account, "passkey", (accounts, session) => accounts.enter({ id: passkey.id, ...proof }, session, now));
};

/** The account behind the present session; a bare token has none to keep anything in. */
async function ownAccount(call: Call): Promise<AccountOf & { readonly session: string }> {
  const secret = await readSession(call.c);
  if (secret === null || call.principal.kind === "key" || call.principal.session === undefined)
    throw new ApiError("conflict", "this belongs to a session: sign in, an API token has none");
  const account = await accountOf(call.env, call.principal, secret.place.kind === "hub" ? null : secret.place.jurisdiction);
  return { ...account, session: call.principal.session };
}

export const signOut: Handler = async (call) => {
  const { place, user, session } = await ownAccount(call);
  await ask(call, place, (accounts) => accounts.end(user, { id: session }));
  return new Response(null, { status: 204, headers: { "set-cookie": sessionCookie(call.c, "", 0) } });
};

export const listSessions: Handler = async (call) => {
  const { place, user, session } = await ownAccount(call);
  const rows = await ask(call, place, (accounts) => accounts.sessions(user, call.now));
  const items = rows.map(({ user: _user, idleMs, ...row }) => ({
    ...row,
    createdAt: iso(row.createdAt),
    seenAt: iso(row.seenAt),
    expiresAt: iso(Math.min(row.expiresAt, row.seenAt + idleMs)),
    present: row.id === session,
  }));
  return call.c.json({ items, next: null });
};

export const signOutEverywhere: Handler = async (call) => {
  const { place, user, session } = await ownAccount(call);
  const keepThis = call.query["keepThis"] === true;
  const ended = await ask(call, place, (accounts) => accounts.end(user, { except: keepThis ? session : null }));
  return call.c.json({ ended }, 200, keepThis ? {} : { "set-cookie": sessionCookie(call.c, "", 0) });
};

export const endSession: Handler = async (call) => {
  const { place, user } = await ownAccount(call);
  const ended = await ask(call, place, (accounts) => accounts.end(user, { id: call.params["session"] ?? "" }));
  if (ended === 0) throw new ApiError("not-found", "there is no such session of yours");
  return new Response(null, { status: 204 });
};

export const listPasskeys: Handler = async (call) => {
  const { place, user } = await ownAccount(call);
  const rows = await ask(call, place, (accounts) => accounts.passkeys(user));
  const items = rows.map(({ id, name, createdAt, usedAt }) => ({
    id,
    name,
    createdAt: iso(createdAt),
    usedAt: isoOrNull(usedAt),
  }));
  return call.c.json({ items, next: null });
};

export const passkeyOptions: Handler = async (call) => {
  const account = await ownAccount(call);
  const held = await ask(call, account.place, (accounts) => accounts.passkeys(account.user));
  return call.c.json(await registrationOptions(call.env, siteOf(call), account, held, call.now));
};

export const addPasskey: Handler = async (call) => {
  const { env, body, now } = call;
  const account = await ownAccount(call);
  const made = await verifyRegistration(env, siteOf(call), account, body["response"], now);
  if (made === null) throw new ApiError("invalid", "the browser's answer does not hold: try again");
  const { challenge, ...rest } = made;
  const name = String(body["name"]) || deviceOf(call.c.req.header("user-agent") ?? "");
  const row = { ...rest, user: account.user, name, createdAt: now, usedAt: null };
  // The way home first: a passkey that leads nowhere is harmless, one that nobody finds is not.
  const at = placeText(account.place);
  if (!(await ask(call, hub, (accounts) => accounts.claimHome(row.id, at))))
    throw new ApiError("conflict", "this passkey is known here already");
  const added = await ask(call, account.place, (accounts) => accounts.addPasskey(row, challenge, now));
  if (added === "known") throw new ApiError("conflict", "this passkey is known here already");
  if (added === "full")
    throw new ApiError("conflict", `an account has at most ${limits.session.passkeysMax} passkeys: remove one first`);
  if (added === "spent") throw new ApiError("invalid", "this answer was given before: try again");
  return call.c.json({ id: row.id, name, createdAt: iso(now), usedAt: null }, 201);
};

export const removePasskey: Handler = async (call) => {
  const { place, user } = await ownAccount(call);
  const id = call.params["passkey"] ?? "";
  if (!(await ask(call, place, (accounts) => accounts.removePasskey(user, id))))
    throw new ApiError("not-found", "there is no such passkey of yours");
  await ask(call, hub, (accounts) => accounts.leaveHome(id, placeText(place)));
  return new Response(null, { status: 204 });
};

/** The ticket stands behind #: browsers do not send that, so it is in no log on the way. */
function linkFor(call: Call, ticket: string): string {
  return `${call.env.TOCSIN_PUBLIC_URL.replace(/\/$/, "")}/sign-in#${ticket}`;
}

async function issueLink(call: Call, account: AccountOf, kind: TicketRow["kind"], forMs: number): Promise<Response> {
  const { c, principal, now } = call;
  const secret = await newSecret(account.place);
  const ticket: TicketRow = { kind, user: account.user, madeBy: principalName(principal), expiresAt: now + forMs };
  await ask(call, account.place, (accounts) => accounts.issue(secret.hash, ticket, now));
  return c.json({ url: linkFor(call, secret.text), expiresAt: iso(ticket.expiresAt) }, 201);
}

export const makeOwnerLink: Handler = async (call) => {
  if (call.body["firstOnly"] === true && (await ask(call, hub, (accounts) => accounts.claimed())))
    return call.c.json({ url: null, expiresAt: null }, 201);
  return issueLink(call, await accountOf(call.env, { kind: "hub-owner" }, null), "owner-link", limits.session.ownerLinkMs);
};

/** A person of the tenant whom the asker may hand a session to: whoever signs somebody in could act as them. */
async function lesserPerson(call: Call): Promise<AccountOf> {
  const account = personOf(await snapshotOf(call), call.params["user"] ?? "");
  if (account === null) throw new ApiError("not-found", "nobody active is called that");
  if (account.role === "hub-owner" || !mayGrant(call.principal, account.role))
    throw new ApiError("forbidden", "this person has a higher role than yours");
  return account;
}

export const invite: Handler = async (call) =>
  issueLink(call, await lesserPerson(call), "invitation", limits.session.invitationMs);

export const signOutUser: Handler = async (call) => {
  const { place, user } = await lesserPerson(call);
  return call.c.json({ ended: await ask(call, place, (accounts) => accounts.end(user, { except: null })) });
};

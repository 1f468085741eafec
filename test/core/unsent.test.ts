// Acknowledgments that are not sent yet: what the hub's answers mean for them, and when they are given up.

import { expect, test } from "vitest";
import {
  after,
  asOf,
  isStale,
  lifeMs,
  sameWaiting,
  unsentOf,
  verdictOf,
  type Unsent,
} from "../../admin-ui/src/lib/offline/unsent.ts";

const night = Date.parse("2026-11-24T03:12:00Z");
const press = { tenant: "acme", user: "ana", incident: "inc_1", epoch: 0, title: "Down", severity: "P1" };
const entry = unsentOf(press, "cmd-1", night);
const said = (status: number, body: Record<string, unknown> = {}): Unsent =>
  after(entry, verdictOf(entry, status, body, night + 60_000));
const problem = { detail: "the hub's words" };

test("the hub's own answer ends it", () => {
  expect(said(200, { id: "inc_1" })).toMatchObject({ state: "over", tries: 1, end: { kind: "acknowledged", already: false } });
  expect(said(200, { id: "inc_1", already: true }).end).toMatchObject({ kind: "acknowledged", already: true });
  expect(
    said(409, { ...problem, reason: "illegal", incidentStatus: "acknowledged", by: "bo", since: "2026-11-24T03:20:00Z" }).end,
  ).toMatchObject({ kind: "other", by: "bo", since: "2026-11-24T03:20:00Z" });
  expect(said(409, { ...problem, reason: "closed", incidentStatus: "resolved", by: "eva" }).end).toMatchObject({
    kind: "resolved",
    by: "eva",
  });
  expect(said(409, { ...problem, reason: "stale", incidentStatus: "triggered", by: null }).end).toMatchObject({ kind: "anew" });
  expect(said(403, problem).end).toMatchObject({ kind: "refused", why: "the hub's words" });
});

test("nothing else does: no network, a busy hub, a hotel's page, a proxy's refusal", () => {
  for (const [status, body] of [
    [0, {}],
    [503, problem],
    [502, {}],
    [429, problem],
    [200, {}],
    [200, { id: "inc_2" }],
    [302, {}],
    [403, {}],
    [404, {}],
  ] as const)
    expect(said(status, body)).toMatchObject({ state: "waiting", end: null, tries: 1 });
});

test("a session that is over, or another person's, waits for the right one to sign in", () => {
  expect(said(401, problem)).toMatchObject({ state: "sign-in", end: null });
  expect(said(422, { ...problem, errors: [{ in: "body", path: "as" }] })).toMatchObject({ state: "sign-in", end: null });
  expect(said(422, { ...problem, errors: [{ in: "body", path: "epoch" }] }).end).toMatchObject({ kind: "refused" });
});

test("after an hour it is not sent any more, and says so; what is over stays as it ended", () => {
  expect(asOf(entry, night + lifeMs - 1)).toBe(entry);
  expect(asOf(entry, night + lifeMs)).toMatchObject({ state: "over", end: { kind: "expired", at: night + lifeMs } });
  const acked = said(200, { id: "inc_1" });
  expect(asOf(acked, night + 3 * lifeMs)).toBe(acked);
  expect(isStale(acked, night + lifeMs)).toBe(false);
  expect(isStale(acked, night + 30 * lifeMs)).toBe(true);
});

test("the same press is kept once while it waits; another wave, person or tenant is another", () => {
  expect(sameWaiting([entry], press)).toBe(entry);
  for (const other of [{ epoch: 1 }, { user: "bo" }, { tenant: "other" }, { incident: "inc_2" }])
    expect(sameWaiting([entry], { ...press, ...other })).toBeNull();
  expect(sameWaiting([said(200, { id: "inc_1" })], press)).toBeNull();
});

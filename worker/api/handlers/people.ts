// Owns what people change of themselves: contacts, notification rules, and the test of a contact. Kept as their own
// (worker/tenant/own.ts); a document neither sees nor overwrites it.

import { sendTestPage } from "../../objects/test-page.ts";
import type { UserDefinition } from "../../tenant/definitions.ts";
import { retireDevices } from "../../tenant/devices.ts";
import { etagOf } from "../../tenant/object.ts";
import { ApiError } from "../error.ts";
import { jsonBody, type Call, type Handler } from "../mount.ts";
import { deliveryJson } from "../shapes.ts";
import { limits } from "../../core/limits.ts";
import { change, checkRank, givenBody, loadObject } from "./resources.ts";
import { snapshotOf } from "./tenant.ts";

type Contact = UserDefinition["contacts"][number];
type Words = Pick<UserDefinition, "contacts" | "notify">;

async function userOf(call: Call): Promise<UserDefinition> {
  return (await loadObject(call, "users")).body as unknown as UserDefinition;
}

function noSuchContact(id: string): ApiError {
  return new ApiError("not-found", `this person has no contact ${id}`);
}

/** Rewrites the person's own words; errors come back in paths of what the caller sent. */
async function rewrite(
  call: Call,
  action: string,
  make: (present: Words) => Record<string, unknown>,
  pathOf: (path: string) => string,
): Promise<{ readonly user: UserDefinition; readonly status: 200 | 202; readonly etag: string }> {
  await checkRank(call, "users", {});
  // The kind is users: these are a user's words.
  const patch = (words: { readonly id: string }): unknown => ({ ...words, ...make(words as unknown as Words) });
  const what = { kind: "users" as const, id: call.params["id"] ?? "", action, edit: { verb: "patch" as const, patch } };
  try {
    const { object, inForce } = await change(call, what);
    if (object === null) throw new ApiError("not-found", "there is nothing at this address");
    return { user: object as UserDefinition, status: inForce ? 200 : 202, etag: etagOf(object) };
  } catch (error) {
    const errors = error instanceof ApiError && error.code === "invalid" ? error.extra["errors"] : undefined;
    if (!(error instanceof ApiError) || !Array.isArray(errors)) throw error;
    const told = (errors as { path: string; message: string }[]).map((each) => ({ ...each, path: pathOf(each.path) }));
    throw new ApiError("invalid", told.map((each) => `${each.path ? `${each.path}: ` : ""}${each.message}`).join("; "), {
      errors: told,
    });
  }
}

export const getContacts: Handler = async (call) => {
  const user = await userOf(call);
  return call.c.json({ items: user.contacts, next: null }, 200, { etag: etagOf(user) });
};

export const putContacts: Handler = async (call) => {
  const given = await givenBody(call);
  const action = "users.contacts";
  const unknown = Object.keys(given).filter((key) => key !== "items" && key !== "next");
  if (unknown.length > 0) throw new ApiError("invalid", `unknown: ${unknown.join(", ")}; the body is { items: [contact, …] }`);
  const made = await rewrite(
    call,
    action,
    () => ({ contacts: given["items"] }),
    (path) => path.replace(/^contacts/, "items"),
  );
  return call.c.json({ items: made.user.contacts, next: null }, made.status, { etag: made.etag });
};

/** Paths inside the one contact the caller sent, wherever it stands in the list. */
function insideContact(path: string): string {
  return path.replace(/^contacts(\[\d+\])?\.?/, "");
}

function contactJson(call: Call, made: Awaited<ReturnType<typeof rewrite>>, id: string, status: 200 | 201 | 202): Response {
  const contact = made.user.contacts.find((each) => each.id === id);
  if (contact === undefined) throw noSuchContact(id);
  return call.c.json(contact, status, { etag: made.etag });
}

export const addContact: Handler = async (call) => {
  const given = await givenBody(call);
  const id = typeof given["id"] === "string" ? given["id"] : "";
  const add = ({ contacts }: Words): Record<string, unknown> => {
    if (contacts.some((each) => each.id === id))
      throw new ApiError("conflict", `this person has a contact ${id}: choose another id, or change that one`);
    return { contacts: [...contacts, given] };
  };
  const made = await rewrite(call, "users.contacts", add, insideContact);
  return contactJson(call, made, id, made.status === 200 ? 201 : 202);
};

export const putContact: Handler = async (call) => {
  const given = await givenBody(call);
  const id = call.params["contact"] ?? "";
  const put = ({ contacts }: Words): Record<string, unknown> => {
    if (!contacts.some((each) => each.id === id)) throw noSuchContact(id);
    return { contacts: contacts.map((each): unknown => (each.id === id ? { ...given, id } : each)) };
  };
  const made = await rewrite(call, "users.contacts", put, insideContact);
  return contactJson(call, made, id, made.status);
};

export const deleteContact: Handler = async (call) => {
  const id = call.params["contact"] ?? "";
  const take = ({ contacts, notify }: Words): Record<string, unknown> => {
    if (!contacts.some((each) => each.id === id)) throw noSuchContact(id);
    const rules = Object.entries(notify ?? {}).map(([urgency, list]) => [urgency, list?.filter((rule) => rule.contact !== id)]);
    return {
      contacts: contacts.filter((each: Contact) => each.id !== id),
      ...(notify === undefined ? {} : { notify: Object.fromEntries(rules) as unknown }),
    };
  };
  const made = await rewrite(call, "users.contacts", take, (path) => path);
  return made.status === 200 ? call.c.body(null, 204) : call.c.json({ detail: "saved, not yet in force" }, 202);
};

export const getRules: Handler = async (call) => {
  const user = await userOf(call);
  return call.c.json(user.notify ?? {}, 200, { etag: etagOf(user) });
};

export const putRules: Handler = async (call) => {
  const given = await jsonBody(call.c, limits.api.bodyBytesMax);
  const made = await rewrite(
    call,
    "users.rules",
    () => ({ notify: given }),
    (path) => path.replace(/^notify\.?/, ""),
  );
  return call.c.json(made.user.notify ?? {}, made.status, { etag: made.etag });
};

/** A contact that pages devices and has none is there, and reaches nobody. */
async function noneToTest(call: Call, id: string): Promise<ApiError> {
  const there = (await userOf(call)).contacts.some((each) => each.id === id);
  return there
    ? new ApiError("conflict", `${id} reaches nobody: no device of this person is registered, or none can be reached any more`)
    : noSuchContact(id);
}

export const testContact: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const person = snapshot.users[call.params["id"] ?? ""];
  if (person === undefined) throw new ApiError("not-found", "there is nothing at this address");
  const id = call.params["contact"] ?? "";
  // One that pages devices: any of them shows that pages arrive, `CONTACT.DEVICE` tests a certain one.
  const contact = person.contacts.find((each) => each.id === id) ?? person.contacts.find((each) => each.device?.contact === id);
  if (contact === undefined) throw await noneToTest(call, id);
  const result = await sendTestPage(call.env, { snapshot, person, contact }, call.now);
  if (result.kind === "too-often") {
    const retryAfter = Math.max(1, Math.ceil(result.retryAfterMs / 1_000));
    throw new ApiError("rate-limited", `this contact was tested a moment ago: again in ${retryAfter} s`, { retryAfter });
  }
  const { delivery, outcome } = result;
  if (outcome.status === "failed" && outcome.gone === true) await retireDevices(call.env, call.now);
  const reason = "reason" in outcome ? outcome.reason : (outcome.detail ?? "");
  return call.c.json({ ...deliveryJson(delivery), delivery: delivery.id, outcome: outcome.status, detail: reason });
};

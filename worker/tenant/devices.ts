// Owns registering the devices that people are paged on, at run time: kept whatever a document says, sealed, each with its owner.
// Whoever registers their first is given a contact that pages them.

import { limits } from "../core/limits.ts";
import { fingerprint, seal } from "../security/seal.ts";
import { notifiers } from "../../plugins/registry.gen.ts";
import { forgetGone, listGone, type GoneDevice } from "../store/gone-devices.ts";
import { registrationOf } from "../objects/gone-device.ts";
import { changeTenant, type Plan } from "./apply.ts";
import { deviceId, devicePlace, devicesOf, newDeviceName, pagesDevices } from "./devices-of.ts";
import type { Definitions, DeviceDefinition, UserDefinition } from "./definitions.ts";
import { ownedBy } from "./own.ts";

/** What a browser gives of its subscription, checked. */
export interface Registration {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  /** The hub's public key that it subscribed under. */
  readonly key: string;
}

export interface DeviceInput {
  readonly tenant: string;
  readonly user: string;
  readonly actor: string;
}

type Stop =
  | { readonly kind: "absent" }
  | { readonly kind: "too-many" }
  | { readonly kind: "no-contact"; readonly message: string };
export type DeviceResult =
  | Stop
  | { readonly kind: "busy" }
  | { readonly kind: "invalid"; readonly message: string }
  | {
      readonly kind: "done";
      /** Null: it is gone. */
      readonly device: DeviceDefinition | null;
      readonly user: UserDefinition;
      readonly created: boolean;
      readonly inForce: boolean;
    };

export interface RegisterInput extends DeviceInput {
  readonly registration: Registration;
  readonly label: string;
  readonly agent: string;
  /** The name that this browser was registered under before; its place is taken, where it is still there. */
  readonly replaces: string | null;
}

/** The same registration again, or a new one of the same browser, takes the place of the old. */
export async function registerDevice(env: Env, input: RegisterInput, now: number): Promise<DeviceResult> {
  const { tenant, user, registration, label, agent, replaces } = input;
  const print = await fingerprint(env, `${tenant}/devices/${user}`, registration.endpoint);
  let made: { readonly name: string; readonly created: boolean } | null = null;
  const plan = async (present: Definitions | null): Promise<Plan<Stop>> => {
    const person = present?.users.find((each) => each.id === user && each.active);
    if (present === null || person === undefined) return { stop: { kind: "absent" } };
    const mine = devicesOf(present, user);
    const old = mine.find((each) => each.subscription.print === print) ?? mine.find((each) => each.device === replaces);
    if (old === undefined && mine.length >= limits.device.perPersonMax) return { stop: { kind: "too-many" } };
    const name =
      old?.device ??
      newDeviceName(
        label,
        mine.map((each) => each.device),
      );
    const sealed = await seal(env, devicePlace(tenant, user, name), JSON.stringify(registration));
    const device: DeviceDefinition = {
      id: deviceId(user, name),
      user,
      device: name,
      label:
        old?.label ??
        unusedLabel(
          label,
          mine.map((each) => each.label),
        ),
      agent,
      registeredAt: now,
      subscription: { sealed, print },
      gone: null,
    };
    const paged = withContact(present, person);
    if (typeof paged === "string") return { stop: { kind: "no-contact", message: paged } };
    made = { name, created: old === undefined };
    return { next: withDevice(withUser(present, paged), device), issued: [], errors: [] };
  };
  return changed(env, input, "devices.register", plan, now, () => made);
}

export async function renameDevice(
  env: Env,
  input: DeviceInput & { readonly device: string; readonly label: string },
  now: number,
): Promise<DeviceResult> {
  const plan = async (present: Definitions | null): Promise<Plan<Stop>> => {
    const old = present?.devices.find((each) => each.id === deviceId(input.user, input.device));
    if (present === null || old === undefined) return { stop: { kind: "absent" } };
    return { next: withDevice(present, { ...old, label: input.label }), issued: [], errors: [] };
  };
  return changed(env, input, "devices.rename", plan, now, () => ({ name: input.device, created: false }));
}

/** Takes one device away; null: all of the person's. */
export async function removeDevice(
  env: Env,
  input: DeviceInput & { readonly device: string | null },
  now: number,
): Promise<DeviceResult> {
  const plan = async (present: Definitions | null): Promise<Plan<Stop>> => {
    const gone =
      present === null
        ? []
        : devicesOf(present, input.user).filter((each) => input.device === null || each.device === input.device);
    if (present === null || (gone.length === 0 && input.device !== null)) return { stop: { kind: "absent" } };
    const devices = present.devices.filter((each) => !gone.includes(each));
    return { next: withRuntime({ ...present, devices }), issued: [], errors: [] };
  };
  return changed(env, input, "devices.remove", plan, now, () => null);
}

async function changed(
  env: Env,
  { tenant, user, actor }: DeviceInput,
  action: string,
  plan: (present: Definitions | null) => Promise<Plan<Stop>>,
  now: number,
  made: () => { readonly name: string; readonly created: boolean } | null,
): Promise<DeviceResult> {
  const result = await changeTenant(env, { tenant, actor, action, dryRun: false, again: true, tolerant: true, plan }, now);
  if (result.kind === "stopped") return result.stop;
  if (result.kind === "moved") return { kind: "busy" };
  if (result.kind === "invalid") return { kind: "invalid", message: result.findings[0]?.message ?? "it does not fit the tenant" };
  const person = result.next.users.find((each) => each.id === user);
  if (person === undefined) return { kind: "absent" };
  const what = made();
  const device = what === null ? null : (result.next.devices.find((each) => each.id === deviceId(user, what.name)) ?? null);
  return { kind: "done", device, user: person, created: what?.created ?? false, inForce: result.inForce };
}

/** Two phones of one make are told apart until their owner names them. */
function unusedLabel(label: string, taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const text = n === 1 ? label : `${label} ${n}`;
    if (!taken.includes(text)) return text;
  }
}

/** The person with a contact that pages devices; one they have already is left as it is. In words: why it cannot be. */
function withContact(all: Definitions, person: UserDefinition): UserDefinition | string {
  if (person.contacts.some((each) => pagesDevices(each.via, all, notifiers))) return person;
  const via =
    all.notifiers.find((each) => pagesDevices(each.id, all, notifiers))?.id ??
    Object.values(notifiers).find((each) => each.manifest.devices === true && each.manifest.builtIn === true)?.manifest.id;
  if (via === undefined) return "there is no notifier for devices";
  if (person.contacts.length >= limits.person.contactsMax)
    return `you have ${limits.person.contactsMax} contacts already: take one away, so that one for your devices has a place`;
  const id = newDeviceName(
    "push",
    person.contacts.map((each) => each.id),
  );
  const { own: _own, ...words } = person;
  return ownedBy({ ...words, contacts: [...words.contacts, { id, via, to: "" }] }, person);
}

function withUser(all: Definitions, user: UserDefinition): Definitions {
  return { ...all, users: all.users.map((each) => (each.id === user.id ? user : each)) };
}

function withDevice(all: Definitions, device: DeviceDefinition): Definitions {
  const there = all.devices.some((each) => each.id === device.id);
  const devices = there ? all.devices.map((each) => (each.id === device.id ? device : each)) : [...all.devices, device];
  return withRuntime({ ...all, devices });
}

function withRuntime(all: Definitions): Definitions {
  return { ...all, runtime: { ...all.runtime, devices: all.devices.map((each) => each.id) } };
}

/** The device as push services last spoke of it, also before the sweep has made that part of the definitions. */
export function asNoted(device: DeviceDefinition, noted: readonly GoneDevice[]): DeviceDefinition {
  const registration = registrationOf(device.subscription.sealed);
  const said = noted.find((each) => each.device === device.id && each.registration === registration);
  return said === undefined || device.gone !== null ? device : { ...device, gone: { at: said.at, reason: said.reason } };
}

/** The minute's round: what push services said of devices becomes part of the definitions, so that they are paged no more. */
export async function retireDevices(env: Env, now: number): Promise<void> {
  try {
    for (const gone of await listGone(env.DB, limits.device.retiredAtOnce)) await retire(env, gone, now);
  } catch (error) {
    console.warn("could not look for devices that are gone", String(error));
  }
}

async function retire(env: Env, gone: GoneDevice, now: number): Promise<void> {
  const { tenant, device, at, reason } = gone;
  const plan = async (present: Definitions | null): Promise<Plan<"nothing">> => {
    const old = present?.devices.find((each) => each.id === device);
    if (present === null || old === undefined || old.gone !== null) return { stop: "nothing" };
    // Registered anew since: what is gone is the one before.
    if (registrationOf(old.subscription.sealed) !== gone.registration) return { stop: "nothing" };
    return { next: withDevice(present, { ...old, gone: { at, reason } }), issued: [], errors: [] };
  };
  const how = { tenant, actor: "push-service", action: "devices.gone", dryRun: false, again: true, tolerant: true, plan };
  try {
    const result = await changeTenant(env, how, now);
    if (result.kind === "changed" || result.kind === "stopped") await forgetGone(env.DB, gone);
  } catch (error) {
    console.warn("a device that is gone could not be marked", tenant, String(error));
  }
}

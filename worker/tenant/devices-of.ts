// Owns what a registered device is in the configuration: how it is named, where its registration is sealed, and which contacts
// page it. Pure.

import type { NotifierPlugin } from "../../plugins/sdk/index.ts";
import type { Contact } from "../core/snapshot.ts";
import type { Definitions, DeviceDefinition, UserDefinition } from "./definitions.ts";

type Plugins = Readonly<Record<string, NotifierPlugin>>;

export function deviceId(user: string, device: string): string {
  return `${user}/${device}`;
}

/** The place that a registration is sealed for: moved to another person or tenant it does not open. */
export function devicePlace(tenant: string, user: string, device: string): string {
  return `${tenant}/devices/${user}/${device}`;
}

/** Whether this contact pages devices, and not a `to` of its own. */
export function pagesDevices(via: string, all: Pick<Definitions, "notifiers">, plugins: Plugins): boolean {
  const plugin = all.notifiers.find((each) => each.id === via)?.plugin ?? via;
  return plugins[plugin]?.manifest.devices === true;
}

/**
 * The person's contacts as they are paged. One that pages devices becomes one contact for each that can be reached: every
 * device has its own delivery, so that one that is off or gone says nothing about another. Without any it is none: whoever
 * has no other contact cannot be reached, and the next is paged at once.
 */
export function contactsOf(tenant: string, user: UserDefinition, all: Definitions, plugins: Plugins): Contact[] {
  const devices = all.devices.filter((each) => each.user === user.id && each.gone === null);
  return user.contacts.flatMap(({ id, via, to }): Contact[] => {
    if (!pagesDevices(via, all, plugins)) return [{ id, via, to }];
    return devices.map(({ device, label, subscription }) => ({
      id: `${id}.${device}`,
      via,
      to: label,
      device: { contact: id, place: devicePlace(tenant, user.id, device), sealed: subscription.sealed },
    }));
  });
}

/** A device goes with its owner: somebody else of the same name must not be paged on it. */
export function ownedDevices(all: Definitions): Definitions {
  const users = new Set(all.users.map((user) => user.id));
  const devices = all.devices.filter((each) => users.has(each.user));
  if (devices.length === all.devices.length) return all;
  return { ...all, devices, runtime: { ...all.runtime, devices: devices.map((each) => each.id) } };
}

/** A name for the timeline made of what its owner calls it: `chrome-on-android`, and with a number where that is taken. */
export function newDeviceName(label: string, taken: readonly string[]): string {
  const slug = label
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 32)
    .replaceAll(/^-+|-+$/g, "");
  const base = slug === "" ? "device" : slug;
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (!taken.includes(name)) return name;
  }
}

export function devicesOf(all: Pick<Definitions, "devices">, user: string): readonly DeviceDefinition[] {
  return all.devices.filter((each) => each.user === user);
}

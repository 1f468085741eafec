// Runs first in a plugin's isolate: takes away what a pure function has no use for, so that its absence is a clear error there
// and not a surprise in the middle of a night. The walls themselves are the isolate, its empty environment and its missing network.

export const { parse, stringify } = JSON;
export const { freeze, isFrozen, values } = Object;
export const { isArray } = Array;
export const TextOf = String;
export const Answer = Response;

const kept = new Set(
  `Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error
  AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError globalThis JSON Math Intl
  ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float16Array Float32Array Float64Array
  Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set Iterator WeakMap WeakSet Proxy Reflect decodeURI
  decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite isNaN
  TextEncoder TextDecoder URL URLSearchParams atob btoa structuredClone console`.split(/\s+/),
);

// Its own, and what it inherits (fetch, timers, constructors of streams): `Object.getPrototypeOf(globalThis)` gives nothing either.
for (let from = globalThis; from !== null && from !== Object.prototype; from = Object.getPrototypeOf(from)) {
  for (const name of Object.getOwnPropertyNames(from)) {
    if (kept.has(name) || name === "constructor") continue;
    if (!Reflect.deleteProperty(from, name))
      Reflect.defineProperty(from, name, { value: undefined, writable: false, configurable: false });
  }
}

const silent = () => {};
Reflect.defineProperty(globalThis, "console", {
  value: freeze({ log: silent, info: silent, debug: silent, warn: silent, error: silent, trace: silent }),
});

Math.random = () => {
  throw new Error("a plugin has no chance: Math.random() would make the same alert a new one each time");
};

const RealDate = Date;
const noClock = "a plugin has no clock: take the time from the body";

/** Reads times, and does not know the present one. */
function ClocklessDate(...args) {
  if (new.target === undefined || args.length === 0) throw new Error(noClock);
  return Reflect.construct(RealDate, args, new.target === ClocklessDate ? RealDate : new.target);
}
ClocklessDate.prototype = RealDate.prototype;
ClocklessDate.UTC = RealDate.UTC;
ClocklessDate.parse = RealDate.parse;
ClocklessDate.now = () => {
  throw new Error(noClock);
};
RealDate.prototype.constructor = ClocklessDate;
RealDate.now = ClocklessDate.now;
Reflect.defineProperty(globalThis, "Date", { value: ClocklessDate, writable: true, configurable: true });

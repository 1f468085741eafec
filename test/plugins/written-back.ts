// Owns what the tests of connectors that write back have in common: an event with alerts in it, and a server that keeps state as the
// other system does, whose answers can be lost or replaced one at a time.

import {
  ProviderError,
  type ConnectorPlugin,
  type OutgoingPost,
  type Outcome,
  type WrittenBack,
} from "../../plugins/sdk/index.ts";
import { event } from "./event.ts";
import { bodyOf, listen } from "./http-kit.ts";
import { nodeIo } from "./io.ts";
import { fixedNow } from "./page.ts";

export type PostedAlert = OutgoingPost["incident"]["alerts"][number];

export function alert(
  source: string,
  dedupKey: string,
  labels: Readonly<Record<string, string>> = {},
  firing = true,
): PostedAlert {
  return { integration: source, source, dedupKey, firing, labels, links: [] };
}

const reasons: Readonly<Record<WrittenBack, string>> = {
  acknowledged: "ana has it",
  unacknowledged: "ana gave it back",
  reopened: "ana opened it again",
  resolved: "resolved by ana",
  note: "the disk is <b>really</b> full",
};

/** `seq` is the event's own, and so is its mark. */
export function told(what: WrittenBack, alerts: readonly PostedAlert[], seq = 7): OutgoingPost {
  return {
    ...event,
    type: `incident.${what}`,
    event: { ...event.event, seq, kind: what, reason: reasons[what], data: {} },
    incident: { ...event.incident, alerts },
  };
}

export function markOfEvent(seq = 7): string {
  return `[Tocsin ${event.incident.id}, event ${seq}]`;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface Answered {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Fault = "lost" | Answered;

export interface Sender {
  readonly address: string;
  /** In order, as "METHOD path". */
  readonly asked: Asked[];
  /** What becomes of the next request that matches: its answer is lost after it was carried out, or is this one instead. */
  fault(match: (asked: Asked) => boolean, fault: Fault): void;
}

export async function sender(carryOut: (asked: Asked) => Answered): Promise<Sender> {
  const asked: Asked[] = [];
  const faults: { readonly match: (one: Asked) => boolean; readonly fault: Fault }[] = [];
  const address = await listen(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://sender.test");
    const text = await bodyOf(request);
    const one: Asked = {
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === "" ? null : (JSON.parse(text) as unknown),
    };
    asked.push(one);
    const index = faults.findIndex(({ match }) => match(one));
    const [found] = index < 0 ? [] : faults.splice(index, 1);
    const answer = found === undefined || found.fault === "lost" ? carryOut(one) : found.fault;
    if (found?.fault === "lost") return void request.socket.destroy();
    const { body } = answer;
    response.writeHead(answer.status, {
      "content-type": typeof body === "string" ? "text/html" : "application/json",
      ...answer.headers,
    });
    response.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
  });
  return { address, asked, fault: (match, fault) => void faults.push({ match, fault }) };
}

export function lines({ asked }: Sender): string[] {
  return asked.map(({ method, path }) => `${method} ${path}`);
}

export function writes({ asked }: Sender): Asked[] {
  return asked.filter(({ method }) => method !== "GET");
}

/** One try. */
export async function acts(
  plugin: ConnectorPlugin,
  options: { readonly config: object; readonly secrets: object; readonly event: OutgoingPost; readonly attempt?: number },
): Promise<Outcome | { readonly status: "unsent"; readonly reason: string }> {
  try {
    return await plugin.act(
      {
        event: options.event,
        config: plugin.config.parse(options.config),
        secrets: plugin.secrets.parse(options.secrets),
        attempt: options.attempt ?? 1,
      },
      nodeIo({ now: fixedNow }),
    );
  } catch (error) {
    if (error instanceof ProviderError) return { status: error.kind, reason: error.message };
    throw error;
  }
}

// Owns a small receiver outside of the runtime, for what the Worker posts to the world: keeps every request and gives them
// back at GET /calls/{name}. Started once for all tests of the project.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    readonly receiver: string;
  }
}

interface Received {
  readonly headers: Record<string, unknown>;
  readonly body: unknown;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const calls = new Map<string, Received[]>();
  const server = createServer((request, response) => {
    const name = request.url ?? "";
    if (request.method === "GET") {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(calls.get(name.replace("/calls", "")) ?? []));
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const kept = calls.get(name) ?? [];
      kept.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) as unknown });
      calls.set(name, kept);
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  project.provide("receiver", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return () => new Promise((resolve) => server.close(() => resolve()));
}

// Owns the browsers that look at one tenant: their hibernating WebSockets, told what changed. Says only which incident, or that
// the configuration, never what is in it: whoever hears of it asks the API, which knows what they may see. Keeps nothing on disk.

import { DurableObject } from "cloudflare:workers";
import { limits } from "../core/limits.ts";
import type { LiveChange } from "./rpc.ts";

interface Looker {
  /** Then the browser comes again and is asked again who it is. */
  readonly until: number;
}

export class LiveObject extends DurableObject<Env> {
  /** Cursors of another life of this object (it slept, or moved) say nothing here: their browsers read anew. */
  readonly #life = crypto.randomUUID().slice(0, 8);
  #seq = 0;
  #kept: { readonly seq: number; readonly change: LiveChange }[] = [];

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  async changed(change: LiveChange): Promise<void> {
    this.#seq++;
    this.#kept = [...this.#kept.slice(1 - limits.live.changesKept), { seq: this.#seq, change }];
    const text = JSON.stringify({ type: "changes", cursor: this.#cursor(), changes: [change] });
    const now = Date.now();
    for (const socket of this.ctx.getWebSockets()) {
      try {
        if ((socket.deserializeAttachment() as Looker).until <= now) socket.close(4_001, "come again");
        else socket.send(text);
      } catch {
        // Already going.
      }
    }
  }

  /** The upgrade; the Worker has checked who asks. `?since=`: the last cursor heard. */
  override async fetch(request: Request): Promise<Response> {
    if (this.ctx.getWebSockets().length >= limits.live.socketsMax) return new Response("too many browsers", { status: 503 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    server.serializeAttachment({ until: Date.now() + limits.live.askAgainMs } satisfies Looker);
    server.send(
      JSON.stringify({
        type: "hello",
        cursor: this.#cursor(),
        changes: this.#since(new URL(request.url).searchParams.get("since")),
      }),
    );
    return new Response(null, { status: 101, webSocket: client });
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    socket.close();
  }

  override async webSocketMessage(): Promise<void> {
    // They have nothing to say; pings are answered without waking us.
  }

  #cursor(): string {
    return `${this.#life}.${this.#seq}`;
  }

  /** What was missed since then; null: nobody knows any more, read everything. */
  #since(cursor: string | null): LiveChange[] | null {
    const [life, text] = cursor?.split(".") ?? [];
    const seq = Number(text);
    const oldest = this.#kept[0]?.seq ?? this.#seq + 1;
    if (life !== this.#life || !Number.isInteger(seq) || seq < oldest - 1) return null;
    return this.#kept.filter((each) => each.seq > seq).map((each) => each.change);
  }
}

// Owns reading and writing an SMTP connection: lines in, replies put together, bytes out. Knows no command.

import { ProviderError, type Socket } from "../../sdk/index.ts";

/** One reply, all its lines: `250-SIZE 1000`, `250 OK` is { code: 250, lines: ["SIZE 1000", "OK"] }. */
export interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
}

export interface Wire {
  /** Sends the text and reads the reply to it. */
  ask(text: string): Promise<Reply>;
  read(): Promise<Reply>;
  write(text: string): Promise<void>;
  /** The same conversation over TLS; whatever was received in clear is dropped. */
  startTls(): Promise<Wire>;
  close(): void;
}

const replyBytesMax = 65_536;

export function wireOf(socket: Socket): Wire {
  const reader = socket.readable.getReader();
  const writer = socket.writable.getWriter();
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let buffer = "";

  async function line(): Promise<string> {
    for (;;) {
      const end = buffer.indexOf("\n");
      if (end !== -1) {
        const text = buffer.slice(0, end).replace(/\r$/, "");
        buffer = buffer.slice(end + 1);
        return text;
      }
      const { done, value } = await reader.read().catch(() => ({ done: true as const, value: undefined }));
      if (done || value === undefined) throw lost();
      buffer += decoder.decode(value, { stream: true });
      if (buffer.length > replyBytesMax) throw new ProviderError("unknown", "the mail server's reply is too long");
    }
  }

  async function read(): Promise<Reply> {
    const lines: string[] = [];
    for (;;) {
      const match = /^(\d{3})([ -]?)(.*)$/.exec(await line());
      if (!match) throw new ProviderError("unknown", "this is no mail server: its answer is not SMTP");
      lines.push(match[3] ?? "");
      if (match[2] !== "-") return { code: Number(match[1]), lines };
    }
  }

  async function write(text: string): Promise<void> {
    try {
      await writer.write(encoder.encode(text));
    } catch {
      throw lost();
    }
  }

  function lost(): ProviderError {
    return new ProviderError(
      "unknown",
      socket.expired() ? "the mail server did not answer in time" : "the mail server closed the connection",
    );
  }

  return {
    read,
    write,
    async ask(text) {
      await write(`${text}\r\n`);
      return read();
    },
    async startTls() {
      // Anything said before the handshake was not said by the server we are about to know.
      if (buffer !== "") throw new ProviderError("unsent", "the mail server spoke out of turn before TLS: nothing was sent");
      reader.releaseLock();
      writer.releaseLock();
      return wireOf(socket.startTls());
    },
    close() {
      void socket.close().catch(() => undefined);
    },
  };
}

// Owns what is asked about one integration: a test alert, a new key, its end.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Copyable } from "../../design/copy.tsx";
import { Dialog } from "../../design/dialog.tsx";
import "../../design/editing.css";
import { SelectField, TextField } from "../../design/field.tsx";
import { Trouble } from "../../design/states.tsx";
import { call, Problem, tenant } from "../../lib/api.ts";
import { said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import type { Integration, Issued } from "../../lib/setup-shapes.ts";
import { tell } from "../../lib/toast.ts";
import { words } from "./words.ts";

interface About {
  readonly integration: Integration;
  readonly onClose: () => void;
}

export function problemOf(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, "");
}

export function IssuedKey({ issued }: { readonly issued: Issued }): JSX.Element {
  const w = said(words);
  return (
    <>
      <p class="note">{w.once}</p>
      {issued.mail !== undefined && (
        <>
          <Copyable label={w.mail} value={issued.mail} />
          <p class="soft">{w.mailHint}</p>
        </>
      )}
      {issued.addresses?.map(({ what, url }) => (
        <Copyable key={url} label={what} value={url} />
      ))}
      {issued.url !== undefined && <Copyable label={issued.addresses === undefined ? w.url : w.plainUrl} value={issued.url} />}
      <Copyable label={w.key} value={issued.key} />
    </>
  );
}

type Kind = "trigger" | "resolve" | "own";

/** A body as the sender makes it, the end of the same, or one's own words. */
export function SendTest({ integration, onClose }: About): JSX.Element {
  const w = said(words);
  const [, go] = useLocation();
  const [kind, setKind] = useState<Kind>("trigger");
  const [title, setTitle] = useState(`Test of ${integration.name ?? integration.id}`);
  const [severity, setSeverity] = useState("critical");
  const [page, setPage] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(): Promise<void> {
    if (busy) return;
    setBusy(true);
    try {
      const own = { alert: { title, severity: severity as "critical" } };
      const body = { page, ...(kind === "own" ? own : { example: kind }) };
      const { results } = await call("sendTestAlert", { id: integration.id, body });
      const [first] = results;
      onClose();
      refresh("incidents");
      const incident = first?.incident ?? null;
      tell(w.sent[first?.action ?? ""] ?? w.sentElse(first?.action ?? ""), {
        forMs: 12_000,
        ...(incident === null ? {} : { action: { label: w.show, run: () => go(`/t/${tenant.value}/incidents/${incident}`) } }),
      });
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
    }
  }
  return (
    <Dialog title={w.testTitle} onClose={onClose} onSubmit={() => void submit()}>
      <p class="soft">{w.testText}</p>
      {problem !== null && <Trouble problem={problem} />}
      <SelectField
        label={w.testKind}
        value={kind}
        onChange={(value) => setKind(value as Kind)}
        choices={(["trigger", "resolve", "own"] as const).map((value) => ({ value, text: w.testKinds[value] }))}
      />
      {kind === "own" && (
        <>
          <TextField label={w.alertTitle} value={title} onInput={setTitle} required maxLength={255} />
          <SelectField
            label={w.severity}
            value={severity}
            onChange={setSeverity}
            choices={["critical", "error", "warning", "info"].map((value) => ({ value, text: value }))}
          />
        </>
      )}
      {kind !== "resolve" && (
        <label class="row tick">
          <input type="checkbox" checked={page} onChange={(event) => setPage(event.currentTarget.checked)} />
          <strong>{w.page}</strong>
        </label>
      )}
      <div class="actions">
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button type="submit" tone="go" busy={busy}>
          {w.send}
        </Button>
      </div>
    </Dialog>
  );
}

type Replaced = { readonly issued: Issued } | { readonly secret: string | null };

/** A new key, or a new secret where the integration has one. What it replaces works on for a while. */
export function Rotate({ integration, onClose }: About): JSX.Element {
  const w = said(words);
  const { id } = integration;
  const [what, setWhat] = useState<"key" | "secret">("key");
  const [overlap, setOverlap] = useState("1d");
  const [secret, setSecret] = useState("");
  const [replaced, setReplaced] = useState<Replaced | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  async function submit(): Promise<void> {
    try {
      if (what === "key") {
        const issued = (await call("rotateIntegration", { id, body: { overlap } })).issued?.[0];
        if (issued !== undefined) setReplaced({ issued });
      } else {
        const given = secret.trim() === "" ? {} : { secret: secret.trim() };
        setReplaced({ secret: (await call("rotateIntegrationSecret", { id, body: { overlap, ...given } })).newSecret ?? null });
      }
      refresh("integrations");
    } catch (error) {
      setProblem(problemOf(error));
    }
  }
  return (
    <Dialog title={w.rotateTitle} onClose={onClose}>
      {problem !== null && <Trouble problem={problem} />}
      {replaced === null ? (
        <>
          <p class="soft">{w.rotateText}</p>
          {integration.secret !== undefined && (
            <SelectField
              label={w.what}
              value={what}
              onChange={(value) => setWhat(value as "key" | "secret")}
              choices={(["key", "secret"] as const).map((value) => ({ value, text: w.whats[value] }))}
            />
          )}
          {what === "secret" && (
            <TextField label={w.newSecret} hint={w.newSecretHint} value={secret} onInput={setSecret} autocomplete="off" />
          )}
          <SelectField
            label={w.overlap}
            value={overlap}
            onChange={setOverlap}
            choices={(["1d", "7d", "1h", "0s"] as const).map((value) => ({ value, text: w.overlaps[value] }))}
          />
        </>
      ) : (
        <Shown replaced={replaced} />
      )}
      <div class="actions">
        {replaced === null ? (
          <>
            <Button onClick={onClose}>{w.cancel}</Button>
            <Button tone="go" onClick={submit}>
              {w.replace}
            </Button>
          </>
        ) : (
          <Button tone="go" onClick={onClose}>
            {w.close}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function Shown({ replaced }: { readonly replaced: Replaced }): JSX.Element {
  const w = said(words);
  if ("issued" in replaced) return <IssuedKey issued={replaced.issued} />;
  return replaced.secret === null ? (
    <p>{w.secretKept}</p>
  ) : (
    <>
      <p class="note">{w.onceSecret}</p>
      <Copyable label={w.secret} value={replaced.secret} />
    </>
  );
}

/** Ends an overlap. */
export async function revokeOld(id: string, what: "key" | "secret"): Promise<void> {
  try {
    await call("revokeOldKeys", { id, body: { what } });
    tell(said(words).revoked);
    refresh("integrations");
  } catch (error) {
    tell(problemOf(error).message);
  }
}

export function Remove({ integration, onClose, onDone }: About & { readonly onDone: () => void }): JSX.Element {
  const w = said(words);
  const [problem, setProblem] = useState<Problem | null>(null);
  async function submit(): Promise<void> {
    try {
      await call("deleteIntegration", { id: integration.id, headers: { "if-match": integration.meta.etag } });
      tell(w.removed);
      refresh("integrations", "directory");
      onClose();
      onDone();
    } catch (error) {
      setProblem(problemOf(error));
    }
  }
  return (
    <Dialog title={w.removeTitle(integration.name ?? integration.id)} onClose={onClose}>
      <p>{w.removeText}</p>
      {problem !== null && <Trouble problem={problem} />}
      <div class="actions">
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button tone="bad" onClick={submit}>
          {w.remove}
        </Button>
      </div>
    </Dialog>
  );
}

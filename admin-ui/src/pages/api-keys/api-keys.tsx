// Owns the list of API keys: who made each, what it may, when it was last used; a new one, shown once; one taken back at once.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Copyable } from "../../design/copy.tsx";
import { Dialog } from "../../design/dialog.tsx";
import "../../design/editing.css";
import { SelectField, TextField } from "../../design/field.tsx";
import { Listing } from "../../design/listing.tsx";
import { Moment } from "../../design/marks.tsx";
import { Trouble } from "../../design/states.tsx";
import { Withheld } from "../../design/withheld.tsx";
import { call, Problem, tenant } from "../../lib/api.ts";
import type { ApiKey } from "../../lib/board-shapes.ts";
import { useDirectory } from "../../lib/directory.ts";
import { slugOf, useSaving } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import { usePaged } from "../../lib/paging.ts";
import { refresh } from "../../lib/query.ts";
import { roleDoes, roleName, roles } from "../../lib/roles.ts";
import { may } from "../../lib/session.ts";
import type { Role } from "../../lib/shapes.ts";
import { tell } from "../../lib/toast.ts";
import type { PageProps } from "../../pages.ts";
import "../integrations/integrations.css";
import { words } from "./words.ts";

const dayMs = 86_400_000;
const lives = { "30": 30, "90": 90, "365": 365 } as const;

export default function ApiKeys(_: PageProps): JSX.Element {
  const w = said(words);
  const list = usePaged("api-keys", async () => {
    const { items, next } = await call("listApiKeys");
    return { items: items.toSorted((a, b) => Number(a.state !== "active") - Number(b.state !== "active")), next };
  });
  const [asked, setAsked] = useState<"make" | ApiKey | null>(null);
  return (
    <>
      <Listing
        title={w.title}
        lead={w.lead}
        topic="api-keys"
        list={list}
        by="createApiKey"
        plain
        make={
          <Button icon="plus" tone="go" onClick={() => setAsked("make")}>
            {w.make}
          </Button>
        }
        empty={{ icon: "key", title: w.none, text: w.noneWhy }}
      >
        {(key) => <Line apiKey={key} onRevoke={() => setAsked(key)} />}
      </Listing>
      {asked === "make" && <Make onClose={() => setAsked(null)} />}
      {asked !== null && asked !== "make" && <Revoke apiKey={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

function Line({ apiKey, onRevoke }: { readonly apiKey: ApiKey; readonly onRevoke: () => void }): JSX.Element {
  const w = said(words);
  const { person, timeZone } = useDirectory();
  const { name, id, role, createdBy, createdAt, usedAt, expiresAt, revokedAt, revokedBy, state } = apiKey;
  const over = state !== "active";
  return (
    <>
      <div class={`grow ${over ? "soft" : ""}`}>
        <strong>{name}</strong> {slugOf(name) !== id && <code class="small soft">{id}</code>}
        <p class="soft small">
          {w.madeBy(person(createdBy))} <Moment at={createdAt} as="ago" />
          {" · "}
          {usedAt === null ? (
            w.unused
          ) : (
            <>
              {w.used} <Moment at={usedAt} as="ago" />
            </>
          )}
          {state === "active" && (
            <>
              {" · "}
              {expiresAt === null ? (
                w.noEnd
              ) : (
                <>
                  {w.until} <Moment at={expiresAt} zone={timeZone} />
                </>
              )}
            </>
          )}
          {state === "expired" && expiresAt !== null && (
            <>
              {" · "}
              {w.ended} <Moment at={expiresAt} as="ago" />
            </>
          )}
          {revokedAt !== null && (
            <>
              {" · "}
              {w.revokedBy(person(revokedBy ?? ""))} <Moment at={revokedAt} as="ago" />
            </>
          )}
        </p>
      </div>
      <div class="row">
        <span class="badge">{roleName(role)}</span>
        {over && <span class="badge look">{w.states[state]}</span>}
        {!over && may(role) && (
          <Button size="small" tone="bad" onClick={onRevoke}>
            {w.revoke}
          </Button>
        )}
        {!over && <Withheld by="revokeApiKey" of={role} />}
      </div>
    </>
  );
}

function Make({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const w = said(words);
  const saving = useSaving();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("responder");
  const [life, setLife] = useState<keyof typeof lives | "never">("90");
  const [made, setMade] = useState<string | null>(null);
  async function submit(): Promise<void> {
    if (saving.busy) return;
    const expiresAt = life === "never" ? null : new Date(Date.now() + lives[life] * dayMs).toISOString();
    const done = await saving.save(null, async () => {
      const answer = await call("createApiKey", { body: { name, role, expiresAt } });
      setMade(answer.key);
    });
    if (done) refresh("api-keys");
  }
  if (made !== null)
    return (
      <Dialog title={w.ready(name)} wide onClose={onClose}>
        <p class="note">{w.once}</p>
        <Copyable label={w.key} value={made} />
        <div class="field">
          <span class="label">{w.how}</span>
          <pre class="raw" tabIndex={0}>
            {`curl -H "Authorization: Bearer $TOCSIN_KEY" \\\n  ${location.origin}/api/v1/tenants/${tenant.value}/incidents`}
          </pre>
        </div>
        <div class="actions">
          <Button tone="go" onClick={onClose}>
            {w.done}
          </Button>
        </div>
      </Dialog>
    );
  return (
    <Dialog title={w.make} onClose={onClose} onSubmit={() => void submit()}>
      {saving.problem !== null && saving.wrongAt("name") === null && <Trouble problem={saving.problem} />}
      <TextField
        label={w.name}
        hint={w.nameHint}
        value={name}
        onInput={setName}
        wrong={saving.wrongAt("name")}
        required
        autofocus
        maxLength={80}
      />
      <SelectField
        label={w.role}
        hint={said(roleDoes)[role]}
        value={role}
        wrong={saving.wrongAt("role")}
        onChange={(value) => setRole(value as Role)}
        choices={roles.filter(may).map((value) => ({ value, text: roleName(value) }))}
      />
      <SelectField
        label={w.life}
        value={life}
        wrong={saving.wrongAt("expiresAt")}
        onChange={(value) => setLife(value as typeof life)}
        choices={(["30", "90", "365", "never"] as const).map((value) => ({ value, text: w.lives[value] }))}
      />
      <div class="actions">
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button type="submit" tone="go" busy={saving.busy}>
          {w.make}
        </Button>
      </div>
    </Dialog>
  );
}

function Revoke({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }): JSX.Element {
  const w = said(words);
  const [problem, setProblem] = useState<Problem | null>(null);
  async function revoke(): Promise<void> {
    try {
      await call("revokeApiKey", { id: apiKey.id });
      tell(w.gone(apiKey.name));
      onClose();
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, ""));
    }
    refresh("api-keys");
  }
  return (
    <Dialog title={w.revokeTitle(apiKey.name)} onClose={onClose}>
      <p>{w.revokeWhy}</p>
      {problem !== null && <Trouble problem={problem} />}
      <div class="actions">
        <Button onClick={onClose}>{w.keep}</Button>
        <Button tone="bad" onClick={revoke}>
          {w.revoke}
        </Button>
      </div>
    </Dialog>
  );
}

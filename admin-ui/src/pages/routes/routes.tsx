// Owns the routes of the tenant: read from the top as they are tried, put in order, edited in place, tried before they are saved.

import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Conflict } from "../../design/conflict.tsx";
import { Icon } from "../../design/icon.tsx";
import { SaveBar } from "../../design/save-bar.tsx";
import { Sortable } from "../../design/sortable.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { Withheld } from "../../design/withheld.tsx";
import { call, Problem } from "../../lib/api.ts";
import { moved, useSaving } from "../../lib/editing.ts";
import { useKeys } from "../../lib/keys.ts";
import { said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { allowed } from "../../lib/session.ts";
import type { RouteWords, StoredRoute } from "../../lib/shapes-routes.ts";
import { tell } from "../../lib/toast.ts";
import type { PageProps } from "../../pages.ts";
import { RouteFields } from "./route-fields.tsx";
import { RouteRow } from "./route-row.tsx";
import { words } from "./route-words.ts";
import { clean, freeId, inOrder, readRoutes, same } from "./route-list.ts";
import { useTrial, type Sample, type Verdict } from "./trial.ts";
import { TryPanel } from "./try-panel.tsx";
import "../../design/editing.css";
import "./routes.css";

/** The route that is being edited. `id` null: it is not there yet, and comes before that one. */
interface Editing {
  readonly id: string | null;
  readonly draft: RouteWords;
  readonly etag: string | null;
  readonly before: string | null;
}

/** A row of the list; the new route has no id of its own among the others yet. */
type Line = { readonly key: string; readonly route: RouteWords; readonly stored: StoredRoute | null };
const newKey = " new";

export default function Routes(_: PageProps): JSX.Element {
  const w = said(words);
  const list = useRead("routes", readRoutes);
  const [order, setOrder] = useState<{ readonly ids: readonly string[]; readonly etag: string } | null>(null);
  const [editing, setEditing] = useState<Editing | null>(null);
  const [sample, setSample] = useState<Sample | null>(null);
  const saving = useSaving();
  const savingOrder = useSaving();
  const mayEdit = allowed("replaceRoute");
  const items = list.data?.items ?? [];
  const ordered = order === null ? items : inOrder(items, order.ids);
  const lines = linesOf(ordered, editing);
  const orderDirty = order !== null && ordered.some((each, i) => items[i]?.id !== each.id);
  const base = editing === null ? null : (items.find((each) => each.id === editing.id) ?? null);
  const editDirty = editing !== null && (base === null ? editing.draft.when !== "" : !same(base, editing.draft));
  const drafted = useMemo(
    () => lines.filter(({ route }) => route.when.trim() !== "" && route.id !== "").map(({ route }) => clean(route)),
    [list.data, order, editing],
  );
  const isDraft = orderDirty || editDirty;
  const trying = useTrial(sample, isDraft ? drafted : null, list.data === null ? 0 : items.length);

  useKeys([{ key: "mod+s", does: w.save, run: () => editDirty && void save(editing.etag), always: true }]);
  useEffect(() => {
    if (!editDirty) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [editDirty]);

  function open(next: Editing): void {
    if (editDirty) return tell(w.dirtyElsewhere);
    saving.clear();
    setEditing(next);
  }
  function close(): void {
    saving.clear();
    setEditing(null);
  }
  function edit(route: StoredRoute): void {
    open({ id: route.id, draft: clean(route), etag: route.meta.etag, before: null });
  }
  function add(): void {
    const id = items.some((each) => each.id === "route") ? freeId("route", idsOf(items)) : "route";
    open({ id: null, draft: { id, when: "" }, etag: null, before: ordered[0]?.id ?? null });
  }
  function duplicate(route: RouteWords): void {
    const at = ordered.findIndex((each) => each.id === route.id);
    const copy = { ...clean(route), id: freeId(route.id, idsOf(items)) };
    open({ id: null, draft: copy, etag: null, before: ordered[at + 1]?.id ?? null });
  }
  function move(from: number, to: number): void {
    const next = moved(lines, from, to);
    if (lines[from]?.stored === null)
      return setEditing((now) => (now === null ? null : { ...now, before: next[to + 1]?.stored?.id ?? null }));
    const ids = next.flatMap(({ stored }) => (stored === null ? [] : [stored.id]));
    const at = next.findIndex(({ stored }) => stored === null);
    if (at >= 0) setEditing((now) => (now === null ? null : { ...now, before: next[at + 1]?.stored?.id ?? null }));
    setOrder({ ids, etag: order?.etag ?? list.data?.etag ?? "" });
  }
  /** An order that is not saved yet is one of the routes that are there now. */
  async function reread(change: (ids: readonly string[]) => readonly string[]): Promise<void> {
    if (order !== null) {
      const { etag } = await readRoutes();
      setOrder({ ids: change(order.ids), etag });
    }
    refresh("routes");
  }
  async function save(etag: string | null): Promise<void> {
    if (editing === null) return;
    const { id, draft, before } = editing;
    const body = clean(draft);
    let inForce = true;
    const done = await saving.save(etag, async (headers) => {
      const answer =
        id === null
          ? await call("createRoute", { body, query: before === null ? {} : { before } })
          : await call("replaceRoute", { id, body, headers });
      inForce = answer.meta.inForce !== false;
    });
    if (!done) return;
    setEditing(null);
    await reread((ids) => (id !== null ? ids : placed(ids, draft.id, before)));
    tell(inForce ? w.saved : w.later);
  }
  async function remove(route: StoredRoute): Promise<void> {
    const before = ordered[ordered.findIndex((each) => each.id === route.id) + 1]?.id ?? null;
    const done = await saving.save(route.meta.etag, (headers) => call("deleteRoute", { id: route.id, headers }));
    if (!done) return;
    setEditing(null);
    await reread((ids) => ids.filter((each) => each !== route.id));
    tell(w.removed(route.id), { forMs: 15_000, action: { label: w.undo, run: () => void putBack(route, before) } });
  }
  async function putBack(route: StoredRoute, before: string | null): Promise<void> {
    try {
      await call("createRoute", { body: clean(route), query: before === null ? {} : { before } });
    } catch (error) {
      tell(error instanceof Problem ? error.message : String(error), { tone: "bad" });
    }
    refresh("routes");
  }
  async function saveOrder(etag: string | null): Promise<void> {
    if (order === null) return;
    const done = await savingOrder.save(etag, (headers) => call("orderRoutes", { body: { ids: order.ids }, headers }));
    if (!done) return;
    tell(w.orderSaved);
    // What is shown stays in its new places until it is read again.
    refresh("routes");
    setTimeout(() => setOrder(null), 1_500);
  }

  const { trial } = trying;
  const verdictOf = (id: string): Verdict | null =>
    trial === null ? null : (trial.verdicts.get(id) ?? { kind: "after", why: "" });
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{w.title}</h1>
          <p class="soft">{w.lead}</p>
        </div>
        {mayEdit && (
          <Button icon="plus" tone="go" onClick={add}>
            {w.add}
          </Button>
        )}
      </div>
      <Withheld by="replaceRoute" />
      {list.error !== null && <Trouble problem={list.error} onAgain={() => refresh("routes")} />}
      {list.data === null && list.error === null && <Skeleton lines={6} />}
      {list.data !== null && (
        <div class="routes-page">
          <div class="stack">
            {lines.length === 0 ? (
              <Empty icon="route" title={w.none}>
                <p>{w.noneHint}</p>
              </Empty>
            ) : (
              <div>
                <Listed lines={lines} mayEdit={mayEdit} onMove={move}>
                  {({ key, route, stored }, at) => (
                    <RouteRow
                      key={key}
                      route={route}
                      place={at + 1}
                      verdict={verdictOf(route.id)}
                      mayEdit={mayEdit}
                      onEdit={() => stored !== null && edit(stored)}
                    >
                      {editing !== null && editing.id === (stored?.id ?? null) ? (
                        <form
                          class="stack"
                          onSubmit={(event) => {
                            event.preventDefault();
                            void save(editing.etag);
                          }}
                        >
                          <RouteFields
                            route={editing.draft}
                            isNew={editing.id === null}
                            wrongAt={saving.wrongAt}
                            onChange={(draft) => setEditing({ ...editing, draft })}
                          />
                          <Conflict
                            saving={saving}
                            onTheirs={() => {
                              refresh("routes");
                              close();
                            }}
                            onMine={() => save(null)}
                          />
                          <div class="spread">
                            <div class="row">
                              <Button type="submit" tone="go" busy={saving.busy}>
                                {w.save}
                              </Button>
                              <Button onClick={close}>{w.cancel}</Button>
                            </div>
                            {stored !== null && (
                              <div class="row">
                                <Button tone="quiet" icon="copy" onClick={() => duplicate(route)}>
                                  {w.duplicate}
                                </Button>
                                <Button tone="quiet" icon="trash" onClick={() => remove(stored)}>
                                  {w.remove}
                                </Button>
                              </div>
                            )}
                          </div>
                        </form>
                      ) : null}
                    </RouteRow>
                  )}
                </Listed>
                <div
                  class={`route-end ${trial !== null && [...trial.verdicts.values()].every((each) => each.kind !== "matched") ? "is-matched" : ""}`}
                >
                  <Icon name="down" size={18} />
                  <p>
                    <b>{w.end}</b> {w.endHint}
                  </p>
                </div>
              </div>
            )}
            <SaveBar
              saving={savingOrder}
              dirty={orderDirty}
              label={w.saveOrder}
              onSave={() => saveOrder(order?.etag ?? null)}
              onOver={() => saveOrder(null)}
              onDiscard={() => {
                savingOrder.clear();
                setOrder(null);
                refresh("routes");
              }}
            >
              {w.orderUnsaved}
            </SaveBar>
          </div>
          <TryPanel trying={trying} routes={drafted} draft={isDraft} onSample={setSample} />
        </div>
      )}
    </>
  );
}

/** Who may not put them in order reads a plain list. */
function Listed({
  lines,
  mayEdit,
  onMove,
  children,
}: {
  readonly lines: readonly Line[];
  readonly mayEdit: boolean;
  readonly onMove: (from: number, to: number) => void;
  readonly children: (line: Line, at: number) => JSX.Element;
}): JSX.Element {
  if (mayEdit)
    return (
      <Sortable items={lines} nameOf={({ route }) => route.id} onMove={onMove}>
        {children}
      </Sortable>
    );
  return (
    <ol class="sortable read">
      {lines.map((line, at) => (
        <li key={line.key}>
          <div class="grow">{children(line, at)}</div>
        </li>
      ))}
    </ol>
  );
}

function linesOf(ordered: readonly StoredRoute[], editing: Editing | null): readonly Line[] {
  const lines: readonly Line[] = ordered.map((stored) => ({
    key: stored.id,
    stored,
    route: editing?.id === stored.id ? editing.draft : stored,
  }));
  if (editing === null || editing.id !== null) return lines;
  const found = ordered.findIndex((each) => each.id === editing.before);
  return lines.toSpliced(found < 0 ? lines.length : found, 0, { key: newKey, route: editing.draft, stored: null });
}

function idsOf(items: readonly StoredRoute[]): readonly string[] {
  return items.map((each) => each.id);
}

function placed(ids: readonly string[], id: string, before: string | null): readonly string[] {
  const at = before === null ? -1 : ids.indexOf(before);
  return ids.toSpliced(at < 0 ? ids.length : at, 0, id);
}

// Owns one person's page: how pages reach them, when they are on call, how they sign in.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { Icon } from "../../design/icon.tsx";
import { Avatar, Moment } from "../../design/marks.tsx";
import { Missing } from "../../design/missing.tsx";
import { Remove } from "../../design/remove.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { Withheld } from "../../design/withheld.tsx";
import { call, Problem, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { useSaving } from "../../lib/editing.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { roleName } from "../../lib/roles.ts";
import { allowed, may, session } from "../../lib/session.ts";
import type { Link as SignInLink } from "../../lib/shapes.ts";
import { dateTime, viewerZone } from "../../lib/time.ts";
import { tell } from "../../lib/toast.ts";
import type { PageProps } from "../../pages.ts";
import { Contacts } from "./contacts.tsx";
import { Devices } from "./devices.tsx";
import { PersonDialog } from "./person-dialog.tsx";
import { NotifyRules } from "./rules.tsx";
import "../../design/editing.css";
import "./people.css";

const words = catalogue({
  en: {
    back: "People",
    inactive: "Deactivated",
    edit: "Change",
    invite: "Invite",
    inviteTitle: (name: string) => `A sign-in link for ${name}`,
    inviteWhy: "Give it to them yourself, by a way you trust. It works once; an earlier one is void.",
    until: "Works until",
    copy: "Copy the link",
    copied: "Copied",
    close: "Close",
    out: "Sign out everywhere",
    isOut: "Signed out everywhere",
    shifts: "On call, the next four weeks",
    noShifts: "Not on call in these weeks.",
    teams: "Teams",
    why: "Schedules, policies and teams that name this person must name another first.",
    gone: "Person deleted",
    own: "This page is yours: what you change here is kept, whatever a configuration document says.",
    more: (n: number) => `and ${n} more`,
  },
  es: {
    back: "Personas",
    inactive: "Desactivada",
    edit: "Cambiar",
    invite: "Invitar",
    inviteTitle: (name: string) => `Un enlace de acceso para ${name}`,
    inviteWhy: "Dáselo tú, por una vía de confianza. Funciona una vez; el anterior deja de valer.",
    until: "Funciona hasta",
    copy: "Copiar el enlace",
    copied: "Copiado",
    close: "Cerrar",
    out: "Cerrar todas sus sesiones",
    isOut: "Sesiones cerradas en todas partes",
    shifts: "De guardia, las próximas cuatro semanas",
    noShifts: "Sin guardias en estas semanas.",
    teams: "Equipos",
    why: "Antes, los calendarios, políticas y equipos que nombran a esta persona deben nombrar a otra.",
    gone: "Persona eliminada",
    own: "Esta página es tuya: lo que cambies aquí se conserva, diga lo que diga un documento de configuración.",
    more: (n: number) => `y ${n} más`,
  },
});

const shiftsShown = 6;

export default function Person({ params }: PageProps): JSX.Element {
  const w = said(words);
  const id = params["person"] ?? "";
  const [, go] = useLocation();
  const directory = useDirectory();
  const saving = useSaving();
  const read = useRead(`users/${id}`, () => call("getUser", { id }));
  const [editing, setEditing] = useState(false);
  const [invitation, setInvitation] = useState<SignInLink | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const user = read.data;
  if (user === null)
    return read.error === null ? (
      <Skeleton lines={8} />
    ) : (
      <Missing what="person" id={id} problem={read.error} onAgain={() => refresh("users")} />
    );
  const name = user.name ?? user.id;
  const isMe = session.value?.user === id;
  const mayChange = allowed("putContact", { id }) && (isMe || may(user.role));
  async function attempt(work: () => Promise<unknown>): Promise<void> {
    setProblem(null);
    try {
      await work();
    } catch (error) {
      if (error instanceof Problem) setProblem(error);
    }
  }
  const invite = (): Promise<void> => attempt(async () => setInvitation(await call("invite", { user: id })));
  const signOut = (): Promise<void> =>
    attempt(async () => {
      await call("signOutUser", { user: id });
      tell(w.isOut);
    });
  async function remove(): Promise<void> {
    if (!(await saving.save(null, () => call("deleteUser", { id })))) return;
    refresh("users", "directory", "oncall");
    tell(w.gone);
    go(`/t/${tenant.value}/people`);
  }
  const teams = directory.teams.filter((each) => each.members.includes(id) || each.managers.includes(id));
  return (
    <>
      <div class="page-head">
        <div class="row">
          <Avatar name={name} />
          <div>
            <Link class="crumb" href={`/t/${tenant.value}/people`}>
              <Icon name="left" size={14} />
              {w.back}
            </Link>
            <h1>{name}</h1>
            <p class="soft small">
              {[roleName(user.role), user.email, user.timeZone ?? directory.timeZone].filter(Boolean).join(" · ")}
            </p>
          </div>
          {!user.active && <span class="badge look">{w.inactive}</span>}
        </div>
        {allowed("patchUser") && may(user.role) && (
          <div class="row">
            <Button icon="key" onClick={invite}>
              {w.invite}
            </Button>
            <Button icon="pen" onClick={() => setEditing(true)}>
              {w.edit}
            </Button>
          </div>
        )}
      </div>
      {problem !== null && <Trouble problem={problem} />}
      <Withheld by="putContact" params={{ id }} of={isMe ? "stakeholder" : user.role} />
      {isMe && <p class="soft small">{w.own}</p>}
      <div class="person-page">
        <div class="stack">
          {allowed("listDevices", { id }) && <Devices user={id} />}
          <Contacts user={user} mayChange={mayChange} />
          <NotifyRules user={user} mayChange={mayChange} />
        </div>
        <div class="stack">
          <Shifts id={id} />
          <section class="card" aria-labelledby="teams">
            <header>
              <h2 id="teams">{w.teams}</h2>
            </header>
            <div class="body">
              {teams.length === 0 && <p class="soft">—</p>}
              <ul class="stack-s">
                {teams.map((each) => (
                  <li key={each.id}>
                    <Link href={`/t/${tenant.value}/teams/${each.id}`}>{each.name}</Link>
                  </li>
                ))}
              </ul>
            </div>
          </section>
          {allowed("deleteUser") && may(user.role) && !isMe && (
            <div class="row">
              <Button icon="out" onClick={signOut}>
                {w.out}
              </Button>
              <Remove name={name} why={w.why} problem={saving.problem} onRemove={remove} />
            </div>
          )}
        </div>
      </div>
      {editing && <PersonDialog present={user} onClose={() => setEditing(false)} />}
      {invitation !== null && (
        <Dialog title={w.inviteTitle(name)} onClose={() => setInvitation(null)}>
          <p>{w.inviteWhy}</p>
          <code class="address">{invitation.url}</code>
          {invitation.expiresAt !== null && (
            <p class="soft small">
              {w.until} <Moment at={invitation.expiresAt} />
            </p>
          )}
          <div class="actions">
            <Button onClick={() => setInvitation(null)}>{w.close}</Button>
            <Button
              tone="go"
              icon="copy"
              onClick={async () => {
                await navigator.clipboard.writeText(invitation.url ?? "");
                tell(w.copied);
              }}
            >
              {w.copy}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function Shifts({ id }: { readonly id: string }): JSX.Element {
  const w = said(words);
  const { schedule } = useDirectory();
  const shifts = useRead(`oncall/user/${id}`, () => call("getUserShifts", { id }));
  const items = shifts.data?.items ?? [];
  return (
    <section class="card" aria-labelledby="shifts">
      <header>
        <h2 id="shifts">{w.shifts}</h2>
      </header>
      <div class="body">
        {shifts.error !== null && <Trouble problem={shifts.error} onAgain={() => refresh("oncall")} />}
        {shifts.data === null && shifts.error === null && <Skeleton lines={2} />}
        {shifts.data !== null && items.length === 0 && <p class="soft">{w.noShifts}</p>}
        <ul class="stack-s">
          {items.slice(0, shiftsShown).map((shift) => (
            <li key={shift.schedule + shift.from}>
              <Link href={`/t/${tenant.value}/oncall/schedules/${shift.schedule}`}>{schedule(shift.schedule)}</Link>
              <br />
              <span class="soft small num">
                {dateTime(shift.from, viewerZone)} – {dateTime(shift.to, viewerZone)}
              </span>
            </li>
          ))}
          {items.length > shiftsShown && <li class="soft small">{w.more(items.length - shiftsShown)}</li>}
        </ul>
      </div>
    </section>
  );
}

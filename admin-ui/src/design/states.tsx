// Owns what is shown when there is nothing to show: not yet (skeleton), nothing there (empty), not to be had (trouble).

import type { ComponentChildren, JSX } from "preact";
import type { Problem } from "../lib/api.ts";
import { catalogue, said } from "../lib/messages.ts";
import { Button } from "./button.tsx";
import { Icon, type IconName } from "./icon.tsx";

const words = catalogue({
  en: {
    loading: "Loading",
    again: "Try again",
    unreachable:
      "The hub cannot be reached. Paging does not depend on this page: it goes on. Check your network, then try again.",
    forbidden: "Your role does not allow this. Somebody with a higher one can do it, or change your role.",
    missing: "There is nothing at this address. It may have been removed, or the link is cut off.",
  },
  es: {
    loading: "Cargando",
    again: "Reintentar",
    unreachable: "No se puede contactar con el hub. Los avisos no dependen de esta página: siguen. Comprueba tu red y reintenta.",
    forbidden: "Tu rol no permite esto. Alguien con un rol superior puede hacerlo, o cambiar tu rol.",
    missing: "No hay nada en esta dirección. Puede que se haya eliminado, o que el enlace esté cortado.",
  },
});

/** Lines where text will be. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }): JSX.Element {
  return (
    <div class="stack-s" role="status" aria-label={said(words).loading}>
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} class="skeleton" style={{ width: `${[92, 74, 84, 61][i % 4]}%` }} />
      ))}
    </div>
  );
}

export function Empty({
  icon,
  title,
  whole = false,
  children,
}: {
  readonly icon: IconName;
  readonly title: string;
  /** It is all there is on the page. */
  readonly whole?: boolean;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="empty">
      <Icon name={icon} size={34} />
      {whole ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  );
}

/** What went wrong and what to do about it. */
export function Trouble({ problem, onAgain }: { readonly problem: Problem; readonly onAgain?: () => unknown }): JSX.Element {
  const text =
    problem.status === 0
      ? said(words).unreachable
      : problem.status === 403
        ? said(words).forbidden
        : problem.status === 404
          ? said(words).missing
          : problem.message;
  return (
    <div class="trouble" role="alert">
      <p>{text}</p>
      {onAgain !== undefined && problem.status !== 403 && (
        <Button size="small" onClick={onAgain}>
          {said(words).again}
        </Button>
      )}
    </div>
  );
}

// Owns how the outcome of a test page reads, in the provider's own words where there are any.

import type { JSX } from "preact";
import { Icon } from "../../design/icon.tsx";
import { Problem } from "../../lib/api.ts";
import { catalogue, said } from "../../lib/messages.ts";
import type { Tested } from "../../lib/shapes-oncall.ts";

const words = catalogue({
  en: {
    fine: {
      delivered: "Delivered",
      accepted: "Accepted: look whether it arrived",
      unknown: "Sent, but the answer was lost: look whether it arrived",
    },
    failed: "It did not go out",
  },
  es: {
    fine: {
      delivered: "Entregado",
      accepted: "Aceptado: mira si ha llegado",
      unknown: "Enviado, pero se perdió la respuesta: mira si ha llegado",
    },
    failed: "No ha salido",
  },
});

export type Outcome = Tested | Problem;

export function Told({ outcome }: { readonly outcome: Outcome | undefined }): JSX.Element {
  const w = said(words);
  if (outcome === undefined) return <span role="status" />;
  const fine = outcome instanceof Problem ? undefined : w.fine[outcome.outcome as keyof typeof w.fine];
  const bad = fine === undefined;
  const lost = !(outcome instanceof Problem) && outcome.outcome === "unknown";
  const detail = outcome instanceof Problem ? outcome.message : outcome.detail;
  return (
    <span role="status" class="told">
      <span class={`badge ${bad ? "bad" : lost ? "look" : "go"}`}>
        <Icon name={bad ? "cross" : lost ? "warn" : "check"} size={14} />
        {fine ?? w.failed}
      </span>
      {detail !== "" && <span class="small">{detail}</span>}
    </span>
  );
}

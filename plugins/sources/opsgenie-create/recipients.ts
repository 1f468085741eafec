// Owns who has been notified of an alert, and its attachments, of which this hub keeps none: what is offered is noted on the incident.

import type { Asked, DropInRequest, SourceAlert } from "../../sdk/index.ts";
import { envelope, problem } from "./answers.ts";
import { nameOfAlert } from "./requests.ts";

const namesShownMax = 5;

export function recipientsOfAlert(request: DropInRequest): Asked {
  return lookedAt(request, (alert) => alert.paged.map((each) => recipientJson(each, alert)));
}

/** None, and 404 where there is no alert. */
export function attachmentsOfAlert(request: DropInRequest): Asked {
  return lookedAt(request, () => []);
}

function lookedAt(request: DropInRequest, dataOf: (alert: SourceAlert) => readonly object[]): Asked {
  return {
    kind: "look",
    of: nameOfAlert(request),
    answer: (alert, tookS) =>
      alert === null
        ? envelope(request, 404, { message: `Alert with id [${request.params["id"] ?? ""}] does not exist.` }, tookS)
        : envelope(request, 200, { data: dataOf(alert) }, tookS),
  };
}

function recipientJson({ id, name, at, lastAt }: SourceAlert["paged"][number], alert: SourceAlert): object {
  const [acknowledged, closed] = [alert.acknowledgedBy === id, alert.resolvedBy === id];
  return {
    user: { id, username: name },
    state: acknowledged || closed ? "action" : "notactive",
    method: closed ? "Close" : acknowledged ? "Acknowledge" : "",
    createdAt: new Date(at).toISOString(),
    updatedAt: new Date(Math.max(lastAt, (acknowledged ? alert.acknowledgedAt : null) ?? 0)).toISOString(),
  };
}

/** Not supported, as the product says it; who reads the incident hears that there is something to be had elsewhere. */
export function attachmentOffered(request: DropInRequest): Asked {
  const head = new TextDecoder().decode(request.body);
  const names = [...head.matchAll(/;\s*filename="([^"\r\n]{1,200})"/gi)].slice(0, namesShownMax).map((match) => match[1] ?? "");
  const refusal = problem(request, 403, "Attachments are not kept here.");
  return {
    kind: "orders",
    of: nameOfAlert(request),
    orders: [
      { kind: "note", text: `the source offered an attachment, which is not kept here: ${names.join(", ") || "without a name"}` },
    ],
    answer: ({ alert }) =>
      alert === null
        ? problem(request, 404, `Alert with id [${request.params["id"] ?? ""}] does not exist.`)
        : { ...refusal, body: { code: 40_302, ...(refusal.body as object) } },
  };
}

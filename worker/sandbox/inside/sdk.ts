// What a tenant's own plugin may import as "tocsin/sdk": the readers of plugins/sdk that need nothing but their arguments.
// Proof of the sender, expressions, templates and everything with a network stay outside: the hub does those.

export type { Alert, AlertAction, Link, Severity } from "../../core/alert.ts";
export type { NormalizeInput } from "../../../plugins/sdk/source.ts";
export {
  actionBy,
  alertOf,
  commonSeverities,
  cut,
  firstOf,
  ignored,
  isRecord,
  labelsOf,
  linksOf,
  present,
  severityOf,
  titleOf,
} from "../../../plugins/sdk/text.ts";
export { anyCase, anySpelling, at, listOf, numberOf, recordOf, tagsOf, wordOf } from "../../../plugins/sdk/read.ts";
export { alertmanagerAlerts } from "../../../plugins/sdk/alertmanager.ts";
export { checkKey, readCheck } from "../../../plugins/sdk/checks.ts";
export { boundedKey, digestOf, labelsDigest } from "../../../plugins/sdk/key.ts";
export { plainText } from "../../../plugins/sdk/plain.ts";
export { shortened } from "../../../plugins/sdk/shortened.ts";
export { timeOf, utc } from "../../../plugins/sdk/time.ts";
export { UnreadableError } from "../../../plugins/sdk/unreadable.ts";

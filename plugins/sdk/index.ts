// Owns the plugin contract: what a plugin folder exports. Types and tiny helpers only; a plugin imports nothing else of ours.

export type { Alert, AlertAction, Link, Severity } from "../../worker/core/alert.ts";
export type { OutgoingPage, Outcome, Page, PageReason } from "../../worker/core/page.ts";
export type { SourceManifest, NotifierManifest } from "./manifest.ts";
export type { InboundRequest, NormalizeInput, SourceCredentials, SourcePlugin, Verdict } from "./source.ts";
export type { HttpAnswer, HttpRequest, NotifierIo, NotifierPlugin, SendInput, Socket, TcpOptions } from "./notifier.ts";
export { UnreadableError } from "./unreadable.ts";
export { ProviderError } from "./provider-error.ts";
export { classifyStatus, retryAfterMs } from "./classify.ts";
export {
  alertOf,
  commonSeverities,
  cut,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  present,
  severityOf,
  timeOf,
  titleOf,
} from "./text.ts";
export { hmacSha256, sameText, verifyFresh, verifyHmac, verifyShared } from "./verify.ts";

// Owns the plugin contract: what a plugin folder exports. Types and tiny helpers only; a plugin imports nothing else of ours.

export type { Alert, AlertAction, Link, Severity } from "../../worker/core/alert.ts";
export type { Change } from "../../worker/core/change.ts";
export type { IncidentEvent, OutgoingPost, PostContent } from "../../worker/core/post.ts";
export type { OutgoingPage, Outcome, Page, PageReason } from "../../worker/core/page.ts";
export type { BodyKind, SourceManifest, NotifierManifest, ConnectorManifest } from "./manifest.ts";
export type {
  AlertName,
  AlertOutcome,
  Asked,
  DropIn,
  DropInRequest,
  DropInRoute,
  Order,
  ProductAnswer,
  Refusal,
  SourceAlert,
  SourceRecord,
} from "./drop-in.ts";
export type { Handshake, InboundRequest, KeyStore, NormalizeInput, SourceCredentials, SourcePlugin, Verdict } from "./source.ts";
export type { HttpAnswer, HttpRequest, NotifierIo, NotifierPlugin, SendInput, Socket, TcpOptions } from "./notifier.ts";
export { changeOf } from "./change.ts";
export { linearPattern } from "../../worker/core/linear-pattern.ts";
export { readEach } from "./each.ts";
export { UnreadableError } from "./unreadable.ts";
export { ProviderError } from "./provider-error.ts";
export { classifyStatus, retryAfterMs } from "./classify.ts";
export {
  actionBy,
  alertOf,
  commonSeverities,
  cut,
  firstOf,
  ignored,
  isRecord,
  joined,
  labelsOf,
  linksOf,
  present,
  severityOf,
  titleOf,
} from "./text.ts";
export { alertmanagerAlerts, type AlertmanagerReading } from "./alertmanager.ts";
export { alarmLink, alarmSeries, awsEventAlerts, isAwsEvent, type AwsEventReading } from "./aws-event.ts";
export { verifyRsa } from "./certificate.ts";
export { checkKey, readCheck, type CheckReading } from "./checks.ts";
export { bodyExpression, type BodyScope } from "./body-expression.ts";
export { bodyTemplate, isTemplate } from "./body-template.ts";
export { newBudget, TooCostlyError, type Budget } from "./budget.ts";
export { finishedRun, type FinishedRun } from "./finished-run.ts";
export { shortened } from "./shortened.ts";
export { boundedKey, digestOf, labelsDigest } from "./key.ts";
export { plainText } from "./plain.ts";
export { proofConfig, verifyProof } from "./proof.ts";
export { anyCase, anySpelling, at, listOf, numberOf, recordOf, tagsOf, wordOf } from "./read.ts";
export { timeOf, utc } from "./time.ts";
export {
  hmacSha256,
  sameText,
  verifyField,
  verifyFresh,
  verifyHmac,
  verifyShared,
  verifySigned,
  verifyStandardWebhook,
} from "./verify.ts";
export type { ActInput, ConnectorIo, ConnectorPlugin } from "./connector.ts";
export {
  basicAuthorization,
  bearsMark,
  escapedHtml,
  isSuccess,
  isTestOnly,
  jsonOf,
  markOf,
  refusalOf,
  sentenceOf,
  withoutSecrets,
  writeToEach,
  writtenBack,
  writtenBackOf,
  type WrittenBack,
} from "./write-back.ts";
export { actOnSilences, silenceFor, type SilenceSide } from "./silences.ts";
export { actOnFreshworks, freshworksConfig, freshworksSecrets, type FreshworksProduct } from "./freshworks.ts";
export { extraHeaders, signedHeaders, signingKey } from "./standard-webhooks.ts";

// Owns every bound of the product, in one place. Durations are ms, sizes bytes. Each says why it is what it is.

const hour = 3_600_000;
const day = 24 * hour;

export const limits = {
  ingest: {
    bodyBytesMax: 1_048_576, // larger authenticated bodies become an "unreadable alert" incident (contract §3)
    rawKeptBytesMax: 65_536, // what is kept of a body that cannot be read
    inflatedBytesMax: 2_097_152,
    jsonDepthMax: 32,
    jsonKeysMax: 20_000,
    alertsPerBodyMax: 500,
    bodyReadMs: 10_000,
    receiveMs: 10_000, // RPC to one incident object
    retryAfterS: 5,
  },
  /**
   * A tenant's own plugin on one body. `cpuMs` of processor time, and on a machine that is busy with other things at most `wallMs`;
   * `askMs`: everything, waiting included. `breaker.strikesMax` limits broken within `strikesWithinMs`, and it rests: `restFirstMs`, then
   * twice as long each time. `cells`: the processes of one machine, one tenant's each (decision 14); at one body for `slowMs`, and a second one.
   */
  sandbox: {
    codeCharsMax: 262_144,
    returnCharsMax: 1_048_576,
    returnDepthMax: 16, // a list, alerts, their links and each of those: four
    cpuMs: 500,
    wallMs: 2_000,
    askMs: 8_000,
    codeTriesMax: 4,
    breaker: { strikesMax: 3, strikesWithinMs: 600_000, restFirstMs: 60_000, restMaxMs: hour, kept: 2_000 },
    cells: {
      count: { max: 16, min: 4, memoryBytesEach: 268_435_456, alertsPerTenant: 2, suspectShare: 4, descriptors: 256 },
      memory: { share: 4, bytesMin: 536_870_912, rssBytesMax: 402_653_184, rssBytesRenew: 134_217_728 }, // one part in `share` for all
      times: { slowMs: 50, idleMs: 300_000, idleCpuMs: 300, waitMs: 4_000 }, // `idleCpuMs`: of an idle one in a second
      codes: 200, // kept for the next cell, about 300 KiB each at most
      waiting: { perTenant: 100, perTenantBytes: 16_777_216, all: 1_000, allBytes: 134_217_728 },
    },
  },
  /**
   * A mail on its way in. `bytesMax`: of a longer one the first part is read, attachments come last. Texts and headers as they go into
   * the document that is kept and can be let in again.
   */
  mail: {
    bytesMax: 10_485_760,
    textCharsMax: 65_536,
    htmlCharsMax: 131_072,
    headersMax: 100,
    headerCharsMax: 2_048,
    attachmentsMax: 50,
  },
  /**
   * The last bodies of one integration. A longer one is cut to `cutBytes`, and says so. `kept`: how many of each kind, so that no flood
   * pushes out the one that nobody could read. `everyMs`, `atOnce`: in a storm an isolate writes so many so often and counts the
   * others. `keepMs`: where a tenant says nothing. `doorCharsMax`: of the address at another product's door.
   */
  received: {
    bodyBytesMax: 262_144,
    cutBytes: 65_536,
    kept: { read: 200, unread: 200, refused: 50 },
    bytesMax: 16_777_216,
    everyMs: 1_000,
    atOnce: 10,
    askMs: 5_000,
    keepMs: 7 * day,
    keepMsMin: hour,
    keepMsMax: 90 * day,
    headersMax: 50,
    headerCharsMax: 512,
    alertsMax: 50,
    replaysKept: 5,
    startChars: 160,
    linesMax: 5_000, // integrations of which an isolate has bodies waiting
    doorCharsMax: 4_096,
    replayMax: 50,
    previewMax: 20,
  },
  /**
   * Bodies that nobody can read. `askEveryMs`, `askOpenEveryMs`: an isolate asks no oftener whether incidents of them are open for an
   * integration, when none was and when some are. `rememberedMax`: open ones, and kinds of reasons of one; what is not closes by hand.
   * `ackHoldsMs`, `snoozeHoldsMs`: for so long an acknowledgment and a snooze hold against further bodies (decision 16).
   */
  unreadable: {
    askMs: 3_000,
    askEveryMs: 60_000,
    askOpenEveryMs: 1_000,
    rememberedMax: 20,
    ackHoldsMs: 900_000,
    snoozeHoldsMs: hour,
  },
  alert: {
    titleCharsMax: 255,
    bodyCharsMax: 32_768,
    labelsMax: 128,
    labelKeyCharsMax: 128,
    labelValueCharsMax: 1_024,
    linksMax: 16,
    linkCharsMax: 4_096, // longer ones are left out: no phone opens them
    dedupKeyCharsMax: 512,
    expiresInMsMax: 31 * day, // an alert that says it holds for longer is not watched for its end
  },
  /**
   * What was deployed or altered. Kept `keepMs`, and of one tenant the newest `perTenantMax`; tidied at most each `tidy.everyMs`.
   * Around an incident: `beforeMs` before it began, and `afterMs` after, as two clocks never agree. `store`: all tries end before the
   * 30 s that the platform leaves us after an answer. `admit`: what one isolate takes of one tenant. `partBytesMax`: of labels, of links.
   */
  changes: {
    perBodyMax: 100,
    summaryCharsMax: 1_024,
    bodyCharsMax: 4_096,
    labelsMax: 64,
    partBytesMax: 16_384,
    foundCharsMax: 2_048,
    keepMs: 90 * day,
    perTenantMax: 20_000,
    tidy: { everyMs: 600_000, tenantsKept: 5_000, limitMs: 10_000, rowsAtOnce: 500, timesMax: 20 },
    store: { tryMs: 5_000, pausesMs: [1_000, 5_000, 10_000], withinMs: 25_000 },
    admit: { everyMs: 60_000, atOnce: 500, tenantsKept: 5_000 },
    beforeMs: day,
    afterMs: 300_000,
  },
  incident: {
    alertsMax: 1_000,
    deliveriesKept: 200, // terminal deliveries kept in the object's working state; older ones live in D1 only
    commandsRemembered: 64,
    seenDeliveriesKept: 32,
    noteCharsMax: 10_000,
    rawsKept: 20, // bodies kept as they came: of the first alerts of an incident
    pendingMax: 100,
    pendingIdleMax: 30, // wakes in a row of which nothing comes, after which a forecast ends
    mergeHopsMax: 8, // incidents merged into one that was merged into another …: an alert is passed on so often
    settleRoundsMax: 500, // sends and questions answered in one moment of a forecast
  },
  policy: {
    stepsMax: 50,
    targetsMax: 100,
    escalateAfterMsMin: 1_000,
    escalateAfterWarnMs: 30_000,
    escalateAfterMsMax: 7 * day,
    repeatMax: 20,
    retriesMax: 20,
    acksRequiredMax: 50,
    besideMax: 20, // policies running beside an incident's own
    pickMs: 400, // a step that waits to hear whose turn it is goes on after this, with one drawn
  },
  person: { contactsMax: 20, rulesMax: 20, ruleAfterMsMax: day },
  /** What people register to be paged on. Endpoints of push services are 150 to 500 characters long. `retiredAtOnce`: a minute. */
  device: { perPersonMax: 10, labelCharsMax: 60, endpointCharsMax: 2_000, retiredAtOnce: 50, noteMs: 5_000, notedKept: 1_000 },
  send: {
    inFlightMax: 5, // sends of one incident in flight; the platform allows six open connections
    leaseMarginMs: 5_000, // lease = the channel's limit + this
    limitMsDefault: 10_000,
    backoffFirstMs: 5_000,
    backoffMaxMs: 60_000,
    /** A try is not repeated later than this after it fell due: a page about breakfast at breakfast is noise. */
    giveUpAfterMs: hour,
    attemptsMax: 100,
    retryAfterMsMax: 600_000,
    attemptsKept: 20,
    responseBytesMax: 65_536,
    redirectsMax: 3, // of a text fetched from elsewhere
    callTries: 3, // of a call to one of our own objects
    /** A TCP conversation is closed this long before its channel's limit, so that it can still say how far it came. */
    closeBeforeMs: 2_000,
  },
  /** Posts to connectors. `inFlightMax` beside the pages' five makes the platform's six; a receiver may be away for a day. */
  post: {
    inFlightMax: 1,
    connectorsMax: 50,
    alertsMax: 20, // one post tells of so many alerts to write back; the next ones are a post of their own
    senderLabelBytesMax: 8_192, // what is kept of an alert to be written back, bytes of its labels
    /**
     * For so long after a try, what a sender says of the same kind is taken as an echo once the incident has moved on: a page too
     * many is better than one that an echo ended.
     */
    echoMs: 600_000,
    waitingMax: 300,
    kept: 100,
    attemptsMax: 200,
    giveUpAfterMs: day,
    backoffMaxMs: 900_000,
    retryAfterMsMax: hour,
  },
  escalation: {
    directTimeoutMs: 600_000, // a user assigned by hand who does not acknowledge: back to the policy (features.md §4.11)
    undoMs: 30_000,
    ackTimeoutsMax: 5,
    uncoveredRetryMs: 60_000, // nobody reached at all: try again this often
    snoozeMsMin: 60_000,
    snoozeMsMax: 7 * day,
    sameContactMs: 60_000, // the same contact paged twice by two levels within this is one page (features.md §4.8)
  },
  /** Zones and stretches of 64 days of each that an isolate remembers the offsets of. */
  zone: { kept: 200, blocksKept: 500 },
  /** `daysMax`: how far ahead a calendar is looked through before "never" is the answer. */
  calendar: { perTenantMax: 500, windowsMax: 50, holidaysMax: 1_000, holidaysShown: 100, daysMax: 3_700 },
  oncall: {
    dutyBlocksKept: 70, // of 28 days each, a layer: five years
    /** Handoffs of one rule that are followed from its start, and how many a year may have: enough for 45 years. */
    occurrencesMax: 50_000,
    occurrencesPerYearMax: 1_100,
    horizonMs: 750 * day, // a shift that lasts longer both ways has no ends: "always"
    layersMax: 20,
    slotsMax: 200,
    slotPeopleMax: 50,
    restrictionsMax: 50,
    overridesMax: 500,
    formerRulesMax: 30, // former rules of a layer that are kept, so that the past stays what it was
    /** Imported calendars: none is asked for oftener than each `everyMs`, `atOnce` of them a minute. Feeds of a person or schedule. */
    imported: { eventsMax: 2_000, bytesMax: 2_000_000, everyMs: 300_000, atOnce: 10, fetchMs: 10_000 },
    feed: { perOwnerMax: 20, eventsMax: 2_000 },
    rangeMsMax: 400 * day, // the longest stretch of time one question may ask about
    askMs: 2_000,
    handoffsShown: 8,
  },
  heartbeat: {
    everyMsMin: 1_000,
    everyMsMax: 366 * day,
    graceMsMax: 30 * day,
    graceMsDefault: 300_000,
    graceMsWarn: 60_000, // under this a beat that is a little late, or a restart of the hub, is soon a page
    excuseMsMax: hour, // after the hub itself was down a beat is waited for grace and one period, of which this much at most
    repeatMsMin: hour, // a heartbeat that stays silent repeats its alert at each further missed time, at most this often
    /** Kept for an incident object that cannot be told. */
    reportsMax: 10,
    reportBackoffFirstMs: 1_000,
    reportBackoffMaxMs: 60_000,
    bodyCharsMax: 10_000,
    runCharsMax: 64,
    /** Beats of one kind within this (and a tenth of the period) are one: the first is durable and says the same. */
    sameBeatMs: 1_000,
    cronsKept: 2_000,
    perTenantMax: 2_000,
    /** The minute's tick was not seen for this long: the hub was down. Cron on Cloudflare may be two minutes late. */
    outageAfterMs: 180_000,
    outagesKept: 50,
    beatMs: 5_000,
    toldAtOnce: 20,
    tellRetryMs: 30_000,
    tellRoundsMax: 40,
  },
  /** `spellsKept`: stays in pausing states that an incident remembers. */
  sla: {
    perTenantMax: 200,
    warnBeforeMs: 1_800_000,
    targetMsMin: 60_000,
    targetMsMax: 366 * day,
    warningsMax: 10,
    spellsKept: 100,
  },
  expression: { charsMax: 4_096, nodesMax: 1_000, depthMax: 50, patternCharsMax: 512, patternsKept: 1_000, programsKept: 2_000 },
  /** What an editor proposes: labels of the newest incidents, with some of their values. */
  expressionWords: { incidentsRead: 200, labelsMax: 200, valuesMax: 8, valueCharsMax: 80 },
  /**
   * Reading a body by a tenant's own expressions and templates: steps for all of them together, of which a million take about as
   * many microseconds. Texts of the body longer than `textCharsMax` are cut before they are read.
   */
  mapping: { stepsMax: 1_000_000, charsMax: 4_096, nodesMax: 400, textCharsMax: 65_536, programsKept: 2_000 },
  /** One alert is asked of every route: see test/bench/routing.mjs for what a thousand cost. */
  routing: { routesMax: 1_000, policiesMax: 10, lookupsMax: 50, lookupRowsMax: 2_000, thresholdMax: 500 },
  /** Successors of one group that an alert is sent on through; each hop is remembered, so that the next alert needs one. */
  grouping: { hopsMax: 50, askMs: 3_000 },
  /**
   * How far a recurring window is looked through; `slackMs`: more than any clock change; `lookMs`: an incident that is muted
   * looks this often whether its window was ended early, should it not have been told.
   */
  maintenance: { lookAheadMs: 740 * day, slackMs: 26 * hour, perTenantMax: 1_000, lengthMsMax: 31 * day, lookMs: 600_000 },
  /** Telling open incidents that a window or silence changed. */
  quietNews: { perShardMax: 1_000, atOnce: 5, askMs: 5_000 },
  silence: { reasonCharsMax: 1_000, perTenantMax: 1_000 },
  /** Asked before a page, never waited for longer than `askMs`. `recheckMs`: a muted incident asks again whether it still is. */
  gate: { askMs: 300, confirmMs: 150, recheckMs: 60_000, trustMs: 60_000, mutedMax: 1_000, calmMs: 300_000 },
  /**
   * What one isolate takes of one integration, and from one that has a rate of its own: `leases` parts of it at a time, so that
   * few requests ask. An incident says so at most each `noticeMs`.
   */
  rate: { count: 300_000, withinMs: 60_000, leases: 100, noticeMs: 60_000, countMax: 1_000_000, keptMax: 5_000 },
  /**
   * Bundling of one person's pages: what a tenant that says nothing gets, and the bounds. `carrierMs`: a summary that is not heard
   * of for so long is taken as lost; `settleMs`: those in it ask again; `marginMs`: this long before its incident moves on a
   * page does not wait any more.
   */
  bundle: {
    after: 3,
    withinMs: 60_000,
    everyMs: 120_000,
    askMs: 300,
    marginMs: 15_000,
    carrierMs: 90_000,
    settleMs: 5_000,
    kept: { waitingMax: 500, recentMax: 200, carried: 1_000, lanesMax: 20, listedMax: 20 },
  },
  /** The record of re-opens; `silentMsMax`: an incident that flaps pages again after this, whatever it does. */
  flapping: { reopens: 3, withinMs: 1_800_000, steadyMs: 300_000, silentMsMax: 1_800_000 },
  /** `coldMs`: an isolate without a copy waits this long. `darkMs`: a Directory that did not answer is left alone this long. */
  directory: {
    askMs: 300,
    freshMs: 5_000,
    isolateCacheMs: 5_000,
    coldMs: 5_000,
    darkMs: 1_000,
    publishMs: 10_000,
    tenantsKept: 500,
    pieceCharsMax: 500_000,
  },
  /** What an isolate remembers of ingest keys. Unknown ones apart: guessing must not push the known ones out. */
  keys: { foundMs: 60_000, missingMs: 5_000, foundKept: 5_000, missingKept: 1_000, overlapMsMax: 30 * day },
  /** A sender's certificates and subscription confirmations: on the way of an alert, so quick; SNS itself waits 15 s. */
  keyFetch: { limitMs: 5_000, charsMax: 65_536, keptMs: hour, keptMax: 100 },
  inbox: { kept: 1_000 },
  /** `turnsKept`: answers remembered, so that a repeated question does not use up a second turn. */
  pointer: { askMs: 300, turnsKept: 10_000 },
  /** How far back the health of notifiers and connectors is read, how many of the newest deliveries, how many of its users are named. */
  sendingHealth: { backMs: 7 * day, rowsMax: 5_000, usersNamed: 50 },
  /** Test pages: one by a contact in `perContactMs`, at most so many of a person's in `windowMs`. They cost money. */
  testPage: { perContactMs: 20_000, windowMs: 600_000, inWindowMax: 10 },
  flush: { everyMs: 3_000, rowsMax: 200, backoffFirstMs: 1_000, backoffMaxMs: 60_000, timeoutMs: 10_000 },
  watch: { shards: 64, graceMs: 60_000, idleMs: hour, registerRetryMs: 5_000, healAfterMs: 30_000 },
  /** The minute's look at all watch shards, and a shard's at what is overdue in it. */
  sweep: { shardsAtOnce: 8, shardMs: 25_000, beatMs: 10_000, pokeMs: 10_000, pokesAtOnce: 5, pokesPerShard: 500 },
  /** `skewMs`: clocks of two machines that both keep time. A real token is about 400 characters. */
  link: { ttlMs: 7 * day, skewMs: 60_000, tokenCharsMax: 2_048 },
  respond: {
    bodyBytesMax: 131_072, // a note of noteCharsMax in UTF-8, percent-encoded, and the form around it
    askMs: 10_000, // view, timeline or command, to the incident's object
    /** Mail scanners follow and click links within seconds of the hand-off: such a press is asked to confirm. */
    handOffMs: 10_000,
    linesShown: 6,
    linesRead: 60, // how far back in the record those lines are looked for
    labelsShown: 64,
    bodyCharsShown: 1_000,
    othersShown: 300, // to choose from, when somebody is called in
    callInCharsMax: 500,
  },
  /**
   * Open files on a single machine. `reserved`: 64 watch and 16 index shards at three each (240), client sockets (130 in a
   * storm), the runtime's own, D1 and the objects there is one of (70), and the people's and those that alarms wake meanwhile.
   */
  descriptors: { perObject: 3, reserved: 600, openMs: 12_000, objectsMin: 16 },
  /** Whoever may break more is asked again sooner. `touchMs`: a use is noted at most this often. */
  session: {
    admins: { idleMs: 8 * hour, absoluteMs: 24 * hour },
    people: { idleMs: 14 * day, absoluteMs: 30 * day },
    touchMs: 60_000,
    askMs: 5_000,
    perUserMax: 50,
    passkeysMax: 20,
    ownerLinkMs: 24 * hour,
    invitationMs: 7 * day,
    challengeMs: 300_000,
  },
  /** A tenant's API keys. `touchMs`: how coarsely their last use is noted; `keptMs`: how long one that is over stays listed. */
  apiKeys: { perTenantMax: 200, touchMs: 600_000, keptMs: 90 * day },
  /** Changes of a tenant that the browsers looking on are told of; a browser that was away longer reads anew. `askAgainMs`: then it is asked anew who it is. */
  live: { changesKept: 200, tellMs: 2_000, socketsMax: 2_000, askAgainMs: 900_000 },
  /**
   * Plugins that tenants wrote themselves. `codeKept`: codes an isolate remembers. `graceMs`: code that no version names is kept this
   * long by the Directory, as its version may be on its way.
   */
  ownPlugins: {
    perTenantMax: 40,
    versionsMax: 40,
    sourceCharsMax: 262_144,
    noteCharsMax: 500,
    fixtures: { max: 30, charsMax: 131_072, allCharsMax: 600_000 },
    uploadBytesMax: 2_000_000,
    alertsShown: 20,
    kitMs: 20_000,
    codeKept: 200,
    askMs: 2_000,
    graceMs: 600_000,
  },
  api: {
    bodyBytesMax: 262_144,
    documentBytesMax: 2_000_000,
    errorsMax: 50, // told of one document
    askMs: 5_000, // an object, or the store, behind a page
    askedAtOnce: 10,
    commandMs: 10_000,
    checkMs: 2_000, // readiness
    shownMax: 50, // a person's own pages, and the others paged with them
    alsoMax: 20,
    changeTriesMax: 30, // rounds of planning anew when others save meanwhile: each round lets one of them through
    simulateBytesMax: 3_500_000, // a body, its headers and a whole draft document
  },
  /**
   * `planMax`: a plan's items; more are cut, and it says so. `nowMs`: an instant this near is now: what is open can be asked about.
   * `replayMax`: kept bodies of one replay, with so many incidents looked at for each: not every one holds a body of the integration.
   */
  simulate: { planMax: 500, idleMax: 500, alertsMax: 100, nowMs: 60_000, replayMax: 50, lookedAtPerBody: 4 },
  /**
   * D1 takes no value over 2,000,000 bytes: rows go into a statement up to `valueBytesMax`; and no more than five queries in one.
   * `…Tries`: a save, an audit entry, built anew because another audit entry came between.
   */
  store: { valueBytesMax: 1_000_000, unionMax: 4, saveTries: 3, recordTries: 5 },
  list: { pageDefault: 50, pageMax: 200, degradedMax: 100, walkedMs: 30 * day },
  /** Of a whole tenant. */
  removal: { askMs: 10_000, openMax: 1_000, flushWaitMs: 15_000, keysAtOnce: 500, purgeMs: 20_000 },
} as const;

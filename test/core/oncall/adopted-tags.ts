// Owns which choices of other products are ours too, and which are not, with the reason. Every policy tag of an on-call case
// stands in one of the two lists; a case is run when all of its tags are adopted.

/** What we do as well. */
export const adopted: Readonly<Record<string, string>> = {
  "dst:wall-clock": "days, weeks, months and windows keep to the clock on the wall",
  "hourly-dst:wall-clock": "hours that divide a day keep to the clock",
  "layers:priority": "the later layer wins",
  "layers:union": "`combine: union`",
  "same-priority:union": "layers of one `priority` are on call together",
  "rotation:skip-fully-restricted-turns": "skipEmptyTurns, the default",
  "rotation:skip-unselected-days": "the same, for a daily rotation with days off",
  "turns:skipped-before-rotation-start": "rules before a dated edit are kept as former rules; turns are counted from the start",
  "rotation:explicit-state": "a layer's `position`",
  "participants:keep-active-user": "who is on call stays on call when members are edited",
  "before-start:grid-extends": "a `handoff` grid is not bound to the layer's start",
  "override:by-user": "`replace`, `add`, `clear`",
  "override:take-over": "`take-over`, gaps included",
  "override:per-layer": "an override's `layers`",
  "override:no-chaining": "a replacement is by whose place it is",
  "override:newest-wins": "by when it was saved",
  "override:clamped-to-shifts": "a replacement acts only while the other would be on call",
  "override:unassigned-keeps-original": "an override without a person changes nothing",
  "override:conflict-refused": "a second equal override for the same person at the same time is refused",
  "swap:replaces-user-within-shifts": "a swap that was taken is a replacement",
  "history:recorded": "former rules are kept: what was does not change",
  "order:last-layer-wins": "the later layer wins",
  "empty-shift:dropped-from-final": "a slot without anybody is no shift",
  "ineligible:skipped": "who cannot be paged is not counted as on call",
  "coverage:no-trailing-gap": "asked only up to the last shift's end",
};

/** What we decided otherwise. */
export const notAdopted: Readonly<Record<string, string>> = {
  "dst:elapsed": "a day that is always 24 h moves the handoff by an hour twice a year; its own documentation advises against it",
  "month-end:clamp-and-stay": "a handoff on the 31st comes back to the 31st after a short month",
  "restriction:empty-list-means-none": "no restrictions at all is always on call: an empty list must not silence a layer",
  "rotation:turn-is-calendar-week": "turns are counted from the handoff, not from the week's first day",
  "rotation:turn-is-calendar-month": "the same",
  "temporary:replaces-all": "take-overs and `clear` say the same, one by one; there is no list of shifts as an object",
  "override:union-of-overrides": "the newest wins",
  "same-priority:first-layer": "layers of one priority are on call together",
  "week:calendar-fill": "shifts are computed, never planned ahead into a calendar",
  "next:least-recent": "the same: order is the list's",
  "next:round-robin": "the same",
  "empty-shift:reported": "a slot without anybody is a gap",
  "empty-shift:counts-as-covered": "a slot without anybody is a gap",
  "coverage:next-30-days": "the range is the asker's",
  "coverage:grafana-score": "no score: gaps and load are shown as they are",
  "ical:all-day-is-utc-day": "an all-day event is a day of the calendar's own zone",
  "product-quirk": "a quirk",
  "report:ooh-days": "a pay rule of one company; our load counts hours",
};

/** Kinds of case that ask about something we do not have. */
export const notOurKinds: Readonly<Record<string, string>> = {
  "rotation.weekly_plan": "planning ahead into a calendar",
  "rotation.populate": "planning ahead into a calendar",
  "rotation.next_user": "planning ahead into a calendar",
  "rotation.suggest": "planning ahead into a calendar",
  "rotation.validate": "a length that is no number from 1 is refused by the document's shape",
  "override.applicable": "overrides belong to a schedule, not to a policy",
  "rotation.reorder": "a list is edited whole",
  "swap.status": "no swap requests: an override is the swap",
  "swap.take": "no swap requests",
  "swap.exchange": "no swap requests",
  "tempschedule.op": "no temporary schedules",
  "override.notify": "who is told is not the schedule's",
  "coverage.quality": "no score",
  "coverage.check": "gaps are tested by coverage.gaps",
  "coverage.state": "no states: the gaps are shown",
  "support_hours.outside": "business hours are tested in calendar.test.ts",
};

/** Single cases in which a product decided otherwise although no tag says so. */
export const notAdoptedCases: Readonly<Record<string, string>> = {
  "goalert.rotation.handoffs.04":
    "a handoff in the skipped hour is read with the offset before the gap (RFC 5545 §3.3.5): 03:30, not the first instant after it",
  "oneuptime.override.utilexhaustive.override-ending-mid-second-after-event-start-still-no-substituti":
    "bounds are compared to the millisecond, not the second",
};

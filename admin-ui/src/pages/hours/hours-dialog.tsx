// Owns reading, editing and making one calendar of business hours: the week, the holidays, a calendar of holidays to import.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Field, TextField } from "../../design/field.tsx";
import { NameFields, ObjectDialog } from "../../design/object-dialog.tsx";
import { call } from "../../lib/api.ts";
import type { HoursWords } from "../../lib/board-shapes.ts";
import { useDirectory } from "../../lib/directory.ts";
import { replaced, without } from "../../lib/editing.ts";
import { language, said } from "../../lib/messages.ts";
import { useObject, type Edited } from "../../lib/object.ts";
import { useRead } from "../../lib/query.ts";
import type { Day, Restriction } from "../../lib/shapes-oncall.ts";
import { dateTime } from "../../lib/time.ts";
import { allZones } from "../../lib/zones.ts";
import { HoursWindow } from "../oncall/hours-window.tsx";
import "./hours.css";
import { Now } from "./hours.tsx";
import { words } from "./words.ts";

const office: Restriction = { days: ["MO", "TU", "WE", "TH", "FR"], from: "09:00", to: "18:00" };
const empty: HoursWords = { id: "", hours: [office], holidays: [], ical: null };

type Body = Omit<HoursWords, "hours" | "holidays"> & {
  readonly hours: { days: Day[]; from: string; to: string }[];
  readonly holidays: string[];
};

function written({ hours, holidays, ...rest }: HoursWords): Body {
  return { ...rest, hours: hours.map((each) => ({ ...each, days: [...each.days] })), holidays: [...holidays] };
}

export function HoursDialog({ id: asked, onClose }: { readonly id: string; readonly onClose: () => void }): JSX.Element {
  const w = said(words);
  const object = useObject<HoursWords>({
    asked,
    empty,
    get: (id) => call("getCalendar", { id }),
    create: (body) => call("createCalendar", { body: written(body) }),
    replace: (id, body, headers) => call("replaceCalendar", { id, body: written(body), headers }),
    remove: (id) => call("deleteCalendar", { id }),
    topics: ["businessHours", "directory"],
    saved: w.saved,
    gone: w.gone,
    onDone: onClose,
  });
  return (
    <ObjectDialog
      object={object}
      title={w.make}
      save={w.save}
      why={w.why}
      by="replaceCalendar"
      what="hours"
      wide
      onClose={onClose}
    >
      {(draft) => <Fields object={object} draft={draft} />}
    </ObjectDialog>
  );
}

function Fields({ object, draft }: { readonly object: Edited<HoursWords>; readonly draft: HoursWords }): JSX.Element {
  const w = said(words);
  const { timeZone } = useDirectory();
  const { set, saving, isNew, id } = object;
  return (
    <>
      {!isNew && (
        <p>
          <Now id={id} />
        </p>
      )}
      <div class="form-grid">
        <NameFields object={object} hint={w.idHint} />
        <TextField
          label={w.zone}
          list="business-zones"
          placeholder={timeZone}
          hint={w.zoneHint(timeZone)}
          value={draft.timeZone ?? ""}
          wrong={saving.wrongAt("timeZone")}
          onInput={(value) => set("timeZone", value)}
        />
        <datalist id="business-zones">
          {allZones().map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </div>
      <fieldset class="stack-s">
        <legend class="fields-label">{w.week}</legend>
        {draft.hours.length === 0 && <p class="soft small">{w.never}</p>}
        {draft.hours.map((window, i) => (
          <HoursWindow
            key={i}
            hours={window}
            wrong={(field) => saving.wrongAt(`hours[${i}]${field === "" ? "" : `.${field}`}`)}
            onChange={(next) => set("hours", replaced(draft.hours, i, next))}
            onRemove={() => set("hours", without(draft.hours, i))}
          />
        ))}
        <div>
          <Button size="small" icon="plus" onClick={() => set("hours", [...draft.hours, office])}>
            {w.addWindow}
          </Button>
        </div>
      </fieldset>
      <Holidays object={object} draft={draft} />
      <TextField
        label={w.ical}
        hint={w.icalHint}
        type="url"
        value={draft.ical?.url ?? ""}
        wrong={saving.wrongAt("ical.url")}
        onInput={(url) => set("ical", url === "" ? null : { url })}
      />
      {!isNew && draft.ical !== null && <Imported id={id} />}
    </>
  );
}

function Holidays({ object, draft }: { readonly object: Edited<HoursWords>; readonly draft: HoursWords }): JSX.Element {
  const w = said(words);
  const { set, saving } = object;
  const [date, setDate] = useState("");
  const holidays = draft.holidays;
  const wrong =
    saving.wrongAt("holidays") ?? holidays.map((_, i) => saving.wrongAt(`holidays[${i}]`)).find((each) => each !== null) ?? null;
  function add(): void {
    if (date !== "" && !holidays.includes(date)) set("holidays", [...holidays, date].toSorted());
    setDate("");
  }
  return (
    <fieldset class="stack-s">
      <legend class="fields-label">{w.holidays}</legend>
      <p class="soft small">{w.holidaysHint}</p>
      <ul class="chips holidays">
        {holidays.map((each) => (
          <li key={each} class="chip">
            <time dateTime={each}>{dayText(each)}</time>
            <button
              type="button"
              aria-label={w.dropHoliday(dayText(each))}
              onClick={() =>
                set(
                  "holidays",
                  holidays.filter((other) => other !== each),
                )
              }
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <Field label={w.addHoliday} wrong={wrong}>
        {(tied) => (
          <div class="row">
            <input
              class="input date"
              type="date"
              value={date}
              onInput={(event) => setDate(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== "Enter") return;
                event.preventDefault();
                add();
              }}
              {...tied}
            />
            <Button size="small" icon="plus" disabled={date === ""} onClick={add}>
              {w.add}
            </Button>
          </div>
        )}
      </Field>
    </fieldset>
  );
}

/** "Fri 25 Dec 2026" */
function dayText(date: string): string {
  const locale = language.value === "en" ? "en-GB" : "es";
  return new Intl.DateTimeFormat(locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${date}T00:00:00Z`));
}

/** How the calendar of holidays fares. */
function Imported({ id }: { readonly id: string }): JSX.Element | null {
  const w = said(words);
  const state = useRead(`businessHours/${id}/state`, () => call("getBusinessHoursState", { id })).data;
  const copy = state?.calendar ?? null;
  if (state === null) return null;
  if (copy === null) return <p class="soft small">{w.notYet}</p>;
  return (
    <div class={`note ${copy.error === null ? "info" : ""}`}>
      <p>
        {copy.error ?? w.imported(state.holidays.length)}
        {" · "}
        {w.checked(dateTime(copy.checkedAt))}
      </p>
      {copy.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}

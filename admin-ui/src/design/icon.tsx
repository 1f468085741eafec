// Owns the drawings: strokes on a grid of 24, in the colour of the text around them.

const paths = {
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.5 2.5h-15zM10 20.5a2 2 0 0 0 4 0",
  phone: "M7 3.5h10a1 1 0 0 1 1 1v15a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1zM11 17.5h2",
  screen: "M4 5h16v10.5H4zM9 19.5h6M12 15.5v4",
  calendar: "M4.5 6h15v14h-15zM4.5 10h15M8.5 3.5V7M15.5 3.5V7",
  ladder: "M8 3.5v17M16 3.5v17M8 8h8M8 12h8M8 16h8",
  box: "M4 8l8-4.5L20 8v8l-8 4.5L4 16zM4 8l8 4.5L20 8M12 12.5v8",
  people:
    "M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11zM3.5 19.5a5.5 5.5 0 0 1 11 0M16 11.2a2.7 2.7 0 1 0-1-5.2M16.5 14.2a4.7 4.7 0 0 1 4 5.3",
  plug: "M9 3.5V8M15 3.5V8M6.5 8h11v3.5a5.5 5.5 0 0 1-11 0zM12 17v3.5",
  route: "M5 19.5V13a3 3 0 0 1 3-3h8a3 3 0 0 0 3-3V4.5M5 19.5h0M16 7l3-3 3 3",
  send: "M4 12l16-8-5.5 16-3-6.5zM11.5 13.5L20 4",
  flask: "M9.5 3.5h5M10.5 3.5v6L5 19a1 1 0 0 0 .9 1.5h12.2A1 1 0 0 0 19 19l-5.5-9.5v-6",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7.5V12l3 2",
  shield: "M12 3.5l7 2.5v5.5c0 4.5-3 7.6-7 9-4-1.4-7-4.5-7-9V6zM9 12l2.2 2.2L15.2 10",
  pulse: "M3 12h4l2.5-6 4.5 12 2.5-6H21",
  wrench: "M14.5 6.5a4 4 0 0 1 5-1l-2.7 2.7 1.5 1.5L21 7a4 4 0 0 1-5.6 5L8 19.5a2 2 0 0 1-3-3L12.5 9a4 4 0 0 1 2-2.5z",
  file: "M6.5 3.5h7l4 4v13h-11zM13.5 3.5v4h4",
  home: "M4 11l8-7 8 7v9h-5.5v-5.5h-5V20H4z",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
  key: "M8 16a4.5 4.5 0 1 1 4.2-6H21v4h-3v2.5h-3V14h-2.8A4.5 4.5 0 0 1 8 16zM7.5 11.5h.01",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20.5 20.5",
  plus: "M12 5v14M5 12h14",
  check: "M4.5 12.5l5 5 10-11",
  cross: "M6 6l12 12M18 6L6 18",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  down: "M5 9l7 7 7-7",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  up: "M12 19.5V5M6 11l6-6 6 6",
  back: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.5V5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3l1.7 1.7M17 17l1.7 1.7M18.7 5.3L17 7M7 17l-1.7 1.7",
  pen: "M4.5 19.5l1-4L16 5l3 3L8.5 18.5z",
  trash: "M5 7h14M9.5 7V4.5h5V7M7 7l1 13h8l1-13M10.5 10.5v6M13.5 10.5v6",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  warn: "M12 4l9 16H3zM12 10v4.5M12 17.2v.1",
  grip: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
  swap: "M4 8h13l-3-3M20 16H7l3 3",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7l-1.5 1.5M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7l1.5-1.5",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  out: "M14 5h5v14h-5M10 8l-4 4 4 4M6 12h9",
} as const;

export type IconName = keyof typeof paths;

/** Says nothing by itself: a word stands beside it, or the button has an aria-label. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}

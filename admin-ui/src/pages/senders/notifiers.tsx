// Owns the page of notifiers.

import type { JSX } from "preact";
import type { PageProps } from "../../pages.ts";
import { SenderList } from "./list.tsx";

export default function Notifiers(_: PageProps): JSX.Element {
  return <SenderList kind="notifier" />;
}

// Owns the page that adds a notifier.

import type { JSX } from "preact";
import type { PageProps } from "../../pages.ts";
import { AddSender } from "./add.tsx";

export default function AddNotifier(_: PageProps): JSX.Element {
  return <AddSender kind="notifier" />;
}

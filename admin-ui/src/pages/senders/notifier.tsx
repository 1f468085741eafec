// Owns the page of one notifier.

import type { JSX } from "preact";
import type { PageProps } from "../../pages.ts";
import { SenderPage } from "./sender.tsx";

export default function Notifier({ params }: PageProps): JSX.Element {
  const id = params["notifier"] ?? "";
  return <SenderPage key={id} kind="notifier" id={id} />;
}

// Owns the page of one connector.

import type { JSX } from "preact";
import type { PageProps } from "../../pages.ts";
import { SenderPage } from "./sender.tsx";

export default function Connector({ params }: PageProps): JSX.Element {
  const id = params["connector"] ?? "";
  return <SenderPage key={id} kind="connector" id={id} />;
}

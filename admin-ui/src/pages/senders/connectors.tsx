// Owns the page of connectors.

import type { JSX } from "preact";
import type { PageProps } from "../../pages.ts";
import { SenderList } from "./list.tsx";

export default function Connectors(_: PageProps): JSX.Element {
  return <SenderList kind="connector" />;
}

// Owns the page that adds a connector.

import type { JSX } from "preact";
import type { PageProps } from "../../pages.ts";
import { AddSender } from "./add.tsx";

export default function AddConnector(_: PageProps): JSX.Element {
  return <AddSender kind="connector" />;
}

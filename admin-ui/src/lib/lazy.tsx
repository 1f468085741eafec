// Owns loading a page when it is first shown. A chunk that cannot be had (a newer build took its place) reloads the page once.

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Skeleton, Trouble } from "../design/states.tsx";
import { Problem } from "./api.ts";

const reloaded = "tocsin.reloaded";

export function lazy<Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): (props: Props) => JSX.Element {
  let known: ComponentType<Props> | null = null;
  return function Lazy(props: Props): JSX.Element {
    const [, redraw] = useState(0);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (known !== null) return;
      load().then(
        (module) => {
          known = module.default;
          sessionStorage.removeItem(reloaded);
          redraw((n) => n + 1);
        },
        () => {
          if (sessionStorage.getItem(reloaded) !== null) return setFailed(true);
          sessionStorage.setItem(reloaded, "1");
          window.location.reload();
        },
      );
    }, []);
    if (failed) return <Trouble problem={new Problem(0, "")} onAgain={() => window.location.reload()} />;
    if (known === null) return <Skeleton lines={4} />;
    const Page = known;
    return <Page {...props} />;
  };
}

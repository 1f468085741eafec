// Owns what everything that opens over a page is given.

export interface OverlayProps {
  readonly onClose: () => void;
  /** `/t/{tenant}`, before every address of a page. */
  readonly base: string;
}

// Owns the shape of what an editor proposes.

export interface Proposal {
  readonly label: string;
  readonly detail?: string;
  /** What is put in; the label by default. */
  readonly apply?: string;
}

export interface Proposals {
  /** Where what is replaced begins, in characters from 0. */
  readonly from: number;
  readonly options: readonly Proposal[];
}

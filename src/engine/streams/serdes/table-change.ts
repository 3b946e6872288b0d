/** A change of a table on its way through a repartition topic. At least one side is there. */
export class TableChange {
  readonly newValue: unknown;
  readonly oldValue: unknown;
  /** False for a change of a versioned table that is older than the latest value. */
  readonly isLatest: boolean;

  constructor(newValue: unknown, oldValue: unknown, isLatest: boolean) {
    this.newValue = newValue;
    this.oldValue = oldValue;
    this.isLatest = isLatest;
  }
}

/** An error code with one sentence for a person. */
export interface ApiError {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

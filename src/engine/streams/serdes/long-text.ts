const LONG_TEXT = /^-?\d{1,19}$/;

/** Whether a text is a whole number in decimal digits that 64 bits can hold. */
export const isLongText = (text: string): boolean =>
  LONG_TEXT.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);

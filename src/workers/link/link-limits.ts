/** Caps on a link, in the order in which they are met. */
export const LINK_LIMITS = Object.freeze({
  /** Characters of the fragment: longer links are cut by mail and chat programs. */
  fragmentMax: 8_192,
  unpackedBytesMax: 262_144,
  /** Bytes unpacked for each byte packed. */
  ratioMax: 100,
  unpackMsMax: 200,
  idMax: 300,
});

export { decodeLink } from '../../workers/link/decode-link.ts';
export { encodeLink } from '../../workers/link/encode-link.ts';

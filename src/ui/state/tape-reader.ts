export { buildTape } from '../../workers/tape/build-tape.ts';
export { readTapeFile } from '../../workers/tape/read-tape-file.ts';
export { previewTape } from '../../workers/tape/tape-preview.ts';
export { digestTape } from '../../workers/tape/tape-table.ts';

// `npm run -s made-tapes`: writes the tapes of public/tapes that are made and not recorded, the same at every time.
import { writeFileSync } from 'node:fs';
import { MADE_TAPES } from './made-tapes/all.ts';

for (const { file, make } of MADE_TAPES) writeFileSync(`public/tapes/${file}`, make());

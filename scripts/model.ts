// `npm run -s model`: writes docs/model.md, what of Kafka is modelled and how truly, from the table of the engine.
import { writeFileSync } from 'node:fs';
import { MODEL, modelPage } from '../src/engine/api/model/model.ts';

writeFileSync('docs/model.md', modelPage(MODEL));

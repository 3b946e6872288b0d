import { CLIENTS } from './clients.ts';
import { CLASSIC_GROUPS, CONSUMER_GROUPS } from './groups.ts';
import { KRAFT } from './kraft.ts';
import { LOG } from './log.ts';
import type { ModelArea, ModelEntry } from './model-entry.ts';
import { QUOTAS } from './quotas.ts';
import { REPLICATION } from './replication.ts';
import { STREAMS } from './streams.ts';
import { TRANSACTIONS } from './transactions.ts';

/** What of Kafka there is here, and how truly. The page docs/model.md is written from this. */
export const MODEL: readonly ModelArea[] = [
  KRAFT,
  LOG,
  REPLICATION,
  TRANSACTIONS,
  CLASSIC_GROUPS,
  CONSUMER_GROUPS,
  CLIENTS,
  QUOTAS,
  STREAMS,
];

const HEADER = `# What is modelled

Written by \`npm run -s model\` from \`src/engine/api/model\`; a test holds this page to that table.

- **modelled**: as Kafka does it. Where answers of the real system were recorded (\`conformance/\`), they are the judge.
- **simplified**: as Kafka does it, but for what is said beside it.
- **absent**: not there. A configuration key that belongs to it is known by name and refused as not modelled.
`;

/** The page docs/model.md. Columns are padded as the formatter of this repository does it. */
export function modelPage(areas: readonly ModelArea[]): string {
  return [HEADER, ...areas.map(section)].join('\n');
}

function section({ name, version, entries }: ModelArea): string {
  const rows = [['behaviour', 'is', 'follows', 'what is different'], ...entries.map(cells)];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return `## ${name}\n\nFollows ${version}.\n\n${[line(head), rule, ...body.map(line)].join('\n')}\n`;
}

const cells = ({ behaviour, standing, source, note }: ModelEntry): string[] => [
  behaviour,
  standing,
  source,
  note ?? '',
];

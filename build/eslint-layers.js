import { dirname, relative, resolve, sep } from 'node:path';

/**
 * Who may import whom: folder → the folders it may import besides itself. The longest matching folder counts. A folder
 * that is not a key may import nothing. This table is the documentation of the layers.
 * @type {Record<string, string[]>}
 */
export const LAYERS = {
  'src/engine/base': [],
  'src/engine/api': ['src/engine/base'],
  'src/engine/sim': ['src/engine/base'],
  'src/engine/protocol': ['src/engine/base'],
  'src/engine/log': ['src/engine/protocol', 'src/engine/sim', 'src/engine/base'],
  'src/engine/metadata': ['src/engine/protocol', 'src/engine/base'],
  'src/engine/raft': ['src/engine/log', 'src/engine/protocol', 'src/engine/sim', 'src/engine/base'],
  'src/engine/controller': [
    'src/engine/raft',
    'src/engine/log',
    'src/engine/metadata',
    'src/engine/protocol',
    'src/engine/sim',
    'src/engine/api',
    'src/engine/base',
  ],
  'src/engine/coordinator': [
    'src/engine/log',
    'src/engine/metadata',
    'src/engine/protocol',
    'src/engine/sim',
    'src/engine/api',
    'src/engine/base',
  ],
  'src/engine/broker': [
    'src/engine/coordinator',
    'src/engine/log',
    'src/engine/metadata',
    'src/engine/protocol',
    'src/engine/sim',
    'src/engine/api',
    'src/engine/base',
  ],
  'src/engine/client': ['src/engine/protocol', 'src/engine/sim', 'src/engine/api', 'src/engine/base'],
  'src/engine/streams': [
    'src/engine/client',
    'src/engine/protocol',
    'src/engine/sim',
    'src/engine/api',
    'src/engine/base',
  ],
  'src/engine/streams/test-driver': ['src/engine/streams', 'src/engine/api', 'src/engine/base'],
  'src/engine/checker': ['src/engine/api', 'src/engine/base'],
  'src/engine/cluster': ['src/engine'],
  'src/engine/search': [
    'src/engine/cluster',
    'src/engine/checker',
    'src/engine/sim',
    'src/engine/api',
    'src/engine/base',
  ],
  'src/engine/testing': ['src/engine'],
  'src/workers': [
    'src/engine/cluster',
    'src/engine/streams/test-driver',
    'src/engine/search',
    'src/engine/api',
    'src/engine/base',
  ],
  'src/lessons': ['src/engine/api', 'src/engine/base'],
  'src/ui/theme': [],
  'src/ui/widgets': ['src/ui/theme'],
  'src/ui/view-model': ['src/engine/api', 'src/engine/base'],
  'src/ui/scene': ['src/ui/view-model', 'src/ui/theme', 'src/engine/api', 'src/engine/base'],
  'src/ui/state': ['src/workers', 'src/ui/view-model', 'src/engine/api', 'src/engine/base'],
  'src/ui/panels': [
    'src/ui/state',
    'src/ui/scene',
    'src/ui/view-model',
    'src/ui/widgets',
    'src/ui/theme',
    'src/engine/api',
    'src/engine/base',
  ],
  'src/ui/timeline': [
    'src/ui/state',
    'src/ui/scene',
    'src/ui/view-model',
    'src/ui/widgets',
    'src/ui/theme',
    'src/engine/api',
    'src/engine/base',
  ],
  'src/ui/lesson-player': [
    'src/ui/state',
    'src/ui/view-model',
    'src/ui/widgets',
    'src/ui/theme',
    'src/lessons',
    'src/engine/api',
    'src/engine/base',
  ],
  'src/ui/app': ['src/ui', 'src/lessons', 'src/engine/api', 'src/engine/base'],
  src: ['src/ui/app', 'src/ui/theme'],
};

/** Known breaches, as "importer -> imported". Only ever remove a line. @type {string[]} */
export const DEBTS = [];

const TEST_FILE = /\.(test|sim\.test|bench)\.tsx?$|^src\/engine\/testing\//;

/** @param {string} path @param {string[]} folders */
const within = (path, folders) => folders.filter((f) => path === f || path.startsWith(`${f}/`));

/** @type {import('eslint').Rule.RuleModule} */
export const layers = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/');
    const own = within(file, Object.keys(LAYERS)).sort((a, b) => b.length - a.length)[0];
    if (own === undefined) return {};
    /** @param {{ source?: { value?: unknown } | null }} node */
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string' || !source.startsWith('.')) return;
      const target = relative(context.cwd, resolve(dirname(context.filename), source))
        .split(sep)
        .join('/');
      if (!target.startsWith('src/')) return;
      const allowed = [own, ...(LAYERS[own] ?? [])];
      if (TEST_FILE.test(file)) allowed.push('src/engine', 'src/workers', 'src/ui/view-model');
      const nested = within(target, Object.keys(LAYERS)).sort((a, b) => b.length - a.length)[0] ?? target;
      const permitted = allowed.some((a) => nested === a || (a !== own && nested.startsWith(`${a}/`)));
      if (permitted || DEBTS.includes(`${file} -> ${target}`)) return;
      context.report({
        node: /** @type {import('eslint').Rule.Node} */ (node),
        message: `${own} may not import ${nested} (build/eslint-layers.js says who may import whom).`,
      });
    };
    return {
      ImportDeclaration: (node) => check(/** @type {never} */ (node)),
      ExportNamedDeclaration: (node) => check(/** @type {never} */ (node)),
      ExportAllDeclaration: (node) => check(/** @type {never} */ (node)),
      ImportExpression: (node) => check(/** @type {never} */ (node)),
    };
  },
};

import { parseAst } from 'vite';

/** Two modules that are together what one was. */
export interface SplitModule {
  /** Without the late functions, in place of which stand stubs, and with more of it exported. */
  readonly first: string;
  /** The late functions, importing what they need of the first. */
  readonly late: string;
}

interface Names {
  /** The module's own name for the late part to import from. */
  readonly self: string;
  /** An expression that stands for a late function. */
  readonly stub: (name: string) => string;
}

/** A statement of a module's top level. */
interface Statement {
  readonly text: string;
  readonly isImport: boolean;
  /** What it declares for the others. */
  readonly declared: readonly string[];
  /** The function that it declares and nothing else, or `null`. */
  readonly named: string | null;
  readonly isExported: boolean;
}

/**
 * Takes top-level functions out of a module of plain JavaScript. Only names of functions count; they are declared as
 * functions, or as constants that hold one. A name that is no such function is an error.
 */
export function splitModule(code: string, functions: readonly string[], { self, stub }: Names): SplitModule {
  const statements = statementsOf(code);
  const isLate = ({ named }: Statement) => named !== null && functions.includes(named);
  const late = statements.filter(isLate);
  const missing = functions.filter((name) => !late.some(({ named }) => named === name));
  if (missing.length > 0) throw new Error(`${self} has no function ${missing.join(', ')} at its top level`);
  const imports = statements.filter(({ isImport }) => isImport);
  const others = statements.filter((statement) => !statement.isImport && !isLate(statement));
  const stays = others.map(({ text }) => text).join('\n');
  const goes = late.map(({ text }) => text).join('\n');
  const needed = others.flatMap(({ declared }) => declared).filter((name) => mentions(goes, name));
  const toExport = others.filter(({ isExported }) => !isExported).flatMap(({ declared }) => declared);
  const privately = needed.filter((name) => toExport.includes(name));
  const stubs = late
    .filter(({ named, isExported }) => isExported || mentions(stays, named ?? ''))
    .map(
      ({ named, isExported }) => `${isExported ? 'export ' : ''}const ${named ?? ''} = ${stub(named ?? '')};`,
    );
  const lateNames = late.filter(({ isExported }) => !isExported).map(({ named }) => named ?? '');
  return {
    first: lines(
      imports.map(({ text }) => text),
      stubs,
      [stays],
      exportOf(privately),
    ),
    late: lines(
      imports.map(({ text }) => text),
      needed.length > 0 ? [`import { ${needed.join(', ')} } from ${JSON.stringify(self)};`] : [],
      [goes],
      exportOf(lateNames),
    ),
  };
}

/** The names of the functions at a module's top level with the number of characters of each. */
export const topLevelFunctions = (code: string): ReadonlyMap<string, number> =>
  new Map(statementsOf(code).flatMap(({ named, text }) => (named === null ? [] : [[named, text.length]])));

const lines = (...parts: readonly (readonly string[])[]): string => `${parts.flat().join('\n')}\n`;

const exportOf = (names: readonly string[]): readonly string[] =>
  names.length > 0 ? [`export { ${names.join(', ')} };`] : [];

/** A name behind one dot is a property's; behind three it is spread. */
const mentions = (text: string, name: string): boolean =>
  new RegExp(`(?<![\\w$]|(?<!\\.\\.)\\.)${name}(?![\\w$])`).test(text);

type Node = ReturnType<typeof parseAst>['body'][number];

function statementsOf(code: string): readonly Statement[] {
  return parseAst(code).body.map((node) => {
    const isExported = node.type === 'ExportNamedDeclaration' && node.declaration !== null;
    const declaration = isExported ? node.declaration : node;
    return {
      text: code.slice(node.start, node.end),
      isImport: node.type === 'ImportDeclaration',
      isExported,
      declared: declaredBy(declaration),
      named: functionOf(declaration),
    };
  });
}

type Declaration = Node | (Node & { type: 'ExportNamedDeclaration' })['declaration'];

function declaredBy(node: Declaration): readonly string[] {
  if (node === null) return [];
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration')
    return node.id === null ? [] : [node.id.name];
  if (node.type !== 'VariableDeclaration') return [];
  return node.declarations.map(({ id }) => {
    if (id.type !== 'Identifier') throw new Error('a pattern at the top level of a module cannot be split');
    return id.name;
  });
}

function functionOf(node: Declaration): string | null {
  if (node?.type === 'FunctionDeclaration') return node.id?.name ?? null;
  if (node?.type !== 'VariableDeclaration' || node.declarations.length !== 1) return null;
  const { id, init } = node.declarations[0] ?? {};
  const holds = init?.type === 'ArrowFunctionExpression' || init?.type === 'FunctionExpression';
  return holds && id?.type === 'Identifier' ? id.name : null;
}

import hooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import ts from 'typescript-eslint';
import { layers } from './build/eslint-layers.js';

const ENGINE_GLOBALS = [
  'Date',
  'Intl',
  'Promise',
  'WeakRef',
  'FinalizationRegistry',
  'crypto',
  'document',
  'fetch',
  'performance',
  'queueMicrotask',
  'self',
  'setInterval',
  'setTimeout',
  'window',
].map((name) => ({
  name,
  message: 'The engine is deterministic: use its NodeContext (virtual clock, seeded PRNG).',
}));

const ENGINE_PROPERTIES = [
  { object: 'Math', property: 'random', message: 'Use a named PRNG stream of your NodeContext.' },
  ...['log', 'log2', 'log10', 'exp', 'pow', 'sin', 'cos', 'tan', 'cbrt', 'hypot'].map((property) => ({
    object: 'Math',
    property,
    message: 'Not exact across browsers: use integer tables.',
  })),
  { property: 'localeCompare', message: 'Depends on the locale: compare with < and >.' },
  { property: 'toLocaleString', message: 'Depends on the locale.' },
];

export default defineConfig(
  { ignores: ['dist', 'test-results', 'node_modules', 'build/sw.template.js'] },
  ts.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [ts.configs.recommendedTypeCheckedOnly],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [hooks.configs.flat.recommended],
    plugins: { house: { rules: { layers } } },
    rules: {
      'house/layers': 'error',
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
      'max-lines': ['error', { max: 400, skipComments: true }],
      'max-params': ['error', 4],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    // A test names its situations; its describe blocks are as long as their list.
    files: ['src/**/*.test.{ts,tsx}'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['src/engine/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', ...ENGINE_GLOBALS],
      'no-restricted-properties': ['error', ...ENGINE_PROPERTIES],
      'no-restricted-syntax': [
        'error',
        { selector: ':function[async=true]', message: 'The engine runs to completion: schedule an event.' },
        { selector: 'AwaitExpression', message: 'The engine runs to completion: schedule an event.' },
        {
          selector: 'ForInStatement',
          message: 'Objects with integer-like keys reorder: use a Map or Object.keys with a sort.',
        },
      ],
      'no-restricted-imports': [
        'error',
        { paths: ['react', 'react-dom', 'd3', 'zustand', 'comlink'], patterns: ['node:*'] },
      ],
    },
  },
);

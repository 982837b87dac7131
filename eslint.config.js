import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** What a folder may not import, as patterns relative to `src`; the picture is in docs/architecture.md. */
const forbid = (files, patterns, message, paths = []) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [{ regex: patterns, message }],
        paths: paths.map((name) => ({ name, message })),
      },
    ],
  },
});

const MACHINE = '^(node:)?(fs|fs/promises|child_process|os|net|process)$|^fs-extra$|^execa$';

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'src/resources/index.ts', 'src/resources/lazy.ts'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      'no-control-regex': 'off',
      eqeqeq: 'error',
    },
  },
  { files: ['src/**/*.ts'], rules: { complexity: ['error', 12], 'max-lines': ['error', 250] } },
  forbid(
    ['src/engine/**/*.ts'],
    `${MACHINE}|/(resources|facts|setup|manifest|commands|report)/`,
    'the engine decides from data: it imports only itself and the types of host/',
  ),
  forbid(
    ['src/resources/**/*.ts'],
    `${MACHINE}|/(setup|manifest|commands|report)/|^\\.\\./\\.\\./resources/`,
    'a kind imports the types of engine/ and host/, and facts/; never the machine, never another kind',
  ),
  forbid(
    ['src/facts/**/*.ts'],
    `${MACHINE}|/(resources|setup|manifest|commands|report)/`,
    'a fact declares a command and a pure parser',
  ),
  forbid(
    ['src/setup/**/*.ts'],
    `${MACHINE}|/(commands|report)/`,
    'a step is a schema and a pure function from its section to resources',
  ),
  forbid(['src/manifest/**/*.ts'], `${MACHINE}|/(commands|report)/`, 'reading files is the work of host/'),
  forbid(
    ['src/report/**/*.ts'],
    `${MACHINE}|/(resources|facts|setup|commands)/`,
    'a report gets data and returns text',
  ),
  forbid(
    ['src/commands/**/*.ts'],
    `^(fs-extra|execa)$|^(node:)?(fs|child_process)`,
    'only host/ touches the machine',
  ),
  {
    files: ['test/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly' } },
  },
  prettier,
);

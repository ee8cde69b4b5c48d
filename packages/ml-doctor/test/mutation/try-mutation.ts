/** Applies a mutation to a copy of the repository, runs the tests that should notice it, and undoes it. */
import { execFile } from 'node:child_process';
import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Mutation } from './mutation.ts';
import type { RepositoryCopy } from './repository-copy.ts';

/** What vitest's JSON reporter writes, as far as it is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

export interface TestRun {
  /** `file: test` of each test that failed. */
  readonly failed: readonly string[];
  readonly passed: number;
}

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

/** Milliseconds; a mutation that makes a loop endless ends here, without a report. */
const LONGEST = 900_000;

/**
 * Runs test files of the copy, to the end or to the first failure.
 *
 * @throws when a file did not run at all: then nothing is known of its tests
 */
export async function runTests(
  copy: RepositoryCopy,
  files: readonly string[],
  { toTheEnd = false } = {},
): Promise<TestRun> {
  const output = join(copy.root, 'report.json');
  rmSync(output, { force: true });
  const options = ['--reporter=json', `--outputFile=${output}`, ...(toTheEnd ? [] : ['--bail=1'])];
  const said = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [vitest, 'run', ...options, ...files],
      { cwd: copy.root, env: plainEnvironment(), maxBuffer: 1 << 28, timeout: LONGEST },
      (_, stdout, stderr) => resolve(stdout + stderr),
    );
  });
  let report: Report;
  try {
    report = JSON.parse(readFileSync(output, 'utf8'));
  } catch {
    throw new Error(`vitest gave no report on ${files.join(', ')}:\n${said}`);
  }
  const failed = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => `${relative(copy.root, realpathSync(name))}: ${fullName}`),
  );
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
  );
  // A run that is cut short leaves files out; without a failure none may be missing.
  const missing =
    failed.length > 0
      ? []
      : files.filter((file) => !report.testResults.some(({ name }) => name.endsWith(file)));
  if (broken.length > 0 || missing.length > 0)
    throw new Error(
      `tests did not run: ${[...missing, ...broken.map(({ name, message }) => `${name}: ${message}`)].join('\n')}`,
    );
  return { failed, passed: report.numPassedTests };
}

/** Without what a vitest around this one, or a wish for other draws, has set. */
const plainEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(VITEST|VITE_|PROPERTY_SEED|NODE_ENV|NODE_V8_COVERAGE|TEST$|DEV$|PROD$|MODE$|SSR$|BASE_URL$)/.test(
          name,
        ),
    ),
  );

/** @throws when the text to be replaced is not there exactly once: the mutation is stale */
export function mutated(source: string, { name, file, from, to }: Mutation): string {
  const parts = source.split(from);
  if (parts.length !== 2)
    throw new Error(`stale mutation '${name}': ${parts.length - 1} times in ${file}: ${from}`);
  return parts.join(to);
}

/** The first test that notices, or undefined: the mutation survives. */
export async function killerOf(copy: RepositoryCopy, mutation: Mutation): Promise<string | undefined> {
  const source = copy.read(mutation.file);
  copy.write(mutation.file, mutated(source, mutation));
  try {
    const { failed } = await runTests(copy, mutation.tests);
    return failed[0];
  } finally {
    copy.write(mutation.file, source);
  }
}

/** @throws when a test that should notice mutations fails without any, or a mutation is stale */
export async function checkUnmutated(copy: RepositoryCopy, mutations: readonly Mutation[]): Promise<void> {
  for (const mutation of mutations) mutated(copy.read(mutation.file), mutation);
  const files = [...new Set(mutations.flatMap(({ tests }) => tests))];
  const { failed, passed } = await runTests(copy, files, { toTheEnd: true });
  if (failed.length > 0 || passed === 0)
    throw new Error(`tests fail without any mutation:\n${failed.join('\n')}`);
}

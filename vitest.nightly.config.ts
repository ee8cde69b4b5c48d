import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The slow truth: statistical tests over many seeds. */
export default mergeConfig(
  { ...base, test: { ...base.test, exclude: ['**/node_modules/**', '**/dist/**'] } },
  defineConfig({ test: { testTimeout: 1_800_000 } }),
);

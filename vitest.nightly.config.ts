import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The slow truth: statistical tests over many seeds, property tests on cases never drawn before. */
export default mergeConfig(
  { ...base, test: { ...base.test, exclude: ['**/node_modules/**', '**/dist/**'] } },
  defineConfig({ test: { testTimeout: 1_800_000, env: { PROPERTY_SEED: 'random' } } }),
);

/** Training data and settings for tests of training services. */
import { stream } from 'onnx-grad';
import type { ServiceChoice, TrainingData } from '../../src/targets/service/service.ts';

/** Two clouds, of deviation 1.5, around (−1, −1) and (1, 1). */
export const twoClouds = (rows = 80, seed = 1): TrainingData => {
  const noise = stream(seed, 'clouds').normal(new Float32Array(2 * rows));
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 2);
  const values = noise.map((z, i) => (labels[i >> 1] ? 1 : -1) + 1.5 * z);
  return { recordShape: [2], values, labels, classes: ['low', 'high'] };
};

export const jsonChoice = (url: string, more: Partial<ServiceChoice> = {}): ServiceChoice => ({
  kind: 'json',
  url,
  headers: {},
  settings: {},
  pollSeconds: 0.005,
  timeoutMinutes: 1,
  trainings: 3,
  endpoint: {
    protocol: 'json',
    method: 'POST',
    headers: {},
    request: { inputs: '{{inputs}}' },
    response: 'outputs',
    answers: 'probabilities',
    layout: 'flat',
    batch: 64,
    concurrency: 2,
    timeoutSeconds: 10,
    retries: 2,
    budget: 10_000,
  },
  ...more,
});

/** The tiny audit and a tiny study as a user's files. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const TINY_AUDIT = `data: { catalog: fashion-mnist-10k, recordsPerRole: 60 }
target:
  train: { model: mlp, epochs: 3, batchSize: 16, milestones: [2] }
attacks:
  - membership/loss-threshold
  - membership/shadow-classifier: { epochs: 2 }
seed: 4
`;

export const TINY_STUDY = `data: [{ catalog: fashion-mnist-10k, recordsPerRole: 60 }]
models: [mlp]
training: { epochs: 2, batchSize: 16 }
defenses: [none, l2: { lambda: 0.01 }]
attacks:
  - membership/loss-threshold
  - membership/shadow-classifier: { epochs: 2 }
seeds: [0, 1]
exclude: [{ defense: l2, seed: 1 }]
`;

/** Writes a configuration and returns its path. */
export function writeConfig(folder: string, text: string, name = 'audit.yaml'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

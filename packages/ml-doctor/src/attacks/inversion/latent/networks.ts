/** A generator and its discriminator as parts of a graph of the attacker's. */
import { attachModel, type Value } from 'onnx-grad';
import type { Generator } from '../../../generators/generator.ts';

/** What a latent search looks at: a batch of generated records. */
export interface Generated {
  /** `[N, ...recordShape]`. */
  readonly x: Value;
  /** The class each is meant to show, int64 `[N]`. */
  readonly y: Value;
}

/** Records `[N, ...recordShape]` of latent vectors `[N, latent]`. */
export const attachGenerator = (z: Value, y: Value, { generator }: Generator): Value =>
  attachModel(z.graph, generator, { z, y }, 'x');

/** How real each record looks, `[N, 1]`, unbounded. */
export const attachDiscriminator = ({ x, y }: Generated, { discriminator }: Generator): Value =>
  attachModel(x.graph, discriminator, { x, y }, 'score');

/** The pair of networks that suits the records. */
import type { NetworkOptions } from './auxiliary-data.ts';
import { dcgan } from './dcgan.ts';
import type { Generator } from './generator.ts';
import { mlpGan } from './mlp-gan.ts';

/**
 * A pair that has learnt nothing: convolutions for records of three dimensions, dense layers for any other.
 * @throws {AuditError} MLD_ATTACK_UNSUITED for pictures that are too small
 */
export const untrainedPair = (options: NetworkOptions): Generator =>
  options.space.recordShape.length === 3 ? dcgan(options) : mlpGan(options);

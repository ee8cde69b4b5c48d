/** A user's model file, as the plan has seen it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AuditError } from '../../errors.ts';
import { systemReason } from '../../files/system-error.ts';
import { type Classifier, openClassifier } from '../../targets/onnx/classifier.ts';
import { canonicalJson, type Json, sha256 } from '../canonical-json.ts';
import type { ModelPlace, Places } from '../task.ts';

/** What tells a model as it is read from all others. */
export const modelDigest = (bytes: Uint8Array, { recordShape, form }: Omit<ModelPlace, 'path'>): string =>
  sha256(
    canonicalJson({
      file: createHash('sha256').update(bytes).digest('hex'),
      recordShape: [...recordShape],
      form,
    } as Json),
  );

/**
 * The user's model, as the plan has seen it.
 * @throws {AuditError} MLD_DATA_CHECKSUM when the file has changed since; MLD_MODEL_UNREADABLE
 */
export const readOwnModel = async (digest: string, { own }: Places): Promise<Classifier> => {
  const place = own?.models[digest];
  if (!place) throw new Error(`internal: nothing is known of model ${digest}`);
  const bytes = await readFile(place.path).catch((cause) => {
    throw new AuditError(
      'MLD_MODEL_UNREADABLE',
      `cannot read ${place.path}: ${systemReason(cause)}`,
      'Leave the model where it is until the audit is done.',
      { cause },
    );
  });
  if (modelDigest(bytes, place) !== digest)
    throw new AuditError(
      'MLD_DATA_CHECKSUM',
      `${place.path} is another file than the one that the plan was made with`,
      'Run the command again: it plans with the model as it is now.',
    );
  const { recordShape, form } = place;
  return openClassifier(bytes, place.path, {
    ...{ recordShape, form },
    probe: { values: new Float32Array(0), rows: 0 },
  });
};

/** Options that mean something for pictures only. */
import { AuditError } from '../../errors.ts';
import type { RecordKind } from './inversion-attack.ts';

/** @throws {AuditError} MLD_ATTACK_UNSUITED for records that are no pictures, channels first; `option` is as the user wrote it */
export const refuseUnlessImages = (
  attack: string,
  option: string,
  { features, recordShape }: RecordKind,
): void => {
  if (features === 'image' && recordShape.length === 3) return;
  throw new AuditError(
    'MLD_ATTACK_UNSUITED',
    `${attack}: ${option} is for pictures, and these records are ${features} of shape [${recordShape.join(', ')}]`,
    `Leave ${option.split(':', 1)[0]} out for records that are no pictures.`,
  );
};

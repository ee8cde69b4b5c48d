/** What architectures for pictures ask of the records: three dimensions, and a smallest height and width. */
import { AuditError } from '../../errors.ts';

/**
 * @param variant the architecture's own form for smaller pictures
 * @throws {AuditError} MLD_USAGE, naming the shape, what is needed and another model
 */
export const refuseOtherThanPictures = (
  name: string,
  recordShape: readonly number[],
  smallest: number,
  variant?: string,
): void => {
  const [, height = 0, width = 0] = recordShape;
  if (recordShape.length === 3 && Math.min(height, width) >= smallest) return;
  throw new AuditError(
    'MLD_USAGE',
    `${name} needs images of at least ${smallest}×${smallest} pixels; the records have shape [${recordShape.join(', ')}]`,
    recordShape.length === 3
      ? `Choose ${variant ? `${variant}, its form for smaller pictures` : 'mlp or logistic-regression, which take pictures of any size'}, or larger pictures.`
      : 'Choose mlp, wide-mlp, logistic-regression or random-forest, which take any records.',
  );
};

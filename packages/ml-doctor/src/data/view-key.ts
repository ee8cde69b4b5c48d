/** Names of transformed copies of a record. */
import type { View } from './views.ts';

/** The record as it is. */
export const IDENTITY: View = { dx: 0, dy: 0, flip: false };

/** Equal for equal views. */
export const viewKey = ({ dx, dy, flip }: View): string => `${dx},${dy}${flip ? ',flipped' : ''}`;

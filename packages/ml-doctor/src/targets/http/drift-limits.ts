/** How much is spent on asking again, and from where on answers differ. */

/** Records that a run may spend on it, beside those it is asked about. */
export const DRIFT_RECORDS = 5;
/** Difference of a posterior that floating-point arithmetic on another batch or device does not reach. */
export const DRIFT_TOLERANCE = 1e-3;

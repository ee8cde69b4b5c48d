/** A model that is elsewhere: it answers inputs, and shows nothing else. */
import type { Answers, Inputs } from './access.ts';

export interface RemoteTarget {
  /**
   * One row of log posteriors (−∞ where it says 0, or what it does not show) per input. May be asked several questions at once.
   *
   * @throws {AuditError} MLD_BUDGET, MLD_ENDPOINT, MLD_ENDPOINT_ANSWER, MLD_ENDPOINT_AUTH
   */
  answers(inputs: Inputs, signal: AbortSignal): Promise<Answers>;
}

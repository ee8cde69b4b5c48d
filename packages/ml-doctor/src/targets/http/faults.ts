/** The errors of an endpoint that several files throw. */
import { AuditError } from '../../errors.ts';

/** What came back cannot be used. `what` goes on after "the endpoint …". */
export const answerFault = (
  what: string,
  hint = 'Compare `protocol`, `response` and `answers` of the configuration with what the server documents.',
): AuditError => new AuditError('MLD_ENDPOINT_ANSWER', `the endpoint ${what}`, hint);

/** Nothing usable came back. */
export const endpointFault = (what: string, hint: string, transient = false): AuditError =>
  new AuditError('MLD_ENDPOINT', what, hint, { transient });

/** The configuration of an endpoint contradicts itself. */
export const choiceFault = (what: string, hint: string): AuditError =>
  new AuditError('MLD_CONFIG', what, hint);

/** Where a redirect may lead: records and credentials go to nobody but the origin they were meant for. */
import { endpointFault } from './faults.ts';

/**
 * The method and the body stay: a question that turns into a GET has no records any more.
 *
 * @throws {AuditError} MLD_ENDPOINT
 */
export const redirectTarget = (
  from: URL,
  status: number,
  location: string | undefined,
  shown: string,
): URL => {
  const to =
    location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (to === undefined || status === 303 || status === 304)
    throw endpointFault(
      `${shown} answered ${status}, ${to === undefined ? 'a redirect to nowhere' : 'which leads to a page instead of an answer'}`,
      'Give the address of the prediction itself.',
    );
  if (to.origin !== from.origin)
    throw endpointFault(
      `${shown} redirects to another origin, ${to.origin}; records and credentials are not sent there`,
      'If that is where the model is, give that address in the configuration.',
    );
  // An address without them would lose what the first one had.
  to.username = from.username;
  to.password = from.password;
  return to;
};

/** Where a trained model is asked, from what the service says and what the configuration makes of it. */
import { AuditError } from '../../errors.ts';
import { notSpoken } from './client.ts';
import { namesSecret } from './secrets.ts';
import type { ServiceChoice } from './service.ts';

const PLACE = '{{endpoint}}';

/**
 * @param given what the service says: an address, or a path at the service's own
 * @throws {AuditError} MLD_SERVICE for what is no address, or one of another host that a secret would be sent to
 */
export const endpointAddress = ({ url, endpoint }: ServiceChoice, given: string): string => {
  if (endpoint.url !== undefined) return httpAddress(endpoint.url.replaceAll(PLACE, given), undefined).href;
  const address = httpAddress(given, url);
  const secret = Object.values(endpoint.headers).some(namesSecret);
  if (secret && address.origin !== new URL(url).origin)
    throw new AuditError(
      'MLD_SERVICE',
      `the service says that the trained model is at ${address.origin}, another host than its own; the headers of the endpoint hold a secret`,
      `If the host is right, set the endpoint's url to "${PLACE}".`,
    );
  return address.href;
};

const httpAddress = (text: string, base: string | undefined): URL => {
  // A base without a slash at its end would lose its last part.
  const from = base === undefined || base.endsWith('/') ? base : `${base}/`;
  const address = URL.canParse(text, from) ? new URL(text, from) : undefined;
  if (address?.protocol === 'http:' || address?.protocol === 'https:') return address;
  throw notSpoken(`the service says that the trained model is at "${text}", which is no http address`);
};

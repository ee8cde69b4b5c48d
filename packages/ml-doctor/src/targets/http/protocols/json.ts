/** Plain JSON, for a server of one's own: by default {"inputs": …} and whatever list comes back. */
import { partOf } from './part-of.ts';
import type { ProtocolForm } from './protocol.ts';

const USUAL = ['predictions', 'outputs', 'probabilities', 'scores', 'logits', 'labels'];

export const json: ProtocolForm = {
  request: () => ({ inputs: '{{inputs}}' }),
  answers: (response, quote) => (Array.isArray(response) ? response : partOf(response, USUAL, quote)),
  address: 'whatever your server documents',
};

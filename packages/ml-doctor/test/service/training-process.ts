/** A process that has one model trained at a service, to be killed in the middle. Arguments: the service, the ledger. */
import { openService } from '../../src/targets/service/service.ts';
import { jsonChoice, twoClouds } from './small-training.ts';

const [, , url = '', ledger = ''] = process.argv;
const service = await openService(jsonChoice(url), { env: {}, ledger });
await service.train(twoClouds(), 'shadow 0', new AbortController().signal);

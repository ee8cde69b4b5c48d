/** A process that asks an endpoint, for tests that kill it. */
import { openEndpoint } from '../../src/targets/http/endpoint.ts';
import { inputsOf } from './rows.ts';

const { choice, ledger, classes, rows } = JSON.parse(process.env.ASK ?? '');
const endpoint = await openEndpoint(choice, { recordShape: [4], classes, ledger, env: {} });
await endpoint.answers(inputsOf(rows), new AbortController().signal);
await endpoint.close();

/** Shokri et al.'s way to a shadow model: trained by the service, asked at its endpoint. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEndpoint } from '../../src/targets/http/endpoint.ts';
import { openService } from '../../src/targets/service/service.ts';
import { startJsonService } from './json-service.ts';
import { ledgerFolder } from './ledger-folder.ts';
import { jsonChoice, twoClouds } from './small-training.ts';

describe('a shadow model from a service', () => {
  it('answers as the service does, and knows what it was taught', async () => {
    const server = await startJsonService({ learns: true, token: 'only-us' });
    onTestFinished(() => server.close());
    const env = { TOKEN: 'only-us' };
    const headers = { authorization: `Bearer \${${'TOKEN'}}` };
    const plain = jsonChoice(server.url);
    const choice = { ...plain, headers, endpoint: { ...plain.endpoint, headers } };
    const { signal } = new AbortController();
    const data = twoClouds(200);
    const service = await openService(choice, { env, ledger: await ledgerFolder() });
    const { job, url } = await service.train(data, 'shadow 0', signal);
    const { recordShape, classes, values, labels } = data;
    const endpoint = await openEndpoint(
      { ...choice.endpoint, url },
      { recordShape, classes, env, ledger: await ledgerFolder() },
    );
    onTestFinished(() => endpoint.close());
    const { logits } = await endpoint.answers({ values, rows: labels.length }, signal);
    const records = Array.from(labels, (_, i) => [...values.subarray(2 * i, 2 * i + 2)]);
    const told = (await server.models.get(job)!.answer(records)).flat();
    told.forEach((p, i) => {
      expect(logits[i]).toBeCloseTo(Math.log(p), 4);
    });
    const right = labels.filter((label, i) => (logits[2 * i + 1]! > logits[2 * i]! ? 1 : 0) === label).length;
    // Clouds of deviation 1.5, √2 from the line between them: Φ(√2 / 1.5) = .827.
    expect(right / labels.length).toBeGreaterThan(0.74);
    expect(right / labels.length).toBeLessThan(0.91);
  });
});

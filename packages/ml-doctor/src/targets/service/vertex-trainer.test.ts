import { describe, expect, it, onTestFinished } from 'vitest';
import { startFakeVertex } from '../../../test/service/fake-vertex.ts';
import { ledgerFolder } from '../../../test/service/ledger-folder.ts';
import { jsonChoice, twoClouds } from '../../../test/service/small-training.ts';
import { openService, type ServiceChoice } from './service.ts';

const never = new AbortController().signal;
const env = { GCP_TOKEN: 'ya29.example-token' };

const faking = async (options: Parameters<typeof startFakeVertex>[0] = {}) => {
  const server = await startFakeVertex(options);
  onTestFinished(() => server.close());
  return server;
};

const choiceAt = (url: string, more: Partial<ServiceChoice> = {}): ServiceChoice =>
  jsonChoice(url, {
    kind: 'vertex',
    headers: { Authorization: `Bearer \${${'GCP_TOKEN'}}` },
    settings: {
      project: 'plum',
      location: 'europe-west4',
      bucket: 'pits',
      trainingImage: 'europe-docker.pkg.dev/plum/train:1',
      servingImage: 'europe-docker.pkg.dev/plum/serve:1',
      storageUrl: url,
    },
    ...more,
  });

describe('Vertex AI, a stand-in of it', () => {
  it('trains, deploys once, and says where the model answers', async () => {
    const server = await faking();
    const service = await openService(choiceAt(server.url), { env, ledger: await ledgerFolder() });
    const data = twoClouds(4);
    const { job, url } = await service.train(data, 'shadow 0', never);
    expect(job).toBe('projects/1234/locations/europe-west4/trainingPipelines/9000');
    const [pipeline] = server.pipelines;
    const label = pipeline?.displayName ?? '';
    expect(pipeline?.body).toMatchObject({
      trainingTaskInputs: {
        workerPoolSpecs: [
          {
            machineSpec: { machineType: 'n1-standard-4' },
            containerSpec: {
              imageUri: 'europe-docker.pkg.dev/plum/train:1',
              args: [`--data=gs://pits/ml-doctor/${label}/records.csv`, '--classes=2', '--record-shape=2'],
            },
          },
        ],
      },
      modelToUpload: { containerSpec: { imageUri: 'europe-docker.pkg.dev/plum/serve:1' } },
    });
    const rows = (server.objects.get(`pits/ml-doctor/${label}/records.csv`) ?? '').trimEnd().split('\n');
    expect(rows.map((row) => row.split(',').map(Number))).toEqual(
      [0, 1, 2, 3].map((i) => [data.labels[i], data.values[2 * i], data.values[2 * i + 1]]),
    );
    expect(server.deployments).toEqual(['projects/plum/locations/europe-west4/models/77']);
    expect(url).toBe(`${server.url}/v1/projects/plum/locations/europe-west4/endpoints/${label}:predict`);
    const headers = { authorization: `Bearer ${env.GCP_TOKEN}` };
    expect((await fetch(url, { method: 'POST', headers, body: '{}' })).status).toBe(200);
  });

  it('finds the pipeline again when a run ended before it knew its name', async () => {
    const server = await faking();
    const ledger = await ledgerFolder();
    const choice = choiceAt(server.url, { trainings: 1 });
    const abort = new AbortController();
    // Aborted as soon as the service has the pipeline: its name may never have arrived.
    const first = (await openService(choice, { env, ledger })).train(twoClouds(4), 'x', abort.signal);
    const outcome = expect(first).rejects.toMatchObject({ name: 'AbortError' });
    while (server.pipelines.length === 0) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await outcome;
    await (await openService(choice, { env, ledger })).train(twoClouds(4), 'x', never);
    expect(server.pipelines).toHaveLength(1);
    expect(server.deployments).toHaveLength(1);
  });

  it.each([
    [{ fails: 'the trainer exited with 1' }, 'the trainer exited with 1'],
    [{ deployFails: 'no machine of that type is left' }, 'no machine of that type is left'],
  ])('says why it failed: %o', async (options, message) => {
    const server = await faking(options);
    const service = await openService(choiceAt(server.url), { env, ledger: await ledgerFolder() });
    await expect(service.train(twoClouds(4), 'x', never)).rejects.toMatchObject({
      code: 'MLD_SERVICE',
      message: expect.stringContaining(message),
    });
  });

  it('says that the token is wrong, without it', async () => {
    const server = await faking();
    const service = await openService(choiceAt(server.url), {
      env: { GCP_TOKEN: 'ya29.expired-token' },
      ledger: await ledgerFolder(),
    });
    const error = await service.train(twoClouds(4), 'x', never).catch((thrown) => thrown);
    expect(error.code).toBe('MLD_ENDPOINT_AUTH');
    expect(error.message).not.toContain('ya29.expired-token');
  });

  it('needs its settings', async () => {
    const { servingImage: _, ...settings } = choiceAt('http://127.0.0.1:1').settings;
    await expect(
      openService(choiceAt('http://127.0.0.1:1', { settings }), { env, ledger: 'unused' }),
    ).rejects.toMatchObject({ code: 'MLD_CONFIG', message: expect.stringContaining('"servingImage"') });
  });
});

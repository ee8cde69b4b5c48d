import { describe, expect, it, onTestFinished } from 'vitest';
import { AWS, startFakeSageMaker } from '../../../test/service/fake-sagemaker.ts';
import { ledgerFolder } from '../../../test/service/ledger-folder.ts';
import { jsonChoice, twoClouds } from '../../../test/service/small-training.ts';
import { openEndpoint } from '../http/endpoint.ts';
import { sageMakerSigner } from './sagemaker-trainer.ts';
import { openService, type ServiceChoice } from './service.ts';

const never = new AbortController().signal;
const env = { AWS_ACCESS_KEY_ID: AWS.id, AWS_SECRET_ACCESS_KEY: AWS.secret };

const faking = async (options: Parameters<typeof startFakeSageMaker>[0] = {}) => {
  const server = await startFakeSageMaker(options);
  onTestFinished(() => server.close());
  return server;
};

const choiceAt = (url: string, more: Partial<ServiceChoice> = {}): ServiceChoice =>
  jsonChoice(url, {
    kind: 'sagemaker',
    settings: {
      region: AWS.region,
      role: 'arn:aws:iam::123456789012:role/service-role/trainer',
      bucket: 'pits',
      trainingImage: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1',
      s3Url: url,
      runtimeUrl: url,
      'hyperparameter.num_class': '2',
    },
    ...more,
  });

describe('SageMaker, a stand-in of it', () => {
  it('trains, deploys, and is asked with a signature', async () => {
    const server = await faking();
    const choice = choiceAt(server.url);
    const service = await openService(choice, { env, ledger: await ledgerFolder() });
    const data = twoClouds(4);
    const { job, url } = await service.train(data, 'shadow 0', never);
    expect(server.actions).toEqual([
      'CreateTrainingJob',
      'DescribeEndpoint',
      'DescribeTrainingJob',
      'DescribeEndpoint',
      'DescribeTrainingJob',
      'CreateModel',
      'CreateEndpointConfig',
      'CreateEndpoint',
      'DescribeEndpoint',
      'DescribeEndpoint',
    ]);
    const [[key = '', csv = ''] = []] = [...server.objects];
    expect(key).toBe(`pits/ml-doctor/${job}/train/records.csv`);
    // The label first, and single precision as it is.
    const rows = csv
      .trimEnd()
      .split('\n')
      .map((line) => line.split(',').map(Number));
    expect(rows).toEqual(
      [0, 1, 2, 3].map((i) => [data.labels[i], data.values[2 * i], data.values[2 * i + 1]]),
    );
    expect(server.jobs.get(job)).toMatchObject({
      HyperParameters: { num_class: '2' },
      StoppingCondition: { MaxRuntimeInSeconds: 60 },
      InputDataConfig: [{ ContentType: 'text/csv' }],
    });
    expect(url).toBe(`${server.url}/endpoints/${job}/invocations`);
    const signer = sageMakerSigner(choice, env);
    const { sign } = signer;
    const options = { recordShape: [2], classes: data.classes, env: {} };
    const asked = { ...choice.endpoint, url, request: { instances: '{{inputs}}' }, response: 'predictions' };
    const endpoint = await openEndpoint(asked, { ...options, ...signer, ledger: await ledgerFolder() });
    const { logits } = await endpoint.answers({ values: Float32Array.of(1, 2), rows: 1 }, never);
    expect([...logits].map(Math.exp)).toEqual([expect.closeTo(0.25, 6), expect.closeTo(0.75, 6)]);
    await endpoint.close();
    const unsigned = await openEndpoint(asked, { ...options, ledger: await ledgerFolder() });
    await expect(unsigned.answers({ values: Float32Array.of(1, 2), rows: 1 }, never)).rejects.toMatchObject({
      code: 'MLD_ENDPOINT_AUTH',
    });
    await unsigned.close();
    const query = {
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      body: '{"instances":[[1,2]]}',
    };
    const signed = await fetch(url, { ...query, headers: sign(query) });
    expect(await signed.json()).toEqual({ predictions: [[0.25, 0.75]] });
    expect((await fetch(url, query)).status).toBe(403);
    const changed = { ...query, headers: sign(query), body: '{"instances":[[1,3]]}' };
    expect((await fetch(url, changed)).status).toBe(403);
  });

  it('goes on with the job of an earlier run that never heard of its start', async () => {
    const server = await faking({ losesReply: true });
    const ledger = await ledgerFolder();
    const train = async () =>
      (await openService(choiceAt(server.url, { trainings: 1 }), { env, ledger })).train(
        twoClouds(4),
        'x',
        never,
      );
    await expect(train()).rejects.toMatchObject({ code: 'MLD_SERVICE', transient: true });
    await train();
    expect(server.jobs.size).toBe(1);
    expect(server.actions.filter((action) => action === 'CreateTrainingJob')).toHaveLength(2);
  });

  it('waits where AWS asks for patience', async () => {
    const server = await faking({ throttled: 1 });
    const ledger = await ledgerFolder();
    const train = async () =>
      (await openService(choiceAt(server.url), { env, ledger })).train(twoClouds(4), 'x', never);
    await expect(train()).rejects.toMatchObject({ code: 'MLD_SERVICE', transient: true });
    await train();
    expect(server.jobs.size).toBe(1);
  });

  it('says why a job failed', async () => {
    const server = await faking({ fails: 'AlgorithmError: num_class is missing' });
    const service = await openService(choiceAt(server.url), { env, ledger: await ledgerFolder() });
    await expect(service.train(twoClouds(4), 'x', never)).rejects.toMatchObject({
      code: 'MLD_SERVICE',
      message: expect.stringContaining('AlgorithmError: num_class is missing'),
    });
  });

  it('says that the keys are wrong, without them', async () => {
    const server = await faking();
    const wrong = { ...env, AWS_SECRET_ACCESS_KEY: 'not-the-secret' };
    const service = await openService(choiceAt(server.url), { env: wrong, ledger: await ledgerFolder() });
    const error = await service.train(twoClouds(4), 'x', never).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: 'MLD_ENDPOINT_AUTH',
      message: expect.stringContaining('does not match'),
    });
    expect(error.message).not.toContain('not-the-secret');
    expect(server.jobs.size).toBe(0);
  });

  it('refuses settings before anything is sent', async () => {
    const server = await faking();
    const { role: _, ...settings } = choiceAt(server.url).settings;
    const open = (given: Record<string, string>, variables: Record<string, string> = env) =>
      openService(choiceAt(server.url, { settings: given }), { env: variables, ledger: 'unused' });
    await expect(open(settings)).rejects.toMatchObject({
      code: 'MLD_CONFIG',
      message: expect.stringContaining('"role"'),
    });
    await expect(open({ ...choiceAt(server.url).settings, volumeGb: 'many' })).rejects.toMatchObject({
      code: 'MLD_CONFIG',
    });
    await expect(open(choiceAt(server.url).settings, {})).rejects.toMatchObject({
      code: 'MLD_ENDPOINT_AUTH',
      message: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    });
    expect(server.received).toEqual([]);
  });
});

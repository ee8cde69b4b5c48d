/**
 * Amazon SageMaker: records to S3, a training job, and its model behind a real-time endpoint, over the JSON 1.1 API.
 * Every name is chosen here and the same in every run, so that asking twice starts nothing twice.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
 */
import { AuditError } from '../../errors.ts';
import { jsonFrom, notSpoken, type ServiceRequest } from './client.ts';
import { recordsAsCsv } from './records-as-csv.ts';
import { type Secrets, secretsFrom } from './secrets.ts';
import type { ServiceChoice } from './service.ts';
import { checkedSettings } from './settings.ts';
import { type AwsKeys, signedHeaders, type UnsignedRequest } from './sig-v4.ts';
import type { Trainer, TrainerTools, TrainingState } from './trainer.ts';

const HYPERPARAMETER = 'hyperparameter.';
const KNOWN = {
  required: {
    region: 'as us-east-1',
    role: 'the ARN of the role that SageMaker takes on',
    bucket: 'the S3 bucket of training data and models',
    trainingImage: 'the registry path of the training container',
  },
  optional: [
    'inferenceImage',
    'instanceType',
    'endpointInstanceType',
    'volumeGb',
    'prefix',
    's3Url',
    'runtimeUrl',
    'accessKeyId',
    'secretAccessKey',
    'sessionToken',
  ],
  free: [HYPERPARAMETER],
} as const;

/** What of the settings has a default. */
const withDefaults = (settings: Readonly<Record<string, string>>) => {
  const { region = '', bucket = '', role = '', trainingImage = '' } = settings;
  return {
    region,
    bucket,
    role,
    trainingImage,
    inferenceImage: settings['inferenceImage'] ?? trainingImage,
    instanceType: settings['instanceType'] ?? 'ml.m5.large',
    endpointInstanceType: settings['endpointInstanceType'] ?? 'ml.m5.large',
    volumeGb: Number(settings['volumeGb'] ?? 30),
    prefix: settings['prefix'] ?? 'ml-doctor',
    s3Url: (settings['s3Url'] ?? `https://s3.${region}.amazonaws.com`).replace(/\/+$/, ''),
    runtimeUrl: (settings['runtimeUrl'] ?? `https://runtime.sagemaker.${region}.amazonaws.com`).replace(
      /\/+$/,
      '',
    ),
    hyperparameters: Object.fromEntries(
      Object.entries(settings)
        .filter(([name]) => name.startsWith(HYPERPARAMETER))
        .map(([name, value]) => [name.slice(HYPERPARAMETER.length), value]),
    ),
  };
};

const variable = (name: string): string => `\${${name}}`;

type Environment = Readonly<Record<string, string | undefined>>;

/** The keys, by default from the variables that AWS's own tools read. */
const keysFrom = ({ settings }: ServiceChoice, secrets: Secrets, env: Environment): AwsKeys => {
  const { accessKeyId, secretAccessKey, sessionToken } = settings;
  // Keys of the configuration's own are not mixed with a token that belongs to others.
  const temporary = accessKeyId === undefined && (env['AWS_SESSION_TOKEN'] ?? '') !== '';
  const token = sessionToken ?? (temporary ? variable('AWS_SESSION_TOKEN') : undefined);
  return {
    accessKeyId: secrets.expand(accessKeyId ?? variable('AWS_ACCESS_KEY_ID')),
    secretAccessKey: secrets.expand(secretAccessKey ?? variable('AWS_SECRET_ACCESS_KEY')),
    ...(token === undefined ? {} : { sessionToken: secrets.expand(token) }),
  };
};

/** Whether an address is where the service's models are asked. */
export const isRuntimeAddress = ({ settings }: ServiceChoice, url: string): boolean => {
  const { runtimeUrl } = withDefaults(settings);
  return URL.canParse(url) && URL.canParse(runtimeUrl) && new URL(url).origin === new URL(runtimeUrl).origin;
};

/**
 * Signs queries of a trained model (InvokeEndpoint): the headers to send instead of those given; and takes the keys out
 * of messages.
 *
 * @throws {AuditError} MLD_ENDPOINT_AUTH for an environment variable that is not set
 */
export const sageMakerSigner = (
  choice: ServiceChoice,
  env: Environment,
): {
  readonly sign: (request: UnsignedRequest) => Record<string, string>;
  readonly redact: (text: string) => string;
} => {
  const secrets = secretsFrom(env);
  const keys = keysFrom(choice, secrets, env);
  const scope = { region: choice.settings['region'] ?? '', service: 'sagemaker' };
  return { sign: (request) => signedHeaders(request, scope, keys), redact: secrets.redact };
};

export const sageMakerTrainer = ({ choice, secrets, ask, env }: TrainerTools): Trainer => {
  const settings = withDefaults(checkedSettings(choice, KNOWN));
  if (!(Number.isSafeInteger(settings.volumeGb) && settings.volumeGb > 0))
    throw new AuditError(
      'MLD_CONFIG',
      `the setting "volumeGb" of the training service is "${choice.settings['volumeGb']}"`,
      'Give a whole number of gigabytes above 0.',
    );
  const keys = keysFrom(choice, secrets, env);
  const headers = Object.fromEntries(
    Object.entries(choice.headers).map(([name, value]) => [name, secrets.expand(value)]),
  );
  const signed = (request: ServiceRequest, service: string): ServiceRequest => ({
    ...request,
    headers: signedHeaders(request, { region: settings.region, service }, keys),
  });

  /** One action of the API; undefined where it is refused for a reason that `unless` expects. */
  const act = async (action: string, body: unknown, signal: AbortSignal, unless?: RegExp) => {
    const request: ServiceRequest = {
      method: 'POST',
      url: `${choice.url.replace(/\/+$/, '')}/`,
      headers: {
        ...headers,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `SageMaker.${action}`,
      },
      body: JSON.stringify(body),
    };
    const reply = await ask(signed(request, 'sagemaker'), signal);
    if (reply.status === 400) {
      if (unless?.test(reply.text)) return undefined;
      // AWS says 400 also to who asks too often.
      if (reply.text.includes('ThrottlingException'))
        return jsonFrom(request, { ...reply, status: 429 }, secrets);
    }
    return jsonFrom(request, reply, secrets);
  };

  /** Brings the model of a finished job behind an endpoint; each of the three may be there already. */
  const serve = async (label: string, artifacts: string, signal: AbortSignal): Promise<void> => {
    const { role, inferenceImage, endpointInstanceType } = settings;
    const exists = /Cannot create already existing/;
    await act(
      'CreateModel',
      {
        ModelName: label,
        ExecutionRoleArn: role,
        PrimaryContainer: { Image: inferenceImage, ModelDataUrl: artifacts },
      },
      signal,
      exists,
    );
    const variant = {
      VariantName: 'AllTraffic',
      ModelName: label,
      InstanceType: endpointInstanceType,
      InitialInstanceCount: 1,
    };
    await act(
      'CreateEndpointConfig',
      { EndpointConfigName: label, ProductionVariants: [variant] },
      signal,
      exists,
    );
    await act('CreateEndpoint', { EndpointName: label, EndpointConfigName: label }, signal, exists);
  };

  return {
    start: async (data, label, _again, signal) => {
      const { role, bucket, prefix, trainingImage, instanceType, volumeGb, s3Url, hyperparameters } =
        settings;
      const key = `${prefix}/${label}/train/records.csv`;
      const upload: ServiceRequest = {
        method: 'PUT',
        url: `${s3Url}/${bucket}/${key}`,
        headers: { 'content-type': 'text/csv' },
        body: recordsAsCsv(data),
      };
      jsonFrom(upload, await ask(signed(upload, 's3'), signal), secrets);
      const job = {
        TrainingJobName: label,
        AlgorithmSpecification: { TrainingImage: trainingImage, TrainingInputMode: 'File' },
        RoleArn: role,
        InputDataConfig: [
          {
            ChannelName: 'train',
            ContentType: 'text/csv',
            DataSource: {
              S3DataSource: {
                S3DataType: 'S3Prefix',
                S3Uri: `s3://${bucket}/${prefix}/${label}/train/`,
                S3DataDistributionType: 'FullyReplicated',
              },
            },
          },
        ],
        OutputDataConfig: { S3OutputPath: `s3://${bucket}/${prefix}/${label}/output` },
        ResourceConfig: { InstanceType: instanceType, InstanceCount: 1, VolumeSizeInGB: volumeGb },
        StoppingCondition: { MaxRuntimeInSeconds: Math.max(1, Math.ceil(choice.timeoutMinutes * 60)) },
        HyperParameters: hyperparameters,
      };
      // The name is ours alone: a job that has it was started by an earlier run of the same training.
      await act('CreateTrainingJob', job, signal, /ResourceInUse/);
      return label;
    },

    look: async (job, label, _notes, signal): Promise<TrainingState> => {
      const found = await act('DescribeEndpoint', { EndpointName: label }, signal, /Could not find endpoint/);
      if (found !== undefined)
        return endpointState(found, `${settings.runtimeUrl}/endpoints/${label}/invocations`);
      const training = await act('DescribeTrainingJob', { TrainingJobName: job }, signal);
      const status = training?.['TrainingJobStatus'];
      if (status === 'InProgress' || status === 'Stopping') return { state: 'running' };
      if (status === 'Failed' || status === 'Stopped')
        return { state: 'failed', reason: String(training?.['FailureReason'] ?? `the job was ${status}`) };
      const { S3ModelArtifacts } = (training?.['ModelArtifacts'] ?? {}) as { S3ModelArtifacts?: unknown };
      if (status !== 'Completed' || typeof S3ModelArtifacts !== 'string')
        throw notSpoken(`DescribeTrainingJob says status ${JSON.stringify(status)} of job ${job}`);
      await serve(label, S3ModelArtifacts, signal);
      return { state: 'running' };
    },
  };
};

const endpointState = (found: Readonly<Record<string, unknown>>, url: string): TrainingState => {
  const status = found['EndpointStatus'];
  if (status === 'InService') return { state: 'done', endpoint: url };
  if (status === 'Failed' || status === 'OutOfService' || status === 'Deleting')
    return { state: 'failed', reason: String(found['FailureReason'] ?? `its endpoint is ${status}`) };
  return { state: 'running' };
};

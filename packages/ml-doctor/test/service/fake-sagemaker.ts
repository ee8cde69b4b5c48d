/**
 * A stand-in for the parts of S3 and SageMaker that are used, after their API references: actions, the members of their
 * requests, their errors, and signatures checked on what arrived.
 */
import { signedHeaders } from '../../src/targets/service/sig-v4.ts';
import { type Loopback, type Received, type Sent, startLoopback } from './loopback.ts';

export const AWS = {
  id: 'AKIDEXAMPLE',
  secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  region: 'eu-west-1',
};

/** Required members by action, with patterns of the API reference where it has one. */
const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const SHAPES: Readonly<Record<string, Readonly<Record<string, RegExp | 'object' | 'list'>>>> = {
  CreateTrainingJob: {
    TrainingJobName: NAME,
    AlgorithmSpecification: 'object',
    RoleArn: /^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/,
    InputDataConfig: 'list',
    OutputDataConfig: 'object',
    ResourceConfig: 'object',
    StoppingCondition: 'object',
    HyperParameters: 'object',
  },
  DescribeTrainingJob: { TrainingJobName: NAME },
  CreateModel: { ModelName: NAME, ExecutionRoleArn: /^arn:/, PrimaryContainer: 'object' },
  CreateEndpointConfig: { EndpointConfigName: NAME, ProductionVariants: 'list' },
  CreateEndpoint: { EndpointName: NAME, EndpointConfigName: NAME },
  DescribeEndpoint: { EndpointName: NAME },
};

export interface FakeSageMaker extends Loopback {
  readonly objects: ReadonlyMap<string, string>;
  readonly jobs: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly actions: readonly string[];
}

type Body = Readonly<Record<string, unknown>>;

const refused = (type: string, message: string): Sent => ({ status: 400, body: { __type: type, message } });

/**
 * @param fails the reason why jobs fail; @param throttled requests that are refused for coming too often
 * @param losesReply whoever starts the first job never hears of it
 */
export const startFakeSageMaker = async ({
  fails,
  throttled = 0,
  losesReply = false,
}: {
  fails?: string;
  throttled?: number;
  losesReply?: boolean;
} = {}): Promise<FakeSageMaker> => {
  const objects = new Map<string, string>();
  const jobs = new Map<string, Body>();
  const looks = new Map<string, number>();
  const made = { models: new Set<string>(), configs: new Set<string>(), endpoints: new Set<string>() };
  const actions: string[] = [];
  let refusals = throttled;

  const describeJob = (name: string): Sent => {
    const seen = (looks.get(name) ?? 0) + 1;
    looks.set(name, seen);
    if (seen < 2) return { body: { TrainingJobName: name, TrainingJobStatus: 'InProgress' } };
    if (fails !== undefined) return { body: { TrainingJobStatus: 'Failed', FailureReason: fails } };
    const output = (jobs.get(name) as { OutputDataConfig: { S3OutputPath: string } }).OutputDataConfig
      .S3OutputPath;
    const S3ModelArtifacts = `${output}/${name}/output/model.tar.gz`;
    return { body: { TrainingJobStatus: 'Completed', ModelArtifacts: { S3ModelArtifacts } } };
  };

  const describeEndpoint = (name: string): Sent => {
    if (!made.endpoints.has(name))
      return refused(
        'ValidationException',
        `Could not find endpoint "arn:aws:sagemaker:${AWS.region}:1:endpoint/${name}".`,
      );
    const seen = (looks.get(`endpoint ${name}`) ?? 0) + 1;
    looks.set(`endpoint ${name}`, seen);
    return { body: { EndpointName: name, EndpointStatus: seen < 2 ? 'Creating' : 'InService' } };
  };

  const createOnce = (set: Set<string>, name: string, what: string, key: string): Sent => {
    if (set.has(name))
      return refused('ValidationException', `Cannot create already existing ${what} "arn:…/${name}".`);
    set.add(name);
    return { body: { [key]: `arn:aws:sagemaker:${AWS.region}:1:${what}/${name}` } };
  };

  const act = (action: string, body: Body): Sent => {
    const name = (member: string) => String(body[member]);
    switch (action) {
      case 'CreateTrainingJob': {
        if (jobs.has(name('TrainingJobName')))
          return refused(
            'ResourceInUse',
            'Training job names must be unique within an AWS account and region',
          );
        const [channel] = body['InputDataConfig'] as { DataSource: { S3DataSource: { S3Uri: string } } }[];
        const uri = channel?.DataSource.S3DataSource.S3Uri.replace('s3://', '') ?? '';
        if (![...objects.keys()].some((key) => key.startsWith(uri)))
          return refused('ValidationException', `No S3 objects found under S3 URL "${uri}"`);
        jobs.set(name('TrainingJobName'), body);
        return { body: { TrainingJobArn: `arn:aws:sagemaker:${AWS.region}:1:training-job/x` } };
      }
      case 'DescribeTrainingJob':
        return jobs.has(name('TrainingJobName'))
          ? describeJob(name('TrainingJobName'))
          : refused('ValidationException', 'Requested resource not found.');
      case 'CreateModel':
        return createOnce(made.models, name('ModelName'), 'model', 'ModelArn');
      case 'CreateEndpointConfig':
        return createOnce(
          made.configs,
          name('EndpointConfigName'),
          'endpoint configuration',
          'EndpointConfigArn',
        );
      case 'CreateEndpoint':
        return createOnce(made.endpoints, name('EndpointName'), 'endpoint', 'EndpointArn');
      default:
        return describeEndpoint(name('EndpointName'));
    }
  };

  const server = await startLoopback((request) => {
    const { method, path, headers, body } = request;
    const fault = signatureFault(request, method === 'PUT' ? 's3' : 'sagemaker');
    if (fault !== undefined)
      return { status: 403, body: { __type: 'InvalidSignatureException', message: fault } };
    if (method === 'PUT') {
      objects.set(path.slice(1), String(body));
      return { status: 200, text: '' };
    }
    if (/^\/endpoints\/[^/]+\/invocations$/.test(path)) return { body: { predictions: [[0.25, 0.75]] } };
    const action = /^SageMaker\.(\w+)$/.exec(String(headers['x-amz-target']))?.[1] ?? '';
    if (
      method !== 'POST' ||
      path !== '/' ||
      headers['content-type'] !== 'application/x-amz-json-1.1' ||
      !(action in SHAPES)
    )
      return refused('UnknownOperationException', action);
    actions.push(action);
    if (refusals-- > 0) return refused('ThrottlingException', 'Rate exceeded');
    const members = JSON.parse(String(body)) as Body;
    const wrong = shapeFault(action, members);
    const before = jobs.size;
    const sent = wrong === undefined ? act(action, members) : refused('ValidationException', wrong);
    return losesReply && before === 0 && jobs.size > before ? 'drop' : sent;
  });
  return { ...server, objects, jobs, actions };
};

const shapeFault = (action: string, body: Body): string | undefined => {
  const shape = SHAPES[action] ?? {};
  for (const name of Object.keys(body)) if (!(name in shape)) return `unexpected member ${name}`;
  for (const [name, kind] of Object.entries(shape)) {
    const value = body[name];
    const fits =
      kind === 'list'
        ? Array.isArray(value) && value.length > 0
        : kind === 'object'
          ? typeof value === 'object'
          : kind.test(String(value));
    if (!fits) return `member ${name} is ${JSON.stringify(value)}`;
  }
  return undefined;
};

/** Signs anew what arrived, with the headers that claim to be signed. */
const signatureFault = ({ method, target, headers, body }: Received, service: string): string | undefined => {
  const authorization = String(headers.authorization);
  const names = /SignedHeaders=([^,]+),/.exec(authorization)?.[1]?.split(';') ?? [];
  for (const needed of ['host', 'x-amz-date', 'content-type'])
    if (!names.includes(needed)) return `${needed} is not signed`;
  const time = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers['x-amz-date']));
  if (time === null) return 'x-amz-date is no time';
  const [, y, mo, d, h, mi, s] = time;
  const signed = Object.fromEntries(
    names
      .filter((n) => n !== 'host' && !/^x-amz-(date|content-sha256|security-token)$/.test(n))
      .map((n) => [n, String(headers[n])]),
  );
  const expected = signedHeaders(
    { method, url: `http://${headers.host}${target}`, headers: signed, body },
    { region: AWS.region, service },
    { accessKeyId: AWS.id, secretAccessKey: AWS.secret },
    new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`),
  );
  return expected['authorization'] === authorization
    ? undefined
    : 'The request signature we calculated does not match';
};

/** A stand-in for the parts of Cloud Storage and Vertex AI that are used, after their REST references. */
import { type Loopback, type Sent, startLoopback } from './loopback.ts';

export interface FakeVertex extends Loopback {
  readonly objects: ReadonlyMap<string, string>;
  readonly pipelines: readonly Pipeline[];
  readonly deployments: readonly string[];
}

interface Pipeline {
  readonly name: string;
  readonly displayName: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const PARENT = '/v1/projects/plum/locations/europe-west4';
const TOKEN = 'Bearer ya29.example-token';

const refused = (status: number, name: string, message: string): Sent => ({
  status,
  body: { error: { code: status, message, status: name } },
});

/** @param fails why pipelines fail; @param deployFails why deployments fail */
export const startFakeVertex = async ({
  fails,
  deployFails,
}: {
  fails?: string;
  deployFails?: string;
} = {}): Promise<FakeVertex> => {
  const objects = new Map<string, string>();
  const pipelines: Pipeline[] = [];
  const endpoints = new Map<string, { deployedModels: unknown[] }>();
  const deployments: string[] = [];
  /** Looks before an operation is done, and what it then does. */
  const operations = new Map<string, { looks: number; finish: () => void; error?: string }>();
  const looks = new Map<string, number>();

  const operation = (finish: () => void, error?: string): Sent => {
    const name = `projects/1234/locations/europe-west4/operations/${operations.size + 1}`;
    operations.set(name, { looks: 1, finish, ...(error === undefined ? {} : { error }) });
    return { body: { name } };
  };

  const pipelineState = ({ name, displayName }: Pipeline): Sent => {
    const seen = (looks.get(name) ?? 0) + 1;
    looks.set(name, seen);
    if (seen < 3)
      return { body: { name, state: ['', 'PIPELINE_STATE_PENDING', 'PIPELINE_STATE_RUNNING'][seen] } };
    if (fails !== undefined)
      return { body: { name, state: 'PIPELINE_STATE_FAILED', error: { code: 3, message: fails } } };
    const modelToUpload = { name: `${PARENT.slice(4)}/models/77`, displayName };
    return { body: { name, state: 'PIPELINE_STATE_SUCCEEDED', modelToUpload } };
  };

  const createPipeline = (body: Readonly<Record<string, unknown>>): Sent => {
    const inputs = body['trainingTaskInputs'] as {
      workerPoolSpecs: {
        machineSpec: { machineType: string };
        replicaCount: string;
        containerSpec: { imageUri: string; args: string[] };
      }[];
      baseOutputDirectory: { outputUriPrefix: string };
    };
    const [pool] = inputs.workerPoolSpecs;
    const data = pool?.containerSpec.args[0]?.replace('--data=gs://', '') ?? '';
    const fit =
      /^gs:\/\/google-cloud-aiplatform\/schema\/trainingjob\/definition\/custom_task_1\.0\.0\.yaml$/.test(
        String(body['trainingTaskDefinition']),
      ) &&
      typeof pool?.machineSpec.machineType === 'string' &&
      pool.replicaCount === '1' &&
      inputs.baseOutputDirectory.outputUriPrefix.startsWith('gs://') &&
      typeof (body['modelToUpload'] as { containerSpec: { imageUri?: string } }).containerSpec.imageUri ===
        'string';
    if (!fit) return refused(400, 'INVALID_ARGUMENT', 'the request does not fit TrainingPipeline');
    if (!objects.has(data)) return refused(400, 'INVALID_ARGUMENT', `no object ${data}`);
    const displayName = String(body['displayName']);
    const name = `projects/1234/locations/europe-west4/trainingPipelines/${9000 + pipelines.length}`;
    pipelines.push({ name, displayName, body });
    return { body: { name, displayName, state: 'PIPELINE_STATE_PENDING' } };
  };

  const onEndpoint = (
    method: string,
    id: string,
    action: string | undefined,
    body: () => Readonly<Record<string, unknown>>,
  ): Sent => {
    const endpoint = endpoints.get(id);
    if (endpoint === undefined) return refused(404, 'NOT_FOUND', `Endpoint ${id} is not found.`);
    if (method === 'GET') return { body: { name: `${PARENT.slice(4)}/endpoints/${id}`, ...endpoint } };
    if (action !== 'deployModel') return { body: { predictions: [[0.5, 0.5]] } };
    const { deployedModel } = body() as {
      deployedModel: { id: string; model: string; dedicatedResources: { minReplicaCount: number } };
    };
    if (!/^[1-9]\d{0,9}$/.test(deployedModel.id) || deployedModel.dedicatedResources.minReplicaCount < 1)
      return refused(400, 'INVALID_ARGUMENT', 'the request does not fit DeployedModel');
    if (endpoint.deployedModels.length > 0) return refused(409, 'ALREADY_EXISTS', deployedModel.id);
    deployments.push(deployedModel.model);
    return operation(() => {
      if (deployFails === undefined) endpoint.deployedModels.push(deployedModel);
    }, deployFails);
  };

  const server = await startLoopback(({ method, path, query, headers, body }) => {
    if (headers.authorization !== TOKEN)
      return refused(401, 'UNAUTHENTICATED', `bad token ${headers.authorization}`);
    const json = () => JSON.parse(String(body)) as Readonly<Record<string, unknown>>;
    if (path === '/upload/storage/v1/b/pits/o' && method === 'POST' && query.get('uploadType') === 'media') {
      objects.set(`pits/${query.get('name')}`, String(body));
      return { body: { kind: 'storage#object' } };
    }
    if (path === `${PARENT}/trainingPipelines`) {
      if (method === 'POST') return createPipeline(json());
      const wanted = /^display_name="([^"]+)"$/.exec(query.get('filter') ?? '')?.[1];
      return { body: { trainingPipelines: pipelines.filter(({ displayName }) => displayName === wanted) } };
    }
    if (path === `${PARENT}/endpoints` && method === 'POST') {
      const id = query.get('endpointId') ?? '';
      if (!/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(id)) return refused(400, 'INVALID_ARGUMENT', 'endpointId');
      if (endpoints.has(id)) return refused(409, 'ALREADY_EXISTS', id);
      return operation(() => endpoints.set(id, { deployedModels: [] }));
    }
    const [, id, action] = new RegExp(`^${PARENT}/endpoints/([^:/]+)(?::(\\w+))?$`).exec(path) ?? [];
    if (id !== undefined) return onEndpoint(method, id, action, json);
    const going = operations.get(path.slice(4));
    if (going !== undefined) {
      if (going.looks-- > 0) return { body: { name: path.slice(4) } };
      going.finish();
      return {
        body: {
          name: path.slice(4),
          done: true,
          ...(going.error === undefined ? { response: {} } : { error: { message: going.error } }),
        },
      };
    }
    const pipeline = pipelines.find(({ name }) => path === `/v1/${name}`);
    return pipeline === undefined ? refused(404, 'NOT_FOUND', path) : pipelineState(pipeline);
  });
  return { ...server, objects, pipelines, deployments };
};

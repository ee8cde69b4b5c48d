/** Endpoints and training services: addresses, headers, budgets, and servers that answer nonsense. */

import { auditOf, type BadCase, GOOD } from './bad-case.ts';

const CONFIG = 'MLD_CONFIG';
const ANSWER = 'MLD_ENDPOINT_ANSWER';
/** The folder of answers that are paid for stays, whatever else goes wrong. */
const PAID = ['out', 'out/store'];

const at = (url: string, ...further: readonly string[]) =>
  auditOf({ '--model': undefined, '--endpoint': url }, ...further);

const variable = (name: string): string => `\${${name}}`;

/** Nothing is sent. */
const unsent = (title: string, code: string, url: string, ...further: readonly string[]): BadCase => ({
  ...{ title, code, args: at(url, ...further), leaves: PAID },
});
/** Agreed to, and asked. */
const asked = (title: string, code: string, url: string, ...further: readonly string[]): BadCase =>
  unsent(title, code, url, '--yes', ...further);

const service = (title: string, lines: string, code = CONFIG): BadCase => ({
  ...{ title, code, leaves: PAID, args: ['audit', 'audit.yaml', '--out', 'out'] },
  files: () => ({
    'audit.yaml': `data: { members: ${GOOD}/members.npz, nonMembers: ${GOOD}/others.npz, auxiliary: ${GOOD}/auxiliary.npz }
target:
  endpoint: http://127.0.0.1:9/predict
  confirm: true
  service:
${lines}
`,
  }),
});

export const ENDPOINT_CASES: readonly BadCase[] = [
  unsent('nobody has agreed', 'MLD_CONFIRM', 'SERVER/good'),
  asked('a budget smaller than the plan', 'MLD_BUDGET', 'SERVER/good', '--budget', '3'),
  asked('a budget below 0', CONFIG, 'SERVER/good', '--budget', '-1'),
  asked('a budget of 0', CONFIG, 'SERVER/good', '--budget', '0'),
  asked('a batch of 0', CONFIG, 'SERVER/good', '--batch', '0'),
  asked('a concurrency of 1,000', CONFIG, 'SERVER/good', '--concurrency', '1000'),
  asked('a rate of 0', CONFIG, 'SERVER/good', '--rate', '0'),
  asked('a protocol that is none', CONFIG, 'SERVER/good', '--protocol', 'grpc'),
  asked('an ftp address', CONFIG, 'ftp://example.org/model'),
  asked('a file address', CONFIG, 'file:///etc/passwd'),
  asked('a data address', CONFIG, 'data:application/json,[]'),
  asked('a javascript address', CONFIG, 'javascript:alert(1)'),
  asked('an address without a scheme', CONFIG, 'example.org/predict'),
  asked('an address of no host', CONFIG, 'http://'),
  asked('an address with a port beyond all', CONFIG, 'http://localhost:99999/'),
  asked('an address with a NUL', CONFIG, 'http://local\0host/'),
  asked('an address with a line break', CONFIG, 'http://127.0.0.1:9/a\nHost: evil'),
  asked('an address of no name', CONFIG, ''),
  asked('an address with a password', 'MLD_ENDPOINT', 'http://user:sesame@CLOSED/'),
  asked('a header with a line break', CONFIG, 'SERVER/good', '--header', 'X-A: b\r\nX-Evil: 1'),
  asked('a header with a NUL', CONFIG, 'SERVER/good', '--header', 'X-A: b\0c'),
  asked('a header without a colon', 'MLD_USAGE', 'SERVER/good', '--header', 'Authorization'),
  asked('a header whose name is no name', CONFIG, 'SERVER/good', '--header', 'X(A): b'),
  asked(
    'an environment variable that is not set',
    'MLD_ENDPOINT_AUTH',
    'SERVER/good',
    '--header',
    `Authorization: Bearer ${variable('NOT_SET_ANYWHERE')}`,
  ),
  {
    ...asked(
      'an environment variable of two lines',
      'MLD_ENDPOINT_AUTH',
      'SERVER/good',
      '--header',
      `Authorization: ${variable('TWO_LINES')}`,
    ),
    env: { TWO_LINES: 'a\r\nX-Evil: 1' },
  },
  asked('a request that is no JSON', 'MLD_USAGE', 'SERVER/good', '--request', '{'),
  asked('a request of nothing', CONFIG, 'SERVER/good', '--request', '{}'),
  asked('a request nested without end', 'MLD_USAGE', 'SERVER/good', '--request', `${'['.repeat(50_000)}`),
  asked('a request in a file that is not there', 'MLD_USAGE', 'SERVER/good', '--request', '@no.json'),
  asked('a request in a folder', 'MLD_USAGE', 'SERVER/good', '--request', '@.'),
  asked('a request in /dev/zero', 'MLD_USAGE', 'SERVER/good', '--request', '@/dev/zero'),
  {
    ...asked('a request in a named pipe', 'MLD_USAGE', 'SERVER/good', '--request', '@pipe'),
    files: () => ({ pipe: { special: 'pipe' } }),
  },
  asked('a path into the answer that is none', CONFIG, 'SERVER/good', '--response', 'a[b'),
  asked('a path that leads nowhere', ANSWER, 'SERVER/good', '--response', 'nowhere.else'),
  asked('kinds of answers that are none', CONFIG, 'SERVER/good', '--answers', 'odds'),
  unsent('offline without a ledger', 'MLD_ENDPOINT', 'SERVER/good', '--offline'),
  asked('a page of HTML', ANSWER, 'SERVER/html'),
  asked('an empty answer', ANSWER, 'SERVER/empty'),
  asked('an answer cut short', ANSWER, 'SERVER/cut'),
  asked('fewer rows than records', ANSWER, 'SERVER/few'),
  asked('more classes than there are', ANSWER, 'SERVER/wide'),
  asked('rows of different lengths', ANSWER, 'SERVER/ragged'),
  asked('posteriors that are null', ANSWER, 'SERVER/null'),
  asked('posteriors that are text', ANSWER, 'SERVER/text'),
  asked('posteriors that sum to 3', ANSWER, 'SERVER/sum'),
  asked('answers nested 20,000 deep', ANSWER, 'SERVER/deep'),
  asked('an answer of 40 MiB', 'MLD_LIMIT', 'SERVER/long'),
  asked('an answer that says 401', 'MLD_ENDPOINT_AUTH', 'SERVER/401'),
  asked('an answer that says 404', 'MLD_ENDPOINT', 'SERVER/404'),
  asked('a redirection in a circle', 'MLD_ENDPOINT', 'SERVER/circle'),
  asked('a redirection to a file', 'MLD_ENDPOINT', 'SERVER/to-file'),
  asked('logits that are called probabilities', ANSWER, 'SERVER/logits'),
  service('a service of no kind', '    url: http://127.0.0.1:9'),
  service('a service of an unknown kind', '    kind: azure\n    url: http://127.0.0.1:9'),
  service('a service without an address', '    kind: json'),
  service('a service at an ftp address', '    kind: json\n    url: ftp://127.0.0.1'),
  service('a service of 0 trainings', '    kind: json\n    url: http://127.0.0.1:9\n    trainings: 0'),
  service(
    'a service that is polled without rest',
    '    kind: json\n    url: http://127.0.0.1:9\n    pollSeconds: 0',
  ),
  service('SageMaker without its settings', '    kind: sagemaker\n    url: https://127.0.0.1:9'),
  service('a service that is a list', '    - kind: json'),
];

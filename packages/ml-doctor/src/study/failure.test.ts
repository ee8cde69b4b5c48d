import { expect, test } from 'vitest';
import { AuditError } from '../errors.ts';
import { failureOf } from './failure.ts';

test('an error made for users keeps what it says', () => {
  const error = new AuditError('MLD_SPLIT', 'too few records', 'Bring more.', { transient: true });
  expect(failureOf(error)).toEqual({
    ...{ code: 'MLD_SPLIT', message: 'too few records', hint: 'Bring more.', transient: true },
    detail: error.stack,
  });
});

test('a system error has a code but no hint, so it is the task that failed', () => {
  const error = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' });
  expect(failureOf(error)).toMatchObject({
    code: 'MLD_TASK_FAILED',
    message: 'ENOENT: no such file',
    transient: false,
  });
});

test.each([undefined, null, 'text', 7])('whatever is thrown has a failure: %s', (thrown) => {
  expect(failureOf(thrown)).toMatchObject({
    code: 'MLD_TASK_FAILED',
    message: String(thrown),
    transient: false,
  });
});

test('even what has no text has a failure', () => {
  const odd = [Object.create(null), Object.assign(new Error(), { message: Object.create(null) })];
  for (const thrown of odd)
    expect(failureOf(thrown)).toMatchObject({
      code: 'MLD_TASK_FAILED',
      message: 'something was thrown that cannot be written as text',
    });
});

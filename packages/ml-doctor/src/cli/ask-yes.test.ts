import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { askYes } from './ask-yes.ts';

const going = { signal: new AbortController().signal };

function terminal(answer: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY });
  input.write(answer);
  return { input, output };
}

it.each([
  ['y\n', true],
  [' YES \n', true],
  ['\n', false],
  ['n\n', false],
  ['yesterday\n', false],
])('takes %j for %s', async (answer, expected) => {
  const at = terminal(answer);
  expect(await askYes('Really?', going, at)).toBe(expected);
  expect(at.output.read()).toContain('Really? [y/N] ');
});

it('asks nobody where there is no terminal', async () => {
  const at = terminal('y\n', false);
  expect(await askYes('Really?', going, at)).toBe(false);
  expect(at.output.read()).toBeNull();
});

it('stops waiting on Ctrl-C', async () => {
  const stop = new AbortController();
  const answer = askYes('Really?', stop, terminal(''));
  stop.abort('SIGINT');
  await expect(answer).rejects.toThrow();
});

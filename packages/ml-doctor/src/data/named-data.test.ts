/** Names of data sets with pixels: in one way of writing, of pictures only. */
import { expect, test } from 'vitest';
import { dataNames, dataNamesAsWritten, pixelsFault, usualDataName } from './named-data.ts';

test.each([
  ['utkface@32', 'utkface'],
  ['utkface@64', 'utkface@64'],
  ['utkface', 'utkface'],
  ['fashion-mnist-10k@28', 'fashion-mnist-10k'],
  ['adult@28', 'adult@28'],
  ['nothing@28', 'nothing@28'],
])('%s is %s', (written, usual) => {
  expect(usualDataName(written)).toBe(usual);
});

test('names are read, with the pixels that are not usual', () => {
  const names = dataNames(['uniform']);
  expect(names.parse('utkface@32')).toBe('utkface');
  expect(names.parse('utkface@8')).toBe('utkface@8');
  expect(names.parse('utkface@256')).toBe('utkface@256');
  expect(names.parse('uniform')).toBe('uniform');
  expect(names.parse('adult')).toBe('adult');
  for (const wrong of [
    'utkface@7',
    'utkface@257',
    'utkface@064',
    'utkface@',
    'adult@32',
    'uniform@32',
    'x',
    3,
  ])
    expect(names.safeParse(wrong).success, `${wrong}`).toBe(false);
  expect(dataNamesAsWritten().parse('utkface@32')).toBe('utkface@32');
  expect(dataNamesAsWritten().safeParse('uniform').success).toBe(false);
});

test('pixels are of pictures, from 8 to 256', () => {
  for (const right of ['utkface', 'adult', 'utkface@8', 'utkface@256', 'fashion-mnist@28'])
    expect(pixelsFault(right)).toBeUndefined();
  expect(pixelsFault('utkface@7')?.[0]).toContain('7 pixels');
  expect(pixelsFault('utkface@257')?.[1]).toContain('from 8 to 256');
  expect(pixelsFault('adult@32')?.[0]).toContain('no pictures');
});

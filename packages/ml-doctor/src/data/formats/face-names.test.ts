import { describe, expect, it } from 'vitest';
import { readFaceNames } from './face-names.ts';

const files = (...paths: readonly string[]) =>
  paths.map((path) => ({ path, name: path, archive: 'd/faces.tar', start: 0 }));
const read = (...paths: readonly string[]) => readFaceNames(files(...paths), 'd/faces.tar');
const GOOD = [
  'b/9_1_3_20170104.jpg',
  'b/116_0_0_2017.jpg.chip.jpg',
  'a/30_0_4_2016.jpg',
  'a/30_0_1_2016.jpg',
];

describe('readFaceNames', () => {
  it('reads names as age, gender and race, in their order, without the fifth race', () => {
    const { files: kept, ages, genders, races } = read(...GOOD);
    expect(kept.map(({ path }) => path)).toEqual([GOOD[1], GOOD[3], GOOD[0]]);
    expect([[...ages], [...genders], [...races]]).toEqual([
      [116, 30, 9],
      [0, 0, 1],
      [0, 1, 3],
    ]);
  });

  it("takes the publisher's misspelt names, and passes over his three without a race", () => {
    const { ages, races } = read(
      'UTKFace/24_0_1_20170116220224657 .jpg.chip.jpg',
      'UTKFace/39_1_20170116174525125.jpg.chip.jpg',
      'UTKFace/55_0_0_20170116232725357jpg.chip.jpg',
      'UTKFace/61_1_20170109142408075.jpg.chip.jpg',
      'UTKFace/61_1_20170109150557335.jpg.chip.jpg',
    );
    expect([[...ages], [...races]]).toEqual([
      [24, 55],
      [1, 0],
    ]);
  });

  it.each([
    '61_1_20170109142408076.jpg',
    '61_1__20170109142408075.jpg',
    '20_2_1_2017.jpg',
    '20_0_5_2017.jpg',
    '20_0_1_2017.jpeg',
    '-1_0_1_2017.jpg',
    '20_0_1_.jpg',
    'README.jpg',
  ])('refuses a file named %s', (name) => {
    expect(() => read(...GOOD, `c/${name}`)).toThrow(
      expect.objectContaining({
        code: 'MLD_DATA_INVALID',
        message: expect.stringContaining(`d/faces.tar: 'c/${name}'`),
      }),
    );
  });

  it('refuses a name that is there twice, and no faces at all', () => {
    expect(() => read(...GOOD, 'c/30_0_1_2016.jpg')).toThrow("'30_0_1_2016.jpg' is there twice");
    expect(() => read('a/30_0_4_2016.jpg')).toThrow('it has no faces');
  });
});

/** Reports with inversions of the shape of real ones, their pictures drawn here, for the tests of what surrounds an audit. */

import { deflateSync } from 'node:zlib';
import { resultId } from '../../src/report/canonical.ts';
import { inversionVerdict } from '../../src/report/verdict/inversion.ts';
import { type Draft, reportWithoutResults, sampleReport } from './sample-report.ts';

type DraftResult = Draft['results'][number];
type DraftMetric = DraftResult['metrics'][string];
type DraftEntry = NonNullable<DraftResult['gallery']>[number];
type DraftPicture = DraftEntry['reconstruction'];

const CLASSES = [
  'T-shirt',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Boot',
];

/** One inversion by gradients alone and one with a generator, of ten classes, each of 28 × 28 grey values. */
export function sampleInversionReport(): Draft {
  return {
    ...reportWithoutResults(),
    results: [
      sampleInversion({ attack: 'inversion/mi-face', judge: 0.3, start: 0.1, closer: 0.5 }),
      sampleInversion({ attack: 'inversion/secret-revealer', judge: 0.9, start: 0.12, closer: 0.52 }),
    ],
  };
}

/** Two membership attacks and two inversions. */
export function sampleMixedReport(): Draft {
  const report = sampleReport();
  return { ...report, results: [...report.results, ...sampleInversionReport().results] };
}

/** Rows of a table in place of pictures. */
export function sampleRowInversionReport(): Draft {
  const report = sampleInversionReport();
  const values = (seed: number): DraftPicture => ({
    values: [
      { name: 'age', value: 30 + seed * 1.23456 },
      { name: 'occupation', value: seed % 2 === 0 ? 'Craft-repair' : 'Sales' },
      ...Array.from({ length: 18 }, (_, i) => ({ name: `item ${i}`, value: (seed + i) % 2 })),
    ],
  });
  for (const { gallery } of report.results)
    gallery!.forEach((entry, i) => {
      entry.reconstruction = values(i);
      entry.nearestMember = values(i + 1);
      entry.nearestNonMember = values(i + 2);
    });
  return report;
}

/** An inversion with the judge's accuracy, that on the start, and the share closer to a member as given. */
export function sampleInversion(options: {
  attack: string;
  judge: number;
  start: number;
  closer: number;
  classes?: number;
  perClass?: number;
  size?: number;
  channels?: 1 | 3;
  p?: number;
  defense?: DraftResult['defense'];
  seed?: number;
}): DraftResult {
  const {
    attack,
    judge,
    start,
    closer,
    classes = CLASSES.length,
    perClass = 1,
    size = 28,
    channels = 1,
  } = options;
  const { p = closer > 0.7 ? 0.0004 : 0.41, seed = 0 } = options;
  const generated = attack !== 'inversion/mi-face';
  const metrics: Record<string, DraftMetric> = {
    judgeAccuracy: around(judge, 0.06),
    judgeTop5Accuracy: around(Math.min(1, judge + 0.08), 0.06),
    judgeMacroF1: around(judge - 0.02, 0.07),
    judgeOwnAccuracy: around(0.91, 0.01),
    targetConfidence: around(0.999, 0.001),
    mse: around(0.168, 0.01),
    mseNormalised: { value: 1.349, low: 1.2, high: 1.5, method: 'simulated' },
    ssimClassMean: around(0.31, 0.03),
    ssimNearestMember: around(0.42, 0.03),
    ssimNearestNonMember: around(0.42, 0.03),
    nearestMemberDistance: { value: 6.31, low: 6, high: 6.6, method: 'simulated' },
    nearestNonMemberDistance: { value: 6.33, low: 6, high: 6.6, method: 'simulated' },
    nearestMemberFeatureDistance: { value: 11.2, low: 10, high: 12, method: 'simulated' },
    nearestNonMemberFeatureDistance: { value: 11.3, low: 10, high: 12, method: 'simulated' },
    memberCloser: around(closer, 0.1),
    memberCloserFeatures: around(closer, 0.12),
    memberCloserP: { value: p, low: null, high: null, method: 'permutation' },
    memberCloserFeaturesP: { value: p, low: null, high: null, method: 'permutation' },
    diversity: around(0.4, 0.05),
  };
  const baseline = (name: string, accuracy: number, mse: number) => ({
    name,
    metrics: {
      judgeAccuracy: around(accuracy, 0.05),
      judgeMacroF1: around(accuracy, 0.05),
      mse: around(mse, 0.01),
      ssimClassMean: around(0.5, 0.05),
      judgeAccuracyGain: {
        value: judge - accuracy,
        low: judge - accuracy - 0.08,
        high: judge - accuracy + 0.08,
        method: 'simulated',
      },
    },
  });
  const baselines = [
    baseline('class mean of auxiliary data', 0.85, 0.002),
    baseline('best auxiliary record', 0.98, 0.05),
    baseline('unoptimised start', start, 0.2),
    baseline('all-zero input', 0.1, 0.171),
  ];
  const params = generated
    ? { classes: 'all', perClass, steps: 1500 }
    : { classes: 'all', perClass, steps: 3000 };
  const question = {
    attack,
    threatModel: { access: 'white-box', auxiliary: generated ? 'shadow' : 'none', output: 'posteriors' },
    params,
    defense: options.defense ?? { name: 'none', params: {} },
  } as const;
  const records = { members: 2500, nonMembers: 2500 };
  const verdict = inversionVerdict(metrics, baselines, records, {
    classes: Math.max(2, classes),
    asked: Math.max(2, classes),
    attacks: 1,
  });
  return {
    id: resultId(question),
    ...question,
    params,
    source: generated ? 'Zhang et al., The Secret Revealer, CVPR 2020' : 'Fredrikson et al., CCS 2015',
    seed,
    references: { count: 0, pool: 'none' },
    ...(generated && { generator: { auxiliaryRecords: 5000, epochs: 40, guided: false } }),
    reconstructions: { count: classes * perClass, classes },
    queries: 30_000,
    records,
    metrics,
    curves: {},
    slices: [],
    baselines,
    gallery: Array.from({ length: classes * perClass }, (_, i) => {
      const at = Math.floor(i / perClass);
      const picture = (noise: number): DraftPicture => ({ png: drawing(size, channels, at, i, noise) });
      return {
        class: CLASSES[at] ?? `class ${at}`,
        confidence: 0.9 + (0.09 * ((i * 7) % perClass)) / perClass,
        reconstruction: picture(generated ? 0.15 : 1),
        nearestMember: picture(0.02),
        nearestNonMember: at === 3 ? null : picture(0.05),
        metrics: {
          targetConfidence: alone(0.99),
          judgeAccuracy: alone(i % 3 === 0 ? 0 : 1),
          nearestMemberDistance: alone(0.0612),
          nearestNonMemberDistance: alone(0.0623),
          ssimNearestMember: alone(0.43),
          ssimNearestNonMember: alone(0.41),
        },
      };
    }),
    artifacts: [
      {
        path: `artifacts/${attack.replace('/', '_')}.parquet`,
        kind: 'reconstructions',
        sha256: 'b'.repeat(64),
        containsTrainingRecords: false,
      },
    ],
    verdict: { ...verdict, advice: [...verdict.advice] },
    notes: [],
  };
}

function around(value: number, margin: number): DraftMetric {
  return { value, low: Math.max(0, value - margin), high: Math.min(1, value + margin), method: 'simulated' };
}

const alone = (value: number): DraftMetric => ({ value, low: null, high: null, method: 'none' });

/** A shape for each class under noise, as a PNG file in base64. */
function drawing(size: number, channels: 1 | 3, shape: number, seed: number, noise: number): string {
  let state = 1 + seed * 7919 + Math.round(noise * 1000);
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const lines = Array.from({ length: size }, (_, y) => [
    0,
    ...Array.from({ length: size * channels }, (_, at) => {
      const [u, v] = [Math.floor(at / channels) / size - 0.5, y / size - 0.5];
      const inside = Math.abs(u) < 0.15 + 0.02 * shape && Math.abs(v) < 0.42 - 0.025 * shape;
      const light = inside ? 0.55 + 0.3 * Math.cos((shape + 2) * 6 * v + (at % channels)) : 0.05;
      return Math.round(255 * Math.min(1, Math.max(0, light + noise * (uniform() - 0.5))));
    }),
  ]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, channels === 3 ? 2 : 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(lines.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]).toString('base64');
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

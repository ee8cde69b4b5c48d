/** Which attacks are run where nobody names any, over what targets offer and what records there are. */
import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { attackChoice, tinyWith } from '../../../test/audit/tiny-audit.ts';
import { allAttacks } from '../../attacks/registry.ts';
import type { AttackChoice } from '../../config/config.ts';
import type { GradientArchitecture } from '../../models/architecture.ts';
import { architecture } from '../../models/architectures.ts';
import { ownArchitectureName, registerOwnArchitecture } from '../../models/own-architectures.ts';
import { FULL_OFFER, type Offer } from '../../targets/threat-model.ts';
import { cellOf } from '../cell.ts';
import { chooseAttacks } from './choose-attacks.ts';
import type { OwnCell, Subject } from './subject.ts';

registerOwnArchitecture({
  ...(architecture('mlp') as GradientArchitecture),
  name: ownArchitectureName('d'),
});

const NETWORK: Subject = { kind: 'onnx', digest: 'd', sha256: 's', differentiable: true };
const OUTPUTS: Subject = { kind: 'outputs', answers: 'a', known: 'posteriors' };

const chosen = (subject: Subject, offers: Offer, auxiliary: number, attacks?: readonly AttackChoice[]) => {
  const data = madePictures({ size: 200 + auxiliary });
  const own = {
    subject,
    sizes: { members: 100, nonMembers: 100, auxiliary },
    config: attacks ? { attacks } : {},
    notRun: [],
  } as unknown as OwnCell;
  const { data: _, ...cell } = cellOf(tinyWith({ attacks: attacks ?? [] }));
  const found = chooseAttacks(
    { ...cell, data: { catalog: data.id, split: 'ml-doctor-2022' }, offers, own },
    new Map([[data.id, data]]),
  );
  const notRun = new Map(found.own?.notRun.map(({ attack, why }) => [attack, why]));
  const told = found.attacks.map(({ name, params }) => {
    const { auxiliary: has = '', access = '', method = '' } = params as Record<string, string>;
    return [name.replace('membership/', ''), access, has, method].filter(Boolean).join(' ');
  });
  return { cell: found, told, notRun };
};

const ANSWERS: Offer = { access: 'black-box', output: 'posteriors' };
const LABELS: Offer = { access: 'black-box', output: 'label' };

describe('attacks where nobody names any', () => {
  it('of a network, with records of the attacker’s, are all of the usual ones', () => {
    const { told } = chosen(NETWORK, FULL_OFFER, 200);
    expect(told).toEqual([
      'loss-threshold shadow',
      'label-only gap',
      'shadow-classifier black-box partial',
      'shadow-classifier white-box partial',
      'shadow-classifier black-box shadow',
      'quantile',
      'rmia',
    ]);
  });

  it('without such records need none, and the threshold is nobody’s', () => {
    const { told, notRun } = chosen(NETWORK, ANSWERS, 0);
    expect(told).toEqual(['loss-threshold none', 'label-only gap', 'shadow-classifier black-box partial']);
    expect(notRun.get('membership/rmia')).toContain('--auxiliary');
    expect(notRun.get('inversion/mi-face')).toMatch(/needs access: white-box/);
  });

  it('of labels alone are those of labels', () => {
    expect(chosen(NETWORK, LABELS, 200).told).toEqual(['label-only gap']);
    expect(chosen(OUTPUTS, ANSWERS, 0).told).toEqual([
      'loss-threshold none',
      'label-only gap',
      'shadow-classifier black-box partial',
    ]);
  });

  it.each<[string, Subject, Offer, number]>([
    ['a network', NETWORK, FULL_OFFER, 200],
    ['labels', NETWORK, LABELS, 200],
    ['saved outputs', OUTPUTS, ANSWERS, 0],
  ])('of %s: every other one is named with the reason', (_, subject, offers, auxiliary) => {
    const { cell, notRun } = chosen(subject, offers, auxiliary);
    const run = new Set(cell.attacks.map(({ name }) => name));
    expect([...run, ...notRun.keys()].sort()).toEqual(Object.keys(allAttacks()).sort());
    for (const [name, why] of notRun) expect(why, name).toMatch(/needs|train|takes longer|\./);
    expect(cell.origin.attacks).toEqual(cell.attacks.map((__, index) => ['attacks', index]));
  });

  it('says of those that take long that they would suit', () => {
    expect(chosen(NETWORK, FULL_OFFER, 200).notRun.get('membership/lira')).toContain(
      '--attacks membership/lira',
    );
  });
});

it('changes nothing where somebody names them', () => {
  const attacks = [attackChoice('membership/lira')];
  const { cell } = chosen(NETWORK, ANSWERS, 0, attacks);
  expect(cell.attacks).toEqual(attacks);
  expect(cell.own?.notRun).toEqual([]);
});

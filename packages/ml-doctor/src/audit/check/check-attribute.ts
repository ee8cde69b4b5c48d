/** Attribute attacks that do not suit the records or the model of a cell, found before anything is trained for them. */

import type { ConfiguredAttribute } from '../../attacks/attribute/attribute-attack.ts';
import { attributeAttackOf } from '../../attacks/attribute/registry.ts';
import { refuseUndifferentiable } from '../../attacks/target-graph.ts';
import type { Dataset } from '../../data/dataset.ts';
import { refuseUnseen } from '../../data/unseen.ts';
import { AuditError } from '../../errors.ts';
import { canonicalJson, type Json } from '../../study/canonical-json.ts';
import { attributeRecords, knownFrom, questionsOf } from '../../study/kinds/attribute/attribute-records.ts';
import { embeddingLayer } from '../../targets/embedding-layer.ts';
import type { Cell } from '../cell.ts';
import { chosenAttribute } from '../chosen-attribute.ts';
import { type Datasets, splitRef } from '../plan/plan-cells.ts';
import { unsuited } from './check-membership.ts';
import { networkOf, targetName } from './network.ts';

/** @throws {AuditError} MLD_ATTRIBUTE_*, MLD_LAYER_UNKNOWN, MLD_ATTACK_UNSUITED, MLD_SPLIT */
export const refuseUnsuitedAttribute = (
  name: string,
  configured: ConfiguredAttribute,
  cell: Cell,
  datasets: Datasets,
): void => {
  const { needs, check, params } = configured;
  const data = datasets.get(cell.data.catalog) as Dataset;
  const sensitive = chosenAttribute(configured, data);
  refuseDoubles(name, cell, data);
  const { recordShape } = data;
  check({ attribute: sensitive, recordShape });
  const roles = attributeRecords(data.size, splitRef(cell), knownFrom(needs.auxiliary));
  for (const { known, asked } of questionsOf(roles)) refuseUnseen(sensitive, data.id, known, asked);
  if (needs.access !== 'white-box') return;
  const found = networkOf(cell);
  if (found === undefined)
    throw unsuited(
      `${name} reads the layers of a network; ${targetName(cell)} is none`,
      'Use attribute/tabular, which needs answers only, or choose a network as the target.',
    );
  const model = found.build({ recordShape, classes: data.classes.length, seed: 0 });
  if (needs.record === 'rest') refuseUndifferentiable(name, model);
  else embeddingLayer(model, typeof params.layer === 'string' ? params.layer : undefined);
};

/** Two entries that differ in nothing once the attribute that one leaves out is filled in. */
const refuseDoubles = (name: string, { attacks }: Cell, data: Dataset): void => {
  const seen = new Set<string>();
  for (const { params } of attacks.filter((one) => one.name === name)) {
    const configured = attributeAttackOf(name).configure(params);
    const attribute = chosenAttribute(configured, data).name;
    const key = canonicalJson({ ...configured.params, attribute } as Json);
    if (seen.has(key))
      throw new AuditError(
        'MLD_CONFIG',
        `${name} is asked for '${attribute}' of ${data.id} twice: it is the attribute where none is named`,
        'Remove one of the two, or name another attribute.',
      );
    seen.add(key);
  }
};

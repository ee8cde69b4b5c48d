/** Attacks that somebody's own model or records leave no room for. */

import type { Configured } from '../../attacks/registry.ts';
import { defenseOf } from '../../defenses/registry.ts';
import { AuditError } from '../../errors.ts';
import { shortfall } from '../../targets/threat-model.ts';
import type { Cell } from '../cell.ts';
import type { OwnCell } from './subject.ts';

const unsuited = (what: string, hint: string) => new AuditError('MLD_ATTACK_UNSUITED', what, hint);

const GIVE_AUXILIARY =
  'Give records of the same kind that the model was not trained on, other than the non-members: data.auxiliary (--auxiliary).';

/** @throws {AuditError} MLD_ATTACK_UNSUITED with what the attack would need; MLD_THREAT_MODEL where the target offers less */
export const refuseUnsuitedOwn = (name: string, configured: Configured, { own, offers }: Cell): void => {
  if (!own) return;
  if (configured.family === 'membership' && configured.references.pool.kind === 'canaries')
    throw unsuited(
      `${name} trains the target anew, with canaries among its records; how your model was trained is not known here`,
      'It audits models that are trained here (target: { train: … }).',
    );
  if (own.subject.kind === 'outputs') refuseBeyondOutputs(name, configured);
  if (own.subject.kind === 'remote' && own.subject.service !== undefined)
    refuseBeyondService(name, configured);
  const short = own.subject.kind === 'copy' ? undefined : shortfall(configured.needs, offers);
  if (short)
    throw new AuditError(
      'MLD_THREAT_MODEL',
      `${name} needs ${short.part} ${short.needs}; the target offers ${short.offers}`,
      'Choose an attack that needs no more (`ml-doctor list attacks`), or offer more of the model if it has more (target.offers).',
    );
  if (own.sizes.auxiliary < 2 && configured.family === 'inversion')
    throw unsuited(
      `${name} needs auxiliary records, not for the attacker but to measure what its reconstructions show`,
      GIVE_AUXILIARY,
    );
  if (own.sizes.auxiliary < 2 && usesShadowData(configured))
    throw unsuited(`${name} needs the attacker's own records`, GIVE_AUXILIARY);
};

const refuseBeyondOutputs = (name: string, configured: Configured): void => {
  const needs = (what: string) =>
    unsuited(
      `${name} needs ${what}; saved outputs are all there is`,
      'Audit the model file (--model) or its endpoint (--endpoint) for it.',
    );
  if (configured.family !== 'membership') throw needs('the records themselves, and a model that answers');
  const { needs: given, asks, references } = configured;
  if (given.access === 'white-box') throw needs('the model file');
  if (given.inputs === 'any' || asks.views.length > 1)
    throw needs('a model that answers inputs of the attacker’s making');
  if (references.count > 0 || asks.population || given.auxiliary === 'shadow')
    throw needs('records to train models on');
  if (asks.features) throw needs('the records themselves');
};

/** A service trains on records that it is sent, in its own way. */
const refuseBeyondService = (name: string, configured: Configured): void => {
  if (configured.family !== 'membership' || configured.references.count === 0) return;
  const { pool, architectures } = configured.references;
  if (architectures || pool.kind === 'other' || pool.kind === 'synthetic')
    throw unsuited(
      `${name} trains models of its own choice, or on records of another kind; here the service trains them`,
      'Use its usual form, or leave out the service (its models are then trained here).',
    );
};

/** Whether anything of it is made of records of the attacker's. */
const usesShadowData = (configured: Configured): boolean => {
  switch (configured.family) {
    case 'membership': {
      const { needs, references, asks } = configured;
      // Online attacks train on the candidates, and need no others.
      if (references.count > 0 && references.pool.kind === 'with-candidates')
        return asks.population || references.asked.includes('population');
      return needs.auxiliary === 'shadow';
    }
    case 'stealing':
      return configured.method.kind === 'pool' && configured.method.pool.kind === 'shadow';
    case 'attribute':
      return configured.needs.auxiliary === 'shadow';
    case 'inversion':
      // What reconstructions are compared with is, among other things, how the model sees records that are nobody's.
      return true;
  }
};

/**
 * How a model was trained cannot be changed any more; its answers can.
 * @throws {AuditError} MLD_DEFENSE_UNSUITED
 */
export const refuseUnsuitedOwnDefense = (cell: Cell, { subject }: OwnCell): void => {
  const { name, params } = cell.defense;
  if (name === 'none') return;
  if (subject.kind === 'outputs')
    throw new AuditError(
      'MLD_DEFENSE_UNSUITED',
      `${name} cannot stand before answers that are saved already`,
      'Audit the model itself, or leave out the defence.',
    );
  const { learner, output } = defenseOf(name).configure(params);
  if (learner || !output)
    throw new AuditError(
      'MLD_DEFENSE_UNSUITED',
      `${name} changes how a model is trained, and yours is trained already`,
      'Choose a defence of the answers (top-k, label-only, rounding, temperature), or audit a model that is trained here.',
    );
};

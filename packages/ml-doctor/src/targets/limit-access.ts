/** Full access to a model, cut down to what a threat model allows. */
import type { Counted, WhiteBoxAccess } from './access.ts';
import type { Need, ThreatModel } from './threat-model.ts';

/**
 * The object an attack is given: it has the methods its threat model allows and no others, so that an attack written
 * without types cannot reach further either.
 */
export const limitAccess = (
  full: WhiteBoxAccess & Counted,
  needs: ThreatModel,
): Partial<WhiteBoxAccess> & Counted => {
  const holdsWeights = needs.access === 'white-box';
  const live = needs.inputs === 'any' || holdsWeights;
  // Asked about a record by its id, the model is shown all of it, the attribute that is to be guessed too.
  const byId = !(holdsWeights && needs.record === 'rest');
  const { posteriors, top } = allowed(needs);
  const limited: Partial<WhiteBoxAccess> & Counted = {
    classes: full.classes,
    get queries() {
      return full.queries;
    },
    ...(byId && { labels: (records, view) => full.labels(records, view) }),
    ...(byId && top > 0 && { top: (records, k) => full.top(records, Math.min(k, top)) }),
    ...(byId && posteriors && { query: (records, view) => full.query(records, view) }),
    ...(live && { labelsOf: (inputs) => full.labelsOf(inputs) }),
    ...(live && posteriors && { answersOf: (inputs) => full.answersOf(inputs) }),
    ...(byId &&
      holdsWeights && {
        lastLayer: (records) => full.lastLayer(records),
        embeddings: (records, layer) => full.embeddings(records, layer),
      }),
  };
  // A spread would read it at once, and where only saved answers are at hand that is an error.
  if (holdsWeights) Object.defineProperty(limited, 'model', { get: () => full.model, enumerable: true });
  return limited;
};

/** Whether full posteriors may be asked for, and how many of the largest. */
const allowed = ({ access, output }: Need): { posteriors: boolean; top: number } => {
  if (access === 'white-box' || output === 'posteriors') return { posteriors: true, top: Infinity };
  if (output === 'topK') return { posteriors: false, top: Infinity };
  return { posteriors: false, top: output === 'top1' ? 1 : 0 };
};

import { describe, expect, it } from 'vitest';
import { tinyAudit } from '../../test/audit/tiny-audit.ts';
import { ACCESSES, OUTPUTS } from '../targets/threat-model.ts';
import { refuseOutOfReach } from './load.ts';

describe('attacks of the command line', () => {
  it.each(OUTPUTS.flatMap((output) => ACCESSES.map((access) => ({ access, output }))))(
    'that need posteriors, on a target that offers $output by $access',
    (offers) => {
      const act = () => refuseOutOfReach({ ...tinyAudit, target: { ...tinyAudit.target, offers } });
      if (offers.output === 'posteriors') expect(act).not.toThrow();
      else
        expect(act).toThrow(
          expect.objectContaining({
            code: 'MLD_THREAT_MODEL',
            message: `--attacks: membership/loss-threshold needs posteriors output; the target offers ${offers.output}`,
          }),
        );
    },
  );
});

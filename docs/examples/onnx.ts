/** Audits an ONNX file and writes the report: the forest of scikit-learn that the tests of ML-Doctor keep. */

import { fileURLToPath } from 'node:url';
import { audit, fromOnnx } from 'ml-doctor';

const folder = fileURLToPath(new URL('../../packages/ml-doctor/test/golden/models/', import.meta.url));

const result = await audit({
  target: fromOnnx(`${folder}sklearn-forest.onnx`, { expectAccuracy: { members: 1 } }),
  data: { members: `${folder}data/wine-members.csv`, nonMembers: `${folder}data/wine-non-members.csv` },
  onEvent: (event) => {
    if (event.type === 'warning') console.warn(event.message);
    if (event.type === 'first-look')
      console.log(`right on ${event.members.right} of ${event.members.records} members`);
  },
  seed: 1,
});

const { html } = await result.write(process.env['REPORT'] ?? 'ml-doctor-out');
console.log(`Report: ${html}`);

export { result };

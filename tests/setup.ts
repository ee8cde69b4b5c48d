/** Before every test file: property tests draw the same cases each time, unless PROPERTY_SEED says otherwise. */
import fc from 'fast-check';

/** A change must not fail by chance on somebody else's draw; `npm run nightly` draws anew and prints the seed. */
const given = process.env['PROPERTY_SEED'];
const seed = given === 'random' ? undefined : Number(given ?? 20_220_810);

fc.configureGlobal({ ...fc.readConfigureGlobal(), ...(seed !== undefined && { seed }) });

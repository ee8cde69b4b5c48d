import { describeExecutor } from '../../../test/study/executor-contract.ts';
import { handlers } from '../../../test/study/fixture-handlers.ts';
import { inlineExecutor } from './inline.ts';

describeExecutor('inline', (store, places = {}) => inlineExecutor({ store, handlers, places }));

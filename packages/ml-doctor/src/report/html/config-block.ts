/** Command and configuration on the page, ready to be copied. */

import { Document, isSeq, visit } from 'yaml';
import { html, type Markup, verbatim } from './markup.ts';

/** `rerun` is the command that takes the configuration from a file. */
export function configBlock(options: {
  readonly command: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly rerun: string;
}): Markup {
  return html`<pre><code>${verbatim(options.command)}</code></pre>
<p>This is the whole configuration. Saved as a file, <code>${options.rerun}</code> gives the same:</p>
<pre class="config"><code>${verbatim(configText(options.config))}</code></pre>`;
}

/** As YAML, lists of numbers on one line. */
export function configText(config: Readonly<Record<string, unknown>>): string {
  const document = new Document(config, { aliasDuplicateObjects: false });
  visit(document, {
    Seq: (_, list) => {
      if (isSeq(list) && list.items.every((item) => typeof (item as { value?: unknown }).value === 'number'))
        list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}

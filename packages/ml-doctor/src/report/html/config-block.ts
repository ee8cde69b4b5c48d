/** Command and configuration on the page, ready to be copied. */

import { Document, isSeq, visit } from 'yaml';
import { html, type Markup, verbatim } from './markup.ts';

interface Shown {
  readonly command: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * `rerun`: the command that takes the configuration from a file, where the command needs none. `before`: what to do with
 * the configuration before the command works; `again`: what neither of them says.
 */
export function configBlock(
  options: Shown & ({ readonly rerun: string } | { readonly before: string; readonly again: string }),
): Markup {
  const command = html`<pre><code>${verbatim(options.command)}</code></pre>`;
  const config = html`<pre class="config"><code>${verbatim(configText(options.config))}</code></pre>`;
  if ('before' in options)
    return html`<p>${options.before}</p>
${command}${
  options.again !== '' &&
  html`
<p>${options.again}</p>`
}
${config}`;
  return html`${command}
<p>This is the whole configuration. Saved as a file, <code>${options.rerun}</code> gives the same:</p>
${config}`;
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

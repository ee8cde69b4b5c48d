/** The shell of a page: a document that opens offline, runs no script and asks for nothing. */

import { html, Markup } from './markup.ts';
import { STYLE } from './style.ts';

/** Inline styles and data pictures only, so that even markup that slipped through could load and run nothing. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** `style` follows the common style sheet. */
export function htmlDocument(page: {
  readonly title: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly body: Markup;
  readonly style?: string;
}): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${page.tool.name} ${page.tool.version}">
<title>${page.title}</title>
<style>${new Markup(STYLE + (page.style ?? ''))}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<main id="main" tabindex="-1">
${page.body}
</main>
</body>
</html>
`.text;
}

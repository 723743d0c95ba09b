import type { Locale } from '../kernel/locale.js';
import { FRAME } from './frame.js';
import type { Block } from './words.js';

/** The notice as HTML: no pictures, no styles from outside, no script, and every word escaped. */
export function htmlOf(subject: string, blocks: readonly Block[], locale: Locale, mailWord?: string): string {
  const { hello, word, goodbye, care } = FRAME[locale];
  const body = [
    paragraph(hello),
    ...(mailWord === undefined ? [] : [paragraph(`${word}${mailWord}`)]),
    ...blocks.map(blockHtml),
    paragraph(goodbye),
    `<p style="color:#555;font-size:13px">${escapeHtml(care)}</p>`,
  ].join('\n');
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>
<body style="font-family:sans-serif;font-size:16px;line-height:1.6;max-width:38em;margin:1em">
${body}
</body></html>
`;
}

function blockHtml(block: Block): string {
  if (typeof block === 'string') return paragraph(block);
  if ('items' in block) return `<ul>${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
  return `<p><a href="${escapeHtml(block.link)}">${escapeHtml(block.label)}</a></p>`;
}

const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

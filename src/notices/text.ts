import type { Locale } from '../kernel/locale.js';
import { FRAME } from './frame.js';
import type { Block } from './words.js';

/** The notice as plain text, paragraphs apart by an empty line. */
export function textOf(blocks: readonly Block[], locale: Locale, mailWord?: string): string {
  const { hello, word, goodbye, care } = FRAME[locale];
  const known = mailWord === undefined ? [] : [`${word}${mailWord}`];
  return `${[hello, ...known, ...blocks.map(blockText), goodbye, `-- \n${care}`].join('\n\n')}\n`;
}

function blockText(block: Block): string {
  if (typeof block === 'string') return block;
  return 'items' in block ? block.items.map((item) => `- ${item}`).join('\n') : block.link;
}

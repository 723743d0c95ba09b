import { createHash } from 'node:crypto';
import { htmlToText } from 'html-to-text';
import { simpleParser } from 'mailparser';
import { shown, visible } from './read-text.js';
import type { MailContent } from './words.js';

const MAX_HEADERS = 200;
const MAX_HEADER_CHARACTERS = 2_000;
const MAX_ATTACHMENTS = 200;
const MAX_HTML_CHARACTERS = 1_000_000;
const MAX_DEPTH = 100;

/** A mail as its headers and its text; of HTML alone the text and where its links lead, nothing is fetched or shown. */
export async function readMail(file: Buffer): Promise<MailContent> {
  const mail = await simpleParser(file, {
    skipImageLinks: true,
    skipTextToHtml: true,
    maxHtmlLengthToParse: MAX_HTML_CHARACTERS,
  });
  return {
    ...shown(mail.text?.trim() ? mail.text : textOf(mail.html || '')),
    headers: mail.headerLines.slice(0, MAX_HEADERS).map(({ line }) => header(line)),
    attachments: mail.attachments.slice(0, MAX_ATTACHMENTS).map(({ filename, contentType, content }) => ({
      name: line(filename ?? ''),
      type: line(contentType),
      size: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    })),
  };
}

/** Where links lead stands behind them: in a mail that means to deceive that is what matters. */
const textOf = (html: string): string =>
  htmlToText(html.slice(0, MAX_HTML_CHARACTERS), {
    limits: { maxDepth: MAX_DEPTH, ellipsis: '…' },
    selectors: [{ selector: 'img', format: 'skip' }],
  });

function header(text: string): { name: string; value: string } {
  const colon = text.indexOf(':');
  return { name: line(text.slice(0, colon)), value: line(text.slice(colon + 1).trim()) };
}

const line = (text: string): string => visible(text.slice(0, MAX_HEADER_CHARACTERS).toWellFormed());

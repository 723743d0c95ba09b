import Joi from 'joi';
import { LOCALES, type Locale } from '../kernel/locale.js';
import { htmlOf } from './html.js';
import { isTimeZone, sayIn } from './say.js';
import { TEMPLATES } from './templates/index.js';
import { textOf } from './text.js';
import type { Block, Template } from './words.js';

/** A mail without its addresses. */
export interface RenderedNotice {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What a feature asks for in the payload of a `send-notice` job, apart from the address. */
export interface NoticeRequest {
  readonly template: string;
  readonly locale: Locale;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The notice cannot be written as asked; trying again will not help. The message names what is wrong, never a value. */
export class NoticeError extends Error {
  override readonly name = 'NoticeError';
}

const request = Joi.object<NoticeRequest>({
  template: Joi.string().required(),
  locale: Joi.string()
    .valid(...LOCALES)
    .required(),
  params: Joi.object().unknown().required(),
});

/**
 * Writes a notice in one language, as plain text and as simple HTML that says the same.
 *
 * @param params  those of the template, and `timeZone` (IANA name of the reader's zone; one customary for the language if
 *                missing or unknown). Parameters that the template does not know are ignored.
 * @param mailWord  the reader's own word, shown at the top
 * @throws NoticeError for an unknown template or language, and for a parameter that is missing or does not fit
 */
export function renderNotice(asked: NoticeRequest, mailWord?: string): RenderedNotice {
  const { template: name, locale, params } = readAsked(asked);
  const template = templateNamed(name);
  const { timeZone } = params;
  const say = sayIn(locale, typeof timeZone === 'string' && isTimeZone(timeZone) ? timeZone : undefined);
  const { subject, body } = template.text[locale](checked(template.params, params, name), say);
  const blocks = body.filter((block): block is Block => Boolean(block));
  return { subject, text: textOf(blocks, locale, mailWord), html: htmlOf(subject, blocks, locale, mailWord) };
}

/** @throws NoticeError */
export const readAsked = (asked: unknown): NoticeRequest => checked(request, asked, 'notice');

/** Whether it may go to a contact point marked compromised, without its link. @throws NoticeError */
export const isHarmless = (name: unknown): boolean => templateNamed(String(name)).harmless === true;

function templateNamed(name: string): Template<never> {
  const template = TEMPLATES.get(name);
  if (template === undefined) throw new NoticeError('notice: unknown template');
  return template;
}

/** A Joi error holds the raw input; only path and rule leave it. */
function checked<T>(schema: Joi.ObjectSchema<T>, value: unknown, name: string): T {
  const result = schema.validate(value, { abortEarly: false, stripUnknown: true });
  if (result.error === undefined) return result.value;
  throw new NoticeError(
    `${name}: ${result.error.details.map(({ path, type }) => `${path.join('.')} (${type})`).join(', ')}`,
  );
}

import Joi from 'joi';
import type { Locale } from '../kernel/locale.js';
import { CHANGE_NAMES } from './names.js';
import { code, instant, link } from './params.js';
import { NoticeError, readAsked } from './render-notice.js';
import { sayIn } from './say.js';
import type { Say } from './words.js';

interface TextMessage<P = never> {
  readonly harmless?: true;
  readonly params: Joi.ObjectSchema<P>;
  readonly text: Readonly<Record<Locale, (params: P, say: Say) => string>>;
}

const textMessage = <P>(definition: TextMessage<P>): TextMessage => definition as unknown as TextMessage;

/** What goes to telephones. Short: a lock screen shows it to whoever stands near, so no case and no name is in it. */
const TEXTS: ReadonlyMap<string, TextMessage> = new Map([
  [
    'phone-code',
    textMessage<{ code: string; minutes: number }>({
      params: Joi.object({
        code: Joi.string()
          .pattern(/^\d{6}$/)
          .required(),
        minutes: Joi.number().integer().required(),
      }),
      text: {
        'zh-CN': (p) =>
          `Firebreak：确认此号码的验证码 ${p.code}，${p.minutes} 分钟内有效。请只在您自己打开的页面上输入，不要告诉任何人，包括我们的工作人员。`,
        en: (p) =>
          `Firebreak: ${p.code} confirms this number, within ${p.minutes} minutes. Enter it only on a page you opened yourself. Tell nobody, our staff included.`,
      },
    }),
  ],
  [
    'security-change',
    textMessage<{ change: string; at?: string; link?: string }>({
      harmless: true,
      params: Joi.object({ change: code.required(), at: instant, link }),
      text: {
        'zh-CN': (p, say) =>
          `Firebreak：${say.names([p.change], CHANGE_NAMES['zh-CN'])[0] ?? '安全设置已更改'}。不是您操作的？${p.link ? `打开 ${p.link} 结束所有登录并由我们处理` : '请登录并提交报告'}`,
        en: (p, say) =>
          `Firebreak: ${say.names([p.change], CHANGE_NAMES.en)[0] ?? 'a security setting was changed'}. Not you? ${p.link ? `End all sessions and have us act: ${p.link}` : 'Sign in and report it.'}`,
      },
    }),
  ],
]);

export const TEXT_MESSAGES: readonly string[] = [...TEXTS.keys()];

export const isHarmlessText = (name: string): boolean => TEXTS.get(name)?.harmless === true;

/**
 * Writes a text message in one language.
 *
 * @throws NoticeError for an unknown text or language, and for a parameter that is missing or does not fit
 */
export function renderText(asked: unknown): string {
  const { template: name, locale, params } = readAsked(asked);
  const message = TEXTS.get(name);
  if (message === undefined) throw new NoticeError('text: unknown text');
  const { error, value } = message.params.validate(params, { stripUnknown: true });
  if (error)
    throw new NoticeError(`${name}: ${error.details.map(({ path, type }) => `${path.join('.')} (${type})`).join()}`);
  return message.text[locale](value, sayIn(locale, undefined));
}

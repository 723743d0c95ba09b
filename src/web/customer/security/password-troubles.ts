import { textsOf, useTexts } from '../../ground/language.js';

const TEXTS = textsOf('password-troubles', {
  password_too_short: { 'zh-CN': '密码至少需要 12 个字符。', en: 'The password needs at least 12 characters.' },
  password_too_common: { 'zh-CN': '这个密码太常见，请换一个。', en: 'This password is too common. Choose another.' },
  password_refused: { 'zh-CN': '密码不对。', en: 'The password is wrong.' },
});

/** Why a password is refused, by code. */
export function usePasswordTroubles(): Readonly<Record<string, string>> {
  const say = useTexts(TEXTS);
  return {
    password_too_short: say('password_too_short'),
    password_too_common: say('password_too_common'),
    password_refused: say('password_refused'),
  };
}

import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Text = Readonly<Record<Language, string>>;
type Texts = Readonly<Record<string, Text>>;

const KEPT_AS = 'language';

function chosen(): Language {
  const kept = localStorage.getItem(KEPT_AS);
  if (kept === 'zh-CN' || kept === 'en') return kept;
  return navigator.language.startsWith('zh') ? 'zh-CN' : 'en';
}

void i18next.use(initReactI18next).init({
  lng: chosen(),
  fallbackLng: false,
  resources: {},
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false }, // React escapes
  react: { useSuspense: false },
});
document.documentElement.lang = i18next.language;

/** The texts of one room, each in both languages side by side, so that none can be forgotten. */
export interface Said<T extends Texts> {
  readonly namespace: string;
  readonly texts: T;
}

export function textsOf<const T extends Texts>(namespace: string, texts: T): Said<T> {
  for (const language of LANGUAGES) {
    const words = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text[language]]));
    i18next.addResourceBundle(language, namespace, words);
  }
  return { namespace, texts };
}

export type Values = Readonly<Record<string, string | number>>;

/** `const say = useTexts(TEXTS)`, then `say('send')`; a key that there is not does not compile. */
export function useTexts<T extends Texts>({ namespace }: Said<T>): (key: keyof T & string, values?: Values) => string {
  const { t } = useTranslation(namespace);
  return (key, values) => t(key, { ...values }) as string;
}

/** What the server says in both languages, in the reader's. */
export function useSay(): (text: Text) => string {
  const language = useLanguage();
  return (text) => text[language];
}

export function useLanguage(): Language {
  return useTranslation().i18n.language as Language;
}

export function setLanguage(language: Language): void {
  localStorage.setItem(KEPT_AS, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

/** The languages that everything we say exists in, the first one when nobody chose. */
export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/** The same words in every language. */
export type Text = Readonly<Record<Locale, string>>;

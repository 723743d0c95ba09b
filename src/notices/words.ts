import type Joi from 'joi';
import type { Locale } from '../kernel/locale.js';

/** A piece of a mail: a paragraph, a list, or the one link that was passed in. Plain text throughout. */
export type Block = string | { readonly items: readonly string[] } | { readonly link: string; readonly label: string };

export interface NoticeText {
  readonly subject: string;
  /** What is empty, false or undefined is left out, so that a sentence can hang on its parameter. */
  readonly body: readonly (Block | '' | false | undefined)[];
}

/** How a language says times and lists. */
export interface Say {
  /** An instant in the reader's zone, the zone named. */
  when(instant: string): string;
  /** Codes as names, unknown codes left out. */
  names(codes: readonly string[], names: Readonly<Record<string, string>>): string[];
}

/** A mail we send: which params it takes, and its words in every language. */
export interface Template<P = never> {
  readonly name: string;
  /** Without its link it says nothing that a thief could use, so it may go to a contact point marked compromised. */
  readonly harmless?: true;
  readonly params: Joi.ObjectSchema<P>;
  readonly text: Readonly<Record<Locale, (params: P, say: Say) => NoticeText>>;
}

export const template = <P>(definition: Template<P>): Template<P> => definition;

/** The policy lets in style elements that carry the nonce of this answer, and no others. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.nonce ?? '';

const create = document.createElement;

/**
 * Ant Design gives the nonce to the styles of its parts, but not to those with which tables measure a scroll bar. Whatever our own
 * scripts make may carry it: others cannot run here.
 */
document.createElement = function createElement(this: Document, name: string, options?: ElementCreationOptions) {
  const made = create.call(this, name, options);
  if (made instanceof HTMLStyleElement) made.nonce = nonce;
  return made;
} as typeof document.createElement;

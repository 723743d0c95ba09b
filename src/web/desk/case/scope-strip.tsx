import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import type { StaffCase } from '../case-types.js';
import { SCOPES, type Scope } from '../freeze-words.js';
import { useWords } from '../words.js';

const TEXTS = textsOf('desk-scopes', {
  scopes: { 'zh-CN': '本案的冻结范围', en: 'What this case freezes' },
  frozen: { 'zh-CN': '已冻结', en: 'frozen' },
  asked: { 'zh-CN': '待交易所确认', en: 'asked, not confirmed' },
  missing: { 'zh-CN': '未能冻结', en: 'not frozen' },
  releasing: { 'zh-CN': '正在解冻', en: 'being released' },
  open: { 'zh-CN': '未冻结', en: 'open' },
});

type Standing = keyof typeof TEXTS.texts & ('frozen' | 'asked' | 'missing' | 'releasing' | 'open');
const LOOK = { frozen: 'good', asked: 'warn', missing: 'bad', releasing: 'info', open: '' } as const;

/** How a scope stands by all freezes of the case; *frozen* only by a receipt. */
export function standingOf({ freezes }: Pick<StaffCase, 'freezes'>, scope: Scope): Standing {
  const some = (test: (freeze: StaffCase['freezes'][number]) => boolean) => freezes.some(test);
  if (some(({ state, applied }) => (state === 'active' || state === 'partial') && applied.includes(scope)))
    return 'frozen';
  if (some(({ state, scopes }) => state === 'release-pending' && scopes.includes(scope))) return 'releasing';
  if (some(({ state, scopes }) => (state === 'requested' || state === 'unconfirmed') && scopes.includes(scope)))
    return 'asked';
  return some(({ state, missing }) => state === 'partial' && missing.includes(scope)) ? 'missing' : 'open';
}

export function ScopeStrip({ file }: { readonly file: StaffCase }): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  return (
    <section className="sheet scope-strip" aria-labelledby="scopes">
      <h2 id="scopes">{say('scopes')}</h2>
      <ul>
        {SCOPES.map((scope) => {
          const standing = standingOf(file, scope);
          return (
            <li key={scope} className={standing}>
              <span>{word(scope)}</span>
              <span className={`tag ${LOOK[standing]}`}>{say(standing)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

import { Button } from 'antd';
import { type ReactNode, useId } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import type { ActSeen, StaffCase } from '../case-types.js';
import { Countdown } from '../countdown.js';
import { type ActWithForm, FORMS } from './act-forms.js';
import { useActTexts } from './act-texts.js';

const TEXTS = textsOf('desk-act-panel', {
  title: { 'zh-CN': '操作', en: 'What can be done' },
  now: { 'zh-CN': '现在可以', en: 'Now' },
  notNow: { 'zh-CN': '现在还不行', en: 'Not now' },
  others: { 'zh-CN': '其他角色的操作（{{n}}）', en: 'For other roles ({{n}})' },
  nothing: { 'zh-CN': '现在没有您可以做的操作。', en: 'There is nothing for you to do here now.' },
  left: { 'zh-CN': '剩余', en: 'left' },
});

type SeenWithForm = ActSeen & { readonly act: ActWithForm };
const hasForm = (seen: ActSeen): seen is SeenWithForm => Object.hasOwn(FORMS, seen.act);
/** What any case may need in any state; what moves this one on stands before it. */
const EVERYDAY: readonly ActWithForm[] = [
  'assignCase',
  'makeSupportCode',
  'checkSupportCode',
  'restoreContactPoint',
  'resetCustomerFactors',
  'setLegalHold',
  'liftLegalHold',
];
const DANGEROUS: readonly ActWithForm[] = ['freezeAccount', 'failIdentity', 'declineRelease', 'resetCustomerFactors'];

interface Props {
  readonly file: StaffCase;
  readonly onAct: (act: ActWithForm) => void;
}

/** Every act on the case: what is open now as buttons, what is not greyed with its reason, what is others' folded away. */
export function ActPanel({ file, onAct }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const { name, reason } = useActTexts();
  const acts = file.acts
    .filter(hasForm)
    .toSorted((a, b) => Number(EVERYDAY.includes(a.act)) - Number(EVERYDAY.includes(b.act)));
  const open = acts.filter(({ allowed }) => allowed);
  const shut = acts.filter(({ allowed, because }) => !allowed && because !== 'not_allowed');
  const others = acts.filter(({ because }) => because === 'not_allowed');
  return (
    <section className="sheet acts" aria-labelledby="acts">
      <h2 id="acts">{say('title')}</h2>
      {open.length > 0 ? (
        <ul className="open-acts" aria-label={say('now')}>
          {open.map(({ act }) => (
            <li key={act}>
              <Button block danger={DANGEROUS.includes(act)} onClick={() => onAct(act)}>
                {name(act)}
              </Button>
            </li>
          ))}
        </ul>
      ) : (
        <p className="soft">{say('nothing')}</p>
      )}
      {shut.length > 0 ? (
        <>
          <h3>{say('notNow')}</h3>
          <ul className="shut-acts">
            {shut.map((seen) => (
              <ShutAct key={seen.act} seen={seen} />
            ))}
          </ul>
        </>
      ) : null}
      {others.length > 0 ? (
        <details>
          <summary>{say('others', { n: others.length })}</summary>
          <ul className="other-acts">
            {others.map(({ act, because }) => (
              <li key={act}>
                {name(act)} <small>{reason(because ?? '')}</small>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

function ShutAct({ seen: { act, because, until } }: { readonly seen: SeenWithForm }): ReactNode {
  const say = useTexts(TEXTS);
  const { name, reason } = useActTexts();
  const why = useId();
  return (
    <li>
      <Button block disabled aria-describedby={why}>
        {name(act)}
      </Button>
      <small id={why}>
        {reason(because ?? '')}
        {until ? (
          <>
            {' '}
            · {say('left')} <Countdown until={until} />
          </>
        ) : null}
      </small>
    </li>
  );
}

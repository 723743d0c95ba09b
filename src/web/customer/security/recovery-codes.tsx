import { type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { readMe, useMe } from '../../ground/session.js';
import { Time } from '../../ground/time.js';
import { Button, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { Section } from './section.js';
import { ShownOnce } from './shown-once.js';

const TEXTS = textsOf('recovery-codes', {
  title: { 'zh-CN': '恢复码', en: 'Recovery codes' },
  why: {
    'zh-CN': '手机丢失时用来登录。每个只能使用一次。',
    en: 'They let you in when your phone is lost. Each works once.',
  },
  left: { 'zh-CN': '还剩 {{n}} 个，生成于 ', en: '{{n}} left, made ' },
  none: {
    'zh-CN': '还没有恢复码。设置第二验证方式后才能生成。',
    en: 'There are none yet. They come with a second factor.',
  },
  renew: { 'zh-CN': '生成十个新的', en: 'Make ten new ones' },
  renewWhy: { 'zh-CN': '旧的会立即失效。', en: 'Those before are void at once.' },
  younger_factor: {
    'zh-CN': '确认用的验证方式太新。请用更早设置的方式确认。',
    en: 'What you confirmed with is too young. Confirm with an older factor.',
  },
});

export function RecoveryCodes(): ReactNode {
  const say = useTexts(TEXTS);
  const { recoveryCodes, secondFactor, passkeys } = useMe();
  const act = useAct({ younger_factor: say('younger_factor') });
  const [codes, setCodes] = useState<readonly string[]>();
  const renew = () =>
    void act.run(async (key) => {
      setCodes((await call('renewRecoveryCodes', { key })).recoveryCodes);
    });
  return (
    <Section id="recovery-codes" title={say('title')} why={say('why')}>
      {recoveryCodes ? (
        <p>
          {say('left', { n: recoveryCodes.left })}
          <Time at={recoveryCodes.issuedAt} style="date" />
        </p>
      ) : (
        <p>{say('none')}</p>
      )}
      {act.trouble ? <Notice kind="bad">{act.trouble}</Notice> : null}
      {secondFactor || passkeys.length > 0 ? (
        <>
          <p className="hint">{say('renewWhy')}</p>
          <div className="actions">
            <Button busy={act.busy} onClick={renew}>
              {say('renew')}
            </Button>
          </div>
        </>
      ) : null}
      {codes ? (
        <ShownOnce
          codes={codes}
          onKept={() => {
            setCodes(undefined);
            void readMe();
          }}
        />
      ) : null}
    </Section>
  );
}

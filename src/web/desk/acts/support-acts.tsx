import { Button, Input } from 'antd';
import type { ReactNode } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Field, Notice } from '../../ground/ui.js';
import { ActDialog, type ActProps } from './act-dialog.js';

const TEXTS = textsOf('desk-support-acts', {
  make: {
    'zh-CN': '您给客户打电话时，念出这个口令；客户可以在“安全”页面核对您确实是我们的员工。',
    en: 'Read it out when you call the customer, who can check on the security page that you are our staff.',
  },
  until: { 'zh-CN': '有效至', en: 'Good until' },
  check: {
    'zh-CN': '有人来电自称是客户时，请对方登录后念出八位口令。',
    en: 'When somebody calls as the customer, ask for the eight digits that they see once they are signed in.',
  },
  code: { 'zh-CN': '来电者念出的八位数字', en: 'The eight digits they read out' },
  recognised: {
    'zh-CN': '口令正确：来电者已登录为本案客户。这不等于身份核实。',
    en: 'It is right: the caller is signed in as the customer of this case. That is no proof of identity.',
  },
  close: { 'zh-CN': '关闭', en: 'Close' },
});

export function MakeSupportCode(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  return (
    <ActDialog
      {...props}
      act="makeSupportCode"
      empty={{}}
      send={(_draft, how) => call('makeSupportCode', how)}
      answer={(reply) => {
        const { code, expiresAt, use } = reply as Reply<'makeSupportCode'>;
        return (
          <>
            <p className="spoken-code">{code.replace(/^(\d{4})/, '$1 ')}</p>
            <p>{inWords(use)}</p>
            <p>
              {say('until')} <Time at={expiresAt} />
            </p>
            <Close {...props} />
          </>
        );
      }}
    >
      {() => <p>{say('make')}</p>}
    </ActDialog>
  );
}

export function CheckSupportCode(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <ActDialog
      {...props}
      act="checkSupportCode"
      empty={{ code: '' }}
      ready={({ code }) => digits(code).length === 8}
      send={({ code }, how) => call('checkSupportCode', { ...how, body: { code: digits(code) } })}
      answer={() => (
        <>
          <Notice kind="good">{say('recognised')}</Notice>
          <Close {...props} />
        </>
      )}
    >
      {({ code }, change) => (
        <Field label={say('code')} hint={say('check')}>
          {({ id, ...ties }) => (
            <Input
              id={id}
              {...ties}
              inputMode="numeric"
              autoComplete="off"
              maxLength={11}
              required
              value={code}
              onChange={({ target }) => change({ code: target.value })}
            />
          )}
        </Field>
      )}
    </ActDialog>
  );
}

const digits = (typed: string): string => typed.replace(/\D/g, '');

function Close({ onClose }: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <div className="actions">
      <Button type="primary" onClick={onClose}>
        {say('close')}
      </Button>
    </div>
  );
}

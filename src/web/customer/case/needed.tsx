import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import { Link } from 'wouter';
import { type Reply, send } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Cancelled } from '../../ground/problem.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { useMe } from '../../ground/session.js';
import { Time } from '../../ground/time.js';
import { Button, Notice } from '../../ground/ui.js';
import { receiptsOf } from '../../ground/upload.js';
import { keepReceipts } from '../receipts.js';

const TEXTS = textsOf('needed', {
  title: { 'zh-CN': '核实身份：需要您做的', en: 'Proving who you are: what we need from you' },
  nothing: { 'zh-CN': '现在不需要您做什么。', en: 'Nothing is needed from you right now.' },
  why: {
    'zh-CN': '解冻之前必须确认您就是账户的主人。下面任意一种组合都可以：',
    en: 'Before the account is released it must be certain that you own it. Any one of these will do:',
  },
  and: { 'zh-CN': ' ＋ ', en: ' + ' },
  authenticator: { 'zh-CN': '身份验证器或通行密钥', en: 'your authenticator or passkey' },
  document: { 'zh-CN': '身份证件照片', en: 'a photo of an identity document' },
  callback: { 'zh-CN': '我们给您回电', en: 'a call from us' },
  prove: { 'zh-CN': '用我的验证器或通行密钥证明', en: 'Prove it with my authenticator or passkey' },
  proveWhy: {
    'zh-CN': '只需一次确认。设置不久的验证器或通行密钥不算，因为窃贼会先换成自己的。',
    en: 'One confirmation. A recently set up authenticator or passkey does not count: a thief sets up their own first.',
  },
  noFactor: {
    'zh-CN': '您还没有身份验证器或通行密钥，请用其他方式。',
    en: 'You have neither authenticator nor passkey; use the other ways.',
  },
  documentHow: {
    'zh-CN': '把证件照片作为证据添加到下面，安全人员会核对。',
    en: 'Add photos of the document to the evidence below. A security officer compares them.',
  },
  callbackHow: {
    'zh-CN': '安全人员会拨打您之前登记的电话。我们不会在电话里要验证码。',
    en: 'A security officer calls a number that was on file before. We ask for no code on the telephone.',
  },
  checks: { 'zh-CN': '已进行的核实', en: 'Checks so far' },
  started: { 'zh-CN': '进行中', en: 'under way' },
  passed: { 'zh-CN': '已通过', en: 'passed' },
  failed: { 'zh-CN': '未通过', en: 'not passed' },
  met: { 'zh-CN': '您的身份已核实。', en: 'Your identity is proven.' },
  factor_too_young: {
    'zh-CN': '这个验证器或通行密钥设置时间太短，不能用来证明身份，请用其他方式。',
    en: 'This authenticator or passkey is too new to prove who you are. Use another way.',
  },
  method_not_accepted: {
    'zh-CN': '恢复码不能用来证明身份，请用验证器或通行密钥。',
    en: 'A recovery code does not prove who you are. Use the authenticator or passkey.',
  },
  event_not_allowed: { 'zh-CN': '本案现在不需要核实身份。', en: 'The case does not ask for proof right now.' },
});

const OWN = ['factor_too_young', 'method_not_accepted', 'event_not_allowed'] as const;

/** States in which a proof of one's own can be given (see the workflows: `identity.check-started`). */
const TAKES_PROOF = [
  'freeze-account.frozen',
  'verify-identity.pending',
  'verify-identity.in-review',
  'verify-identity.failed',
];

/** What the customer can do now to have the case move on. */
export function Needed({ found }: { readonly found: Reply<'getCase'> }): ReactNode {
  const say = useTexts(TEXTS);
  const { identity, checks, state } = found;
  const proving = TAKES_PROOF.includes(state.name);
  if (!proving && checks.length === 0) return null;
  return (
    <section className="sheet needed">
      <h2>{say('title')}</h2>
      {identity.met ? <Notice kind="good">{say('met')}</Notice> : null}
      {proving && !identity.met ? <Ways found={found} /> : null}
      {!proving && !identity.met ? <p>{say('nothing')}</p> : null}
      {checks.length > 0 ? (
        <>
          <h3>{say('checks')}</h3>
          <ul className="scopes">
            {checks.map(({ method, state: how, startedAt, decidedAt }) => (
              <li key={startedAt + method} data-how={how}>
                <span>
                  {say(method)}{' '}
                  <span className="hint">
                    <Time at={decidedAt ?? startedAt} style="short" />
                  </span>
                </span>
                <strong>{say(how)}</strong>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}

function Ways({ found: { caseId, identity, checks } }: { readonly found: Reply<'getCase'> }): ReactNode {
  const say = useTexts(TEXTS);
  const methods = new Set(identity.accepted.flat());
  const shown = checks.some(({ method, state }) => method === 'authenticator' && state === 'passed');
  return (
    <>
      <p>{say('why')}</p>
      <ul>
        {identity.accepted.map((combination) => (
          <li key={combination.join()}>{combination.map((method) => say(method)).join(say('and'))}</li>
        ))}
      </ul>
      {methods.has('authenticator') && !shown ? <OwnProof caseId={caseId} /> : null}
      {methods.has('document') ? <p>{say('documentHow')}</p> : null}
      {methods.has('callback') ? <p>{say('callbackHow')}</p> : null}
    </>
  );
}

function OwnProof({ caseId }: { readonly caseId: string }): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  const queries = useQueryClient();
  const { secondFactor, passkeys } = useMe();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const key = useRef(crypto.randomUUID());
  if (!secondFactor && passkeys.length === 0)
    return (
      <p>
        {say('noFactor')} <Link href="/security">{say('authenticator')}</Link>
      </p>
    );
  const prove = async () => {
    setBusy(true);
    setTrouble('');
    try {
      const answer = await send('proveAuthenticator', { params: { caseId }, key: key.current });
      keepReceipts(caseId, 'authenticator', receiptsOf(answer.headers.get('Audit-Receipt')));
      await queries.invalidateQueries({ queryKey: ['getCase', caseId] });
    } catch (error) {
      const own = Object.fromEntries(OWN.map((code) => [code, say(code)]));
      if (!(error instanceof Cancelled)) setTrouble(problemText(error, own));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <p className="hint">{say('proveWhy')}</p>
      <Button look="act" className="big" busy={busy} onClick={() => void prove()}>
        {say('prove')}
      </Button>
      {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
    </>
  );
}

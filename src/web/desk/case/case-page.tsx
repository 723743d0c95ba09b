import { Button, Skeleton } from 'antd';
import { type ReactNode, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Link, useLocation, useSearch } from 'wouter';
import { textsOf, useTexts } from '../../ground/language.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { Notice } from '../../ground/ui.js';
import { type ActWithForm, FORMS } from '../acts/act-forms.js';
import { ActPanel } from '../acts/act-panel.js';
import { EvidenceRoom } from '../evidence/evidence-room.js';
import { useShortcuts } from '../keys/use-shortcuts.js';
import { CaseHead } from './case-head.js';
import { Compose, type Composer } from './compose.js';
import { Freezes } from './freezes.js';
import { Identity } from './identity.js';
import { Reports } from './reports.js';
import { ScopeStrip } from './scope-strip.js';
import { Timeline } from './timeline.js';
import { useCase } from './use-case.js';

const TEXTS = textsOf('desk-case', {
  back: { 'zh-CN': '← 案件列表', en: '← Cases' },
  parts: { 'zh-CN': '案件内容', en: 'Parts of the case' },
  timeline: { 'zh-CN': '时间线', en: 'Timeline' },
  reports: { 'zh-CN': '报告（{{n}}）', en: 'Reports ({{n}})' },
  evidence: { 'zh-CN': '证据', en: 'Evidence' },
  identity: { 'zh-CN': '身份', en: 'Identity' },
  freezes: { 'zh-CN': '冻结与解冻', en: 'Freezes and release' },
  again: { 'zh-CN': '再试一次', en: 'Try again' },
  stale: {
    'zh-CN': '暂时无法更新，显示的是上次的内容。',
    en: 'It cannot be updated right now; this is what it was.',
  },
});

const TABS = ['timeline', 'reports', 'evidence', 'identity', 'freezes'] as const;
type Tab = (typeof TABS)[number];

/** One case: all of it, alive, and every act that is open now. Which part is shown lives in the address. */
export function CasePage({ caseId }: { readonly caseId: string }): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  const { file, error, again } = useCase(caseId);
  const [, navigate] = useLocation();
  const search = new URLSearchParams(useSearch());
  const tab = TABS.find((name) => name === search.get('tab')) ?? 'timeline';
  const show = (next: Tab) => navigate(addressOf(caseId, next), { replace: true });
  const [act, setAct] = useOpenAct(caseId);
  const composer = useRef<Composer>(null);
  const write = (audience: 'customer' | 'staff') => {
    flushSync(() => show('timeline')); // the box is there before the next key
    composer.current?.focus(audience);
  };
  useShortcuts({ m: () => write('customer'), n: () => write('staff'), e: () => show('evidence') });

  if (!file)
    return (
      <>
        <Link href="/desk">{say('back')}</Link>
        {error ? (
          <Notice kind="bad">
            {problemText(error)} <Button onClick={again}>{say('again')}</Button>
          </Notice>
        ) : (
          <Skeleton active paragraph={{ rows: 12 }} />
        )}
      </>
    );
  const Form = act && file.acts.some((seen) => seen.act === act && seen.allowed) ? FORMS[act] : undefined;
  const mayAssign = file.acts.some((seen) => seen.act === 'assignCase' && seen.allowed);
  const parts: Readonly<Record<Tab, () => ReactNode>> = {
    timeline: () => (
      <>
        <Compose key={caseId} file={file} ref={composer} />
        <Timeline caseId={caseId} />
      </>
    ),
    reports: () => <Reports file={file} />,
    evidence: () => (
      <EvidenceRoom
        caseId={caseId}
        customerId={file.customerId}
        onAssign={mayAssign ? () => setAct('assignCase') : undefined}
      />
    ),
    identity: () => <Identity file={file} onAct={setAct} />,
    freezes: () => <Freezes file={file} />,
  };
  return (
    <div className="case-page">
      <Link href="/desk">{say('back')}</Link>
      {error ? (
        <Notice kind="warn">
          {say('stale')} <Button onClick={again}>{say('again')}</Button>
        </Notice>
      ) : null}
      <CaseHead file={file} onAssign={mayAssign ? () => setAct('assignCase') : undefined} />
      <div className="case-columns">
        <div className="sheet case-parts">
          <nav aria-label={say('parts')}>
            {TABS.map((name) => (
              <Link key={name} href={addressOf(caseId, name)} replace aria-current={name === tab ? 'page' : undefined}>
                {say(name, { n: file.reports })}
              </Link>
            ))}
          </nav>
          {parts[tab]()}
        </div>
        <aside>
          <ActPanel file={file} onAct={setAct} />
          <ScopeStrip file={file} />
        </aside>
      </div>
      {Form ? <Form key={act} file={file} onClose={() => setAct(undefined)} /> : null}
    </div>
  );
}

const addressOf = (caseId: string, tab: Tab): string =>
  `/desk/cases/${caseId}${tab === 'timeline' ? '' : `?tab=${tab}`}`;

/** Which form is open is kept with what was typed into it: a reload brings both back. */
function useOpenAct(caseId: string): [ActWithForm | undefined, (act: ActWithForm | undefined) => void] {
  const name = `open act ${caseId}`;
  const [act, setAct] = useState<ActWithForm | undefined>(() => {
    const kept = sessionStorage.getItem(name) ?? '';
    return Object.hasOwn(FORMS, kept) ? (kept as ActWithForm) : undefined;
  });
  return [
    act,
    (next) => {
      if (next) sessionStorage.setItem(name, next);
      else sessionStorage.removeItem(name);
      setAct(next);
    },
  ];
}

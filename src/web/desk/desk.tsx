import { lazy, type ReactNode, useState } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { textsOf, useTexts } from '../ground/language.js';
import { useMe } from '../ground/session.js';
import { NotFound } from '../staff/not-found.js';
import { BreakGlass } from './break-glass.js';
import { CasePage } from './case/case-page.js';
import './desk.css';
import { EvidenceRoom } from './evidence/evidence-room.js';
import { ShortcutHelp } from './keys/shortcut-help.js';
import { useShortcuts } from './keys/use-shortcuts.js';
import { CaseList } from './list/case-list.js';

/** The charts are loaded by whoever looks at them. */
const FiguresPage = lazy(() => import('./figures/figures-page.js').then((page) => ({ default: page.FiguresPage })));

const TEXTS = textsOf('desk', {
  back: { 'zh-CN': '← 紧急查看证据', en: '← Break glass' },
  evidence: { 'zh-CN': '证据', en: 'Evidence' },
});

/** The room of those who work on cases. */
export function Desk(): ReactNode {
  const [, navigate] = useLocation();
  const [help, setHelp] = useState(false);
  const readsCases = useMe().roles.some((role) => role !== 'admin' && role !== 'customer');
  useShortcuts({
    gd: () => navigate('/desk'),
    gf: () => navigate('/desk/figures'),
    '?': () => setHelp(true),
  });
  return (
    <>
      <Switch>
        <Route path="/desk">{readsCases ? <CaseList /> : <Redirect to="/desk/break-glass" replace />}</Route>
        <Route path="/desk/cases/:caseId">{({ caseId }) => <CasePage key={caseId} caseId={caseId} />}</Route>
        <Route path="/desk/figures" component={FiguresPage} />
        <Route path="/desk/break-glass" component={BreakGlass} />
        <Route path="/desk/break-glass/:caseId">{({ caseId }) => <Opened caseId={caseId} />}</Route>
        <Route component={NotFound} />
      </Switch>
      <ShortcutHelp open={help} onClose={() => setHelp(false)} />
    </>
  );
}

/** The evidence of a case that an admin has opened, and nothing else of it. */
function Opened({ caseId }: { readonly caseId: string }): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <>
      <Link href="/desk/break-glass">{say('back')}</Link>
      <h1>{say('evidence')}</h1>
      <div className="sheet">
        <EvidenceRoom caseId={caseId} onAssign={undefined} />
      </div>
    </>
  );
}

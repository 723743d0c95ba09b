import { useQuery } from '@tanstack/react-query';
import { Badge } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { useMe } from '../../ground/session.js';
import { Time } from '../../ground/time.js';
import { useActTexts } from '../acts/act-texts.js';
import { Countdown } from '../countdown.js';
import { useNames } from '../use-colleagues.js';
import { useWords } from '../words.js';

const TEXTS = textsOf('desk-proposals', {
  title: { 'zh-CN': '等待我审批的解冻提议', en: 'Releases that wait for my approval' },
  by: { 'zh-CN': '{{who}} 提议，结案结果：{{outcome}}', en: 'proposed by {{who}}, to end as: {{outcome}}' },
  ready: { 'zh-CN': '现在可以审批', en: 'can be decided now' },
  cooling: { 'zh-CN': '冷静期剩余', en: 'cooling-off time left' },
  until: { 'zh-CN': '有效至', en: 'good until' },
});

const LIVE_MS = 10_000;

/** For approvers: what waits for a second person, and what still keeps them from each. */
export function Proposals(): ReactNode {
  const say = useTexts(TEXTS);
  const { reason } = useActTexts();
  const word = useWords();
  const name = useNames();
  const isApprover = useMe().roles.includes('approver');
  const { data } = useQuery({
    queryKey: ['listProposals'],
    queryFn: () => call('listProposals'),
    refetchInterval: LIVE_MS,
    enabled: isApprover,
  });
  const proposals = data?.proposals ?? [];
  if (!isApprover || proposals.length === 0) return null;
  return (
    <section className="proposals sheet" aria-labelledby="proposals">
      <h2 id="proposals">
        {say('title')} <Badge count={proposals.length} color="var(--act)" className="count" />
      </h2>
      <ul>
        {proposals.map(
          ({ approvalId, caseId, caseNumber, proposedBy, outcome, because, coolingOffUntil, expiresAt }) => (
            <li key={approvalId}>
              <Link href={`/desk/cases/${caseId}`}>{caseNumber}</Link>
              <span>{say('by', { who: name(proposedBy), outcome: word(outcome) })}</span>
              {because === 'cooling_off' ? (
                <span className="tag warn">
                  {say('cooling')} <Countdown until={coolingOffUntil} />
                </span>
              ) : (
                <span className={because ? 'tag warn' : 'tag good'}>{because ? reason(because) : say('ready')}</span>
              )}
              <span className="soft">
                {say('until')} <Time at={expiresAt} style="short" />
              </span>
            </li>
          ),
        )}
      </ul>
    </section>
  );
}

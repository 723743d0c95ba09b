import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { textsOf, useTexts } from '../../ground/language.js';
import { PageTitle } from '../../staff/page-title.js';
import { fragmentOf } from '../../staff/use-fragment.js';
import { EventDetail } from './event-detail.js';
import { ProofView } from './proof-view.js';

const TEXTS = textsOf('audit-event-page', {
  title: { 'zh-CN': '审计事件与证明', en: 'Audit event and its proof' },
  back: { 'zh-CN': '回到审计日志', en: 'Back to the audit log' },
  ofCase: { 'zh-CN': '此案件的全部事件', en: 'All of this case' },
  event: { 'zh-CN': '事件', en: 'The event' },
});

/** One event at an address of its own, with the proof that the log holds it. */
export function EventPage({ eventId }: { readonly eventId: string }): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <>
      <PageTitle
        title={say('title')}
        lead={<code>{eventId}</code>}
        acts={<Link href="/compliance">{say('back')}</Link>}
      />
      <div className="two-sheets">
        <section className="sheet">
          <h2>{say('event')}</h2>
          <EventDetail
            eventId={eventId}
            acts={({ event }) =>
              event?.caseId ? (
                <p>
                  <Link href={`/compliance${fragmentOf({ caseId: event.caseId })}`}>{say('ofCase')}</Link>
                </p>
              ) : null
            }
          />
        </section>
        <ProofView eventId={eventId} />
      </div>
    </>
  );
}

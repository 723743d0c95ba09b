import { Button, Drawer } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { textsOf, useTexts } from '../../ground/language.js';
import { EventDetail } from './event-detail.js';
import type { Filter } from './filter.js';

const TEXTS = textsOf('audit-event-drawer', {
  title: { 'zh-CN': '审计事件', en: 'Audit event' },
  proof: { 'zh-CN': '查看证明', en: 'See its proof' },
  ofCase: { 'zh-CN': '此案件的全部事件', en: 'All of this case' },
  ofActor: { 'zh-CN': '此操作人的全部事件', en: 'All by this actor' },
  close: { 'zh-CN': '关闭', en: 'Close' },
});

interface Props {
  readonly eventId: string | undefined;
  readonly onClose: () => void;
  readonly onFilter: (filter: Filter) => void;
}

/** One event beside the list it was found in. */
export function EventDrawer({ eventId, onClose, onFilter }: Props): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <Drawer
      open={eventId !== undefined}
      onClose={onClose}
      title={say('title')}
      size="min(46rem, 100vw)"
      closable={{ 'aria-label': say('close') }}
      destroyOnHidden
    >
      {eventId ? (
        <EventDetail
          eventId={eventId}
          acts={({ event }) => (
            <div className="event-acts">
              <Link href={`/compliance/events/${eventId}`}>{say('proof')}</Link>
              {event?.caseId ? (
                <Button size="small" onClick={() => onFilter({ caseId: event.caseId ?? '' })}>
                  {say('ofCase')}
                </Button>
              ) : null}
              {event ? (
                <Button size="small" onClick={() => onFilter({ actor: event.actor.id })}>
                  {say('ofActor')}
                </Button>
              ) : null}
            </div>
          )}
        />
      ) : null}
    </Drawer>
  );
}

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { openSession } from '../../ground/session.js';
import { Time } from '../../ground/time.js';
import { Button, Notice, Waiting } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { Section } from './section.js';

const TEXTS = textsOf('sessions', {
  title: { 'zh-CN': '登录的设备', en: 'Sessions' },
  why: {
    'zh-CN': '有不认识的吗？结束它，然后更换密码。',
    en: 'Is there one you do not know? End it, then change your password.',
  },
  wait: { 'zh-CN': '正在读取……', en: 'Reading …' },
  unknown: { 'zh-CN': '未知设备', en: 'Unknown device' },
  current: { 'zh-CN': '（这台设备）', en: ' (this one)' },
  times: { 'zh-CN': '首次使用 ', en: 'First used ' },
  last: { 'zh-CN': '，最近使用 ', en: ', last used ' },
  from: { 'zh-CN': '来自 {{place}}', en: 'From {{place}}' },
  'this-machine': { 'zh-CN': '服务器本机', en: 'the server itself' },
  'private-network': { 'zh-CN': '内部网络', en: 'a private network' },
  internet: { 'zh-CN': '互联网', en: 'the internet' },
  unknownPlace: { 'zh-CN': '未知网络', en: 'an unknown network' },
  end: { 'zh-CN': '结束', en: 'End' },
  endNamed: { 'zh-CN': '结束 {{device}} 的登录', en: 'End the session on {{device}}' },
  endOthers: { 'zh-CN': '结束其他所有登录', en: 'End all others' },
  endAll: { 'zh-CN': '结束所有登录（包括这台设备）', en: 'End all, this one too' },
});

type Open = Reply<'listSessions'>['sessions'][number];

export function Sessions(): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  const act = useAct();
  const { data, error, refetch } = useQuery({ queryKey: ['listSessions'], queryFn: () => call('listSessions') });
  const end = (work: () => Promise<unknown>) =>
    void act.run(async () => {
      await work();
      await refetch();
    });
  const endAll = () =>
    void act.run(async () => {
      await call('endSessions');
      await openSession();
    });
  const deviceOf = ({ device }: Open) => [device.browser, device.system].filter(Boolean).join(' · ') || say('unknown');
  const placeOf = ({ usedFrom }: Open) =>
    [say(usedFrom.kind === 'unknown' ? 'unknownPlace' : usedFrom.kind), usedFrom.network].filter(Boolean).join(' ');
  return (
    <Section id="sessions" title={say('title')} why={say('why')}>
      {error || act.trouble ? <Notice kind="bad">{act.trouble || problemText(error)}</Notice> : null}
      {data || error ? null : <Waiting>{say('wait')}</Waiting>}
      <ul className="rows">
        {data?.sessions.map((open) => (
          <li key={open.id}>
            <span className="row-facts">
              <strong>
                {deviceOf(open)}
                {open.current ? say('current') : null}
              </strong>
              <small>{say('from', { place: placeOf(open) })}</small>
              <small>
                {say('times')}
                <Time at={open.openedAt} style="short" />
                {say('last')}
                <Time at={open.usedAt} style="short" />
              </small>
            </span>
            {open.current ? null : (
              <Button
                aria-label={say('endNamed', { device: deviceOf(open) })}
                onClick={() => end(() => call('endSession', { params: { sessionId: open.id } }))}
              >
                {say('end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className="actions">
        <Button busy={act.busy} onClick={() => end(() => call('endSessions', { query: { except: 'current' } }))}>
          {say('endOthers')}
        </Button>
        <Button busy={act.busy} onClick={endAll}>
          {say('endAll')}
        </Button>
      </div>
    </Section>
  );
}

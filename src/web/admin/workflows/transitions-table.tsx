import type { ReactNode } from 'react';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { Scroller } from '../../staff/scroller.js';
import type { Workflow } from './place-states.js';

const TEXTS = textsOf('workflow-transitions', {
  title: { 'zh-CN': '转换', en: 'Transitions' },
  from: { 'zh-CN': '从', en: 'From' },
  event: { 'zh-CN': '事件', en: 'Event' },
  by: { 'zh-CN': '由谁', en: 'By' },
  person: { 'zh-CN': '人', en: 'people' },
  system: { 'zh-CN': '系统', en: 'the system' },
  guard: { 'zh-CN': '条件', en: 'If' },
  to: { 'zh-CN': '到', en: 'To' },
  stays: { 'zh-CN': '不变', en: 'stays' },
  effects: { 'zh-CN': '同时', en: 'Then' },
  anywhere: { 'zh-CN': '任何状态', en: 'any state' },
});

/** Every way from state to state, with its condition and what is done on it; what comes in any state stands last. */
export function TransitionsTable({ workflow }: { readonly workflow: Workflow }): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const titles = new Map(workflow.states.map(({ name, title }) => [name, title]));
  const nameOf = (state: string): string => {
    const title = titles.get(state);
    return title ? inWords(title) : state;
  };
  const rows = [
    ...workflow.transitions.map((way) => ({
      ...way,
      says: [nameOf(way.from), way.from === way.to ? say('stays') : nameOf(way.to)],
    })),
    ...workflow.anywhere.map((way) => ({ ...way, from: '*', to: '*', says: [say('anywhere'), say('stays')] })),
  ];
  return (
    <section className="sheet">
      <h3>{say('title')}</h3>
      <Scroller label={say('title')}>
        <table className="plain-table">
          <caption className="visually-hidden">{say('title')}</caption>
          <thead>
            <tr>
              {(['from', 'event', 'by', 'guard', 'to', 'effects'] as const).map((name) => (
                <th key={name} scope="col">
                  {say(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ from, event, by, guard, to, effects, says: [start, end] }) => (
              <tr key={`${from} ${event} ${guard ?? ''} ${to}`}>
                <th scope="row">{start}</th>
                <td>
                  <code>{event}</code>
                </td>
                <td>{say(by)}</td>
                <td>
                  <code>{guard}</code>
                </td>
                <td className={from === to ? 'soft' : ''}>{end}</td>
                <td>
                  <code className="soft">{effects.join(', ')}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </section>
  );
}

import type { ReactNode } from 'react';
import { textsOf, useLanguage, useSay, useTexts } from '../../ground/language.js';
import { Scroller } from '../../staff/scroller.js';
import type { Workflow } from './place-states.js';

const TEXTS = textsOf('workflow-states', {
  title: { 'zh-CN': '状态', en: 'States' },
  step: { 'zh-CN': '步骤', en: 'Step' },
  state: { 'zh-CN': '状态', en: 'State' },
  next: { 'zh-CN': '客户看到的下一步', en: 'What the customer reads' },
  within: { 'zh-CN': '时限', en: 'Within' },
});

const HOUR = 60;
const DAY = 24 * HOUR;

function durationIn(language: string, minutes: number): string {
  const [value, unit] =
    minutes >= DAY ? [minutes / DAY, 'day'] : minutes >= HOUR ? [minutes / HOUR, 'hour'] : [minutes, 'minute'];
  return value.toLocaleString(language, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 });
}

export function StatesTable({ workflow }: { readonly workflow: Workflow }): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const language = useLanguage();
  const stepTitles = new Map(workflow.steps.map(({ name, title }) => [name, title]));
  return (
    <section className="sheet">
      <h3>{say('title')}</h3>
      <Scroller label={say('title')}>
        <table className="plain-table">
          <caption className="visually-hidden">{say('title')}</caption>
          <thead>
            <tr>
              {(['step', 'state', 'next', 'within'] as const).map((name) => (
                <th key={name} scope="col">
                  {say(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {workflow.states.map(({ name, step, title, next, withinMinutes }) => {
              const stepTitle = stepTitles.get(step);
              return (
                <tr key={name}>
                  <td>{stepTitle ? inWords(stepTitle) : step}</td>
                  <th scope="row">
                    {inWords(title)}
                    <div>
                      <code className="soft small">{name}</code>
                    </div>
                  </th>
                  <td>{inWords(next)}</td>
                  <td>{withinMinutes === undefined ? null : durationIn(language, withinMinutes)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroller>
    </section>
  );
}

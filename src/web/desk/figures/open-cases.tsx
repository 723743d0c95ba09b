import type { ReactNode } from 'react';
import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { ChartSheet, type Figures } from './chart-parts.js';

const TEXTS = textsOf('open-cases', {
  title: { 'zh-CN': '现在未结束的案件', en: 'Cases that are open now' },
  none: { 'zh-CN': '没有未结束的案件。', en: 'No case is open.' },
  state: { 'zh-CN': '状态', en: 'State' },
  total: { 'zh-CN': '合计', en: 'All' },
  'under-1h': { 'zh-CN': '不到 1 小时', en: 'under 1 h' },
  'under-1d': { 'zh-CN': '1–24 小时', en: '1–24 h' },
  'under-3d': { 'zh-CN': '1–3 天', en: '1–3 days' },
  'under-7d': { 'zh-CN': '3–7 天', en: '3–7 days' },
  'over-7d': { 'zh-CN': '7 天以上', en: '7 days or more' },
});

/** From young to old, so that what has waited longest is what is seen first. */
const AGES = [
  ['under-1h', '#9cc7f0'],
  ['under-1d', '#5b9fdf'],
  ['under-3d', '#0b5cad'],
  ['under-7d', '#c98a1b'],
  ['over-7d', '#b3261e'],
] as const;

type Age = (typeof AGES)[number][0];

const ROW_HEIGHT = 34;
const AROUND = 80;

export function OpenCases({ figures }: { readonly figures: Figures }): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const held = figures.open.filter(({ total }) => total > 0);
  const total = held.reduce((sum, state) => sum + state.total, 0);
  const ofAge = (age: Age) => held.reduce((sum, { ages }) => sum + ages[age], 0);
  return (
    <ChartSheet
      title={say('title')}
      empty={held.length === 0 ? say('none') : undefined}
      chart={
        <ResponsiveContainer width="100%" height={held.length * ROW_HEIGHT + AROUND}>
          <BarChart
            layout="vertical"
            data={held.map((state) => ({ title: inWords(state.title), ...state.ages }))}
            margin={{ top: 4, right: 16, bottom: 4, left: 8 }}
            accessibilityLayer={false}
          >
            <CartesianGrid stroke="var(--line)" horizontal={false} />
            <XAxis type="number" allowDecimals={false} stroke="var(--soft)" />
            <YAxis type="category" dataKey="title" width={130} stroke="var(--soft)" interval={0} />
            <Tooltip
              cursor={{ fill: 'var(--ground)' }}
              contentStyle={{ background: 'var(--sheet)', borderColor: 'var(--line)' }}
            />
            <Legend itemSorter={null} formatter={(name) => <span className="legend-name">{name}</span>} />
            {AGES.map(([age, fill]) => (
              <Bar key={age} dataKey={age} name={say(age)} stackId="age" fill={fill} isAnimationActive={false} />
            ))}
          </BarChart>
        </ResponsiveContainer>
      }
      table={
        <table className="plain-table">
          <caption className="visually-hidden">{say('title')}</caption>
          <thead>
            <tr>
              <th scope="col">{say('state')}</th>
              {AGES.map(([age]) => (
                <th key={age} scope="col" className="number">
                  {say(age)}
                </th>
              ))}
              <th scope="col" className="number">
                {say('total')}
              </th>
            </tr>
          </thead>
          <tbody>
            {figures.open.map((state) => (
              <tr key={state.state}>
                <th scope="row">{inWords(state.title)}</th>
                {AGES.map(([age]) => (
                  <td key={age} className="number">
                    {state.ages[age]}
                  </td>
                ))}
                <td className="number">{state.total}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">{say('total')}</th>
              {AGES.map(([age]) => (
                <td key={age} className="number">
                  {ofAge(age)}
                </td>
              ))}
              <td className="number">{total}</td>
            </tr>
          </tbody>
        </table>
      }
    />
  );
}

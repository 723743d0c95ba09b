import type { ReactNode } from 'react';
import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { textsOf, useTexts } from '../../ground/language.js';
import { ChartSheet, type Figures, useDuration } from './chart-parts.js';

const TEXTS = textsOf('freeze-times', {
  title: { 'zh-CN': '从报告到确认冻结', en: 'From the report to the confirmed freeze' },
  none: { 'zh-CN': '这段时间内没有账户被确认冻结。', en: 'No freeze was confirmed in this time.' },
  p50: { 'zh-CN': '一半不超过', en: 'half within' },
  p90: { 'zh-CN': '九成不超过', en: '9 of 10 within' },
  p99: { 'zh-CN': '99% 不超过', en: '99 % within' },
  reported: { 'zh-CN': '报告的案件', en: 'Cases reported' },
  frozen: { 'zh-CN': '其中已确认冻结', en: 'of these frozen' },
  day: { 'zh-CN': '报告日期（{{zone}}）', en: 'Day of the report ({{zone}})' },
});

const HEIGHT = 260;
const LINES = [
  ['p50', 'var(--act)', ''],
  ['p90', 'var(--warn)', '6 3'],
  ['p99', 'var(--bad)', '2 3'],
] as const;

/** Percentiles by day of the report. Seconds are drawn on a scale of powers, because a few take hours. */
export function FreezeTimes({ figures }: { readonly figures: Figures }): ReactNode {
  const say = useTexts(TEXTS);
  const duration = useDuration();
  const { timeZone: zone } = Intl.DateTimeFormat().resolvedOptions();
  const { spread, reported, frozen, perDay } = figures;
  // A scale of powers knows no nought: what took less than a second is drawn as one.
  const drawn = perDay.map(({ day, ...rest }) => ({
    day: day.slice(5),
    ...Object.fromEntries(LINES.map(([name]) => [name, rest[name] === null ? null : Math.max(1, Number(rest[name]))])),
  }));
  return (
    <ChartSheet
      title={say('title')}
      empty={frozen === 0 ? say('none') : undefined}
      summary={
        <dl className="figures-row">
          {LINES.map(([name]) => (
            <div key={name}>
              <dt>{say(name)}</dt>
              <dd className="figure">{duration(spread[name])}</dd>
            </div>
          ))}
          <div>
            <dt>{say('reported')}</dt>
            <dd className="figure">{reported}</dd>
          </div>
          <div>
            <dt>{say('frozen')}</dt>
            <dd className="figure">{frozen}</dd>
          </div>
        </dl>
      }
      chart={
        <ResponsiveContainer width="100%" height={HEIGHT}>
          <LineChart data={drawn} margin={{ top: 8, right: 16, bottom: 4, left: 8 }} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis dataKey="day" stroke="var(--soft)" tickMargin={6} minTickGap={24} />
            <YAxis
              scale="log"
              domain={['auto', 'auto']}
              stroke="var(--soft)"
              width={72}
              tickFormatter={(seconds: number) => duration(Math.round(seconds))}
            />
            <Tooltip
              formatter={(seconds) => duration(Number(seconds))}
              contentStyle={{ background: 'var(--sheet)', borderColor: 'var(--line)' }}
            />
            <Legend itemSorter={null} formatter={(name) => <span className="legend-name">{name}</span>} />
            {LINES.map(([name, stroke, dash]) => (
              <Line
                key={name}
                dataKey={name}
                name={say(name)}
                stroke={stroke}
                strokeDasharray={dash}
                strokeWidth={2}
                dot={{ r: 2 }}
                connectNulls
                isAnimationActive={false}
              />
            ))}
          </LineChart>
        </ResponsiveContainer>
      }
      table={
        <table className="plain-table">
          <caption className="visually-hidden">{say('title')}</caption>
          <thead>
            <tr>
              <th scope="col">{say('day', { zone })}</th>
              <th scope="col" className="number">
                {say('reported')}
              </th>
              <th scope="col" className="number">
                {say('frozen')}
              </th>
              {LINES.map(([name]) => (
                <th key={name} scope="col" className="number">
                  {say(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {perDay.toReversed().map(({ day, reported: cases, frozen: ended, ...times }) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                <td className="number">{cases}</td>
                <td className="number">{ended}</td>
                {LINES.map(([name]) => (
                  <td key={name} className="number">
                    {duration(times[name])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  );
}

import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { Waiting } from '../../ground/ui.js';
import { CopyText } from '../../staff/copy-text.js';
import { Scroller } from '../../staff/scroller.js';
import { Trouble } from '../../staff/trouble.js';

const TEXTS = textsOf('key-sheet', {
  wait: { 'zh-CN': '正在读取……', en: 'Reading …' },
  rotate: { 'zh-CN': '轮换：', en: 'Rotate it: ' },
  command: { 'zh-CN': '轮换命令', en: 'the command that rotates' },
});

interface Props {
  readonly title: string;
  readonly why: string;
  readonly command: string;
  readonly columns: readonly string[];
  /** Rows with a key each; undefined while they are read. */
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[] | undefined;
  readonly problem: unknown;
  readonly onAgain: () => void;
}

/** One kind of keys: what it is for, which there are, and the command that rotates it. */
export function KeySheet({ title, why, command, columns, rows, problem, onAgain }: Props): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <section className="sheet">
      <h2>{title}</h2>
      <p className="soft">{why}</p>
      {problem ? <Trouble problem={problem} onAgain={onAgain} /> : null}
      {!rows && !problem ? <Waiting>{say('wait')}</Waiting> : null}
      {rows ? (
        <Scroller label={title}>
          <table className="plain-table">
            <caption className="visually-hidden">{title}</caption>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, cells }) => (
                <tr key={key}>
                  {cells.map((cell, index) => (
                    <td key={columns[index]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroller>
      ) : null}
      <p>
        {say('rotate')}
        <CopyText text={command} of={say('command')} />
      </p>
    </section>
  );
}

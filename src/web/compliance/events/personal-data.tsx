import type { ReactNode } from 'react';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { Chip } from '../../staff/chip.js';
import type { Opened } from './event-detail.js';

const TEXTS = textsOf('audit-personal', {
  title: { 'zh-CN': '个人信息', en: 'Personal data' },
  why: {
    'zh-CN': '日志里只有承诺（加盐哈希）；下面是还能打开承诺的内容。抹除之后，承诺仍在，内容不再可读。',
    en: 'The log holds commitments (salted hashes) only; this is what still opens them. Once erased, the commitment stays and nothing tells what it was.',
  },
  none: { 'zh-CN': '这个事件不含个人信息。', en: 'This event holds none.' },
  caption: { 'zh-CN': '承诺与其内容', en: 'Commitments and what opens them' },
  field: { 'zh-CN': '字段', en: 'Field' },
  value: { 'zh-CN': '内容', en: 'What it says' },
  commitment: { 'zh-CN': '承诺', en: 'Commitment' },
  fits: { 'zh-CN': '相符', en: 'fits' },
  unfit: { 'zh-CN': '不符', en: 'does not fit' },
  missing: { 'zh-CN': '已丢失，且没有抹除记录', en: 'gone, and no erasure says so' },
});

/** Every commitment of an event: with what opens it, with the erasure that took it, or as lost. */
export function PersonalData({ opened }: { readonly opened: Opened }): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const commitments = opened.event?.commitments ?? {};
  const fields = [...new Set([...Object.keys(commitments), ...opened.openings.map(({ field }) => field)])];
  const said = (field: string): ReactNode => {
    const opening = opened.openings.find((one) => one.field === field);
    if (opening)
      return (
        <>
          <span className="opened-value">{opening.value}</span>{' '}
          <Chip kind={opening.fits ? 'good' : 'bad'}>{say(opening.fits ? 'fits' : 'unfit')}</Chip>
        </>
      );
    const erased = opened.erased.find((one) => one.field === field);
    if (erased) return <em className="soft">{inWords(erased.says)}</em>;
    return <Chip kind="bad">{say('missing')}</Chip>;
  };
  return (
    <section>
      <h3>{say('title')}</h3>
      {fields.length === 0 ? (
        <p className="soft">{say('none')}</p>
      ) : (
        <>
          <p className="soft small">{say('why')}</p>
          <table className="plain-table">
            <caption className="visually-hidden">{say('caption')}</caption>
            <thead>
              <tr>
                <th scope="col">{say('field')}</th>
                <th scope="col">{say('value')}</th>
                <th scope="col">{say('commitment')}</th>
              </tr>
            </thead>
            <tbody>
              {fields.map((field) => (
                <tr key={field}>
                  <th scope="row">
                    <code>{field}</code>
                  </th>
                  <td>{said(field)}</td>
                  <td>
                    <code className="soft">{commitments[field]}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

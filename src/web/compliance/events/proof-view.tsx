import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import { Fault, toBase64, toHex } from '../../../proof/index.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Waiting } from '../../ground/ui.js';
import { CopyText } from '../../staff/copy-text.js';
import { saveFile } from '../../staff/save-file.js';
import { Trouble } from '../../staff/trouble.js';
import { sidesOf, useProof } from './use-proof.js';

const TEXTS = textsOf('audit-proof', {
  title: { 'zh-CN': '在日志中的证明', en: 'Proof that it is in the log' },
  wait: { 'zh-CN': '正在取得并核对证明……', en: 'Taking the proof and checking it …' },
  notYet: {
    'zh-CN': '这个事件刚刚发生，日志还没有为它签名。请稍后再试。',
    en: 'This event has only just happened; the log has not signed it yet. Try again in a moment.',
  },
  holds: { 'zh-CN': '您的浏览器已核对：证明成立', en: 'Checked by your browser: the proof holds' },
  holdsWhy: {
    'zh-CN': '由事件的字节和下面的路径算出的树根，正是日志签署的那一个。公钥来自本服务器，请与您从别处得到的公钥比较。',
    en: 'The root that follows from the bytes of the event and the path below is the one that the log signed. The key came from this server: compare it with one that you have from elsewhere.',
  },
  broken: { 'zh-CN': '证明不成立', en: 'The proof does not hold' },
  save: { 'zh-CN': '下载证明文件', en: 'Download the proof' },
  leaf: { 'zh-CN': '叶哈希', en: 'Leaf hash' },
  index: { 'zh-CN': '在日志中的序号', en: 'Number in the log' },
  size: { 'zh-CN': '检查点包含的事件数', en: 'Events that the checkpoint covers' },
  root: { 'zh-CN': '树根', en: 'Root' },
  signers: { 'zh-CN': '签名公钥', en: 'Signed by' },
  path: { 'zh-CN': '路径', en: 'Path' },
  pathWhy: {
    'zh-CN': '从叶子到树根，每一层与之合并的哈希。',
    en: 'The hashes that the leaf is joined with, level by level, up to the root.',
  },
  level: { 'zh-CN': '层', en: 'Level' },
  side: { 'zh-CN': '位置', en: 'Side' },
  left: { 'zh-CN': '左', en: 'left' },
  right: { 'zh-CN': '右', en: 'right' },
  hash: { 'zh-CN': '哈希', en: 'Hash' },
  alone: { 'zh-CN': '日志只有这一个事件，没有路径。', en: 'The log has this one event: there is no path.' },
  checkpoint: { 'zh-CN': '检查点', en: 'Checkpoint' },
});

/** The proof of one event: from its leaf along the path to the root that was signed, checked here. */
export function ProofView({ eventId }: { readonly eventId: string }): ReactNode {
  const say = useTexts(TEXTS);
  const { data, error, refetch } = useProof(eventId);
  return (
    <section className="sheet proof" aria-label={say('title')}>
      <h2>{say('title')}</h2>
      {error instanceof Fault ? (
        <Alert type="error" showIcon title={say('broken')} description={error.message} />
      ) : error ? (
        <Trouble problem={error} own={{ not_in_log_yet: say('notYet') }} onAgain={() => void refetch()} />
      ) : null}
      {!data && !error ? <Waiting>{say('wait')}</Waiting> : null}
      {data ? (
        <>
          <Alert type="success" showIcon title={say('holds')} description={say('holdsWhy')} />
          <dl className="record">
            <div>
              <dt>{say('leaf')}</dt>
              <dd>
                <CopyText text={toBase64(data.leaf)} of={say('leaf')} />
              </dd>
            </div>
            <div>
              <dt>{say('index')}</dt>
              <dd>{data.proof.index}</dd>
            </div>
            <div>
              <dt>{say('size')}</dt>
              <dd>{data.size}</dd>
            </div>
            <div>
              <dt>{say('root')}</dt>
              <dd>
                <CopyText text={toBase64(data.root)} of={say('root')} />
              </dd>
            </div>
            <div>
              <dt>{say('signers')}</dt>
              <dd>
                {data.signers.map(({ name, id }) => (
                  <div key={toHex(id)}>
                    <code>{`${name} ${toHex(id)}`}</code>
                  </div>
                ))}
              </dd>
            </div>
          </dl>
          <h3>{say('path')}</h3>
          {data.proof.hashes.length === 0 ? (
            <p>{say('alone')}</p>
          ) : (
            <>
              <p className="soft small">{say('pathWhy')}</p>
              <table className="plain-table">
                <caption className="visually-hidden">{say('path')}</caption>
                <thead>
                  <tr>
                    <th scope="col">{say('level')}</th>
                    <th scope="col">{say('side')}</th>
                    <th scope="col">{say('hash')}</th>
                  </tr>
                </thead>
                <tbody>
                  {sidesOf(data.proof.index, data.size, data.proof.hashes.length).map((side, level) => (
                    <tr key={toBase64(data.proof.hashes[level] ?? new Uint8Array())}>
                      <td>{level}</td>
                      <td>{say(side)}</td>
                      <td>
                        <code>{toBase64(data.proof.hashes[level] ?? new Uint8Array())}</code>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )}
          <h3>{say('checkpoint')}</h3>
          <pre className="bytes">{data.proof.checkpoint}</pre>
          <Button type="primary" onClick={() => saveFile(data.file, `${eventId}.tlog-proof`)}>
            {say('save')}
          </Button>
        </>
      ) : null}
    </section>
  );
}

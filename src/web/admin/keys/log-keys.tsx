import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Chip } from '../../staff/chip.js';
import { CopyText } from '../../staff/copy-text.js';
import { KeySheet } from './key-sheet.js';

const TEXTS = textsOf('log-keys', {
  title: { 'zh-CN': '审计日志的签名密钥', en: 'Keys that sign the audit log' },
  why: {
    'zh-CN': '请把公钥保存在别处：能改写日志的人，也能改写这一页。每把密钥都签名指定了它的后继。',
    en: 'Keep the public keys somewhere else: who could change the log could change this page. Each key has signed who comes after it.',
  },
  key: { 'zh-CN': '公钥', en: 'Public key' },
  state: { 'zh-CN': '状态', en: 'State' },
  active: { 'zh-CN': '正在签名', en: 'signs now' },
  before: { 'zh-CN': '以前的', en: 'signed before' },
  of: { 'zh-CN': '第 {{n}} 把公钥', en: 'public key {{n}}' },
});

const COMMAND = 'firebreak audit keys rotate';

export function LogKeys(): ReactNode {
  const say = useTexts(TEXTS);
  const { data, error, refetch } = useQuery({ queryKey: ['readAuditKeys'], queryFn: () => call('readAuditKeys') });
  const newest = data?.keys.length ?? 0;
  return (
    <KeySheet
      title={say('title')}
      why={say('why')}
      command={COMMAND}
      columns={[say('key'), say('state')]}
      rows={data?.keys
        .map((key, index) => ({
          key,
          cells: [
            <CopyText key="key" text={key} of={say('of', { n: index + 1 })} />,
            index === newest - 1 ? (
              <Chip key="state" kind="good">
                {say('active')}
              </Chip>
            ) : (
              say('before')
            ),
          ],
        }))
        .toReversed()}
      problem={error}
      onAgain={() => void refetch()}
    />
  );
}

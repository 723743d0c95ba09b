import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Chip } from '../../staff/chip.js';
import { KeySheet } from './key-sheet.js';

const TEXTS = textsOf('master-keys', {
  title: { 'zh-CN': '证据的主密钥', en: 'Master keys of evidence' },
  why: {
    'zh-CN': '每份证据有自己的数据密钥，由主密钥包裹。轮换只重新包裹数据密钥，不动证据本身。',
    en: 'Each piece of evidence has a data key of its own, wrapped by a master key. A rotation wraps data keys anew and touches no evidence.',
  },
  id: { 'zh-CN': '密钥编号', en: 'Key id' },
  source: { 'zh-CN': '所在', en: 'Lies in' },
  own: { 'zh-CN': '本系统', en: 'this system' },
  kms: { 'zh-CN': 'KMS', en: 'KMS' },
  nowhere: { 'zh-CN': '找不到', en: 'nowhere' },
  made: { 'zh-CN': '生成时间', en: 'Made' },
  first: { 'zh-CN': '首次启动时，或来自外部', en: 'at the first start, or given from outside' },
  dataKeys: { 'zh-CN': '数据密钥数', en: 'Data keys' },
  state: { 'zh-CN': '状态', en: 'State' },
  active: { 'zh-CN': '正在使用', en: 'wraps now' },
  kept: { 'zh-CN': '只用于打开', en: 'only opens' },
  lost: { 'zh-CN': '缺失：其证据无法打开', en: 'missing: its evidence cannot be opened' },
});

const COMMAND = 'firebreak keys rotate';
const KINDS = { active: 'good', kept: 'plain', lost: 'bad' } as const;

type MasterKey = Reply<'listMasterKeys'>['keys'][number];

export function MasterKeys(): ReactNode {
  const say = useTexts(TEXTS);
  const { data, error, refetch } = useQuery({ queryKey: ['listMasterKeys'], queryFn: () => call('listMasterKeys') });
  const cells = ({ id, source, madeAt, dataKeys, state }: MasterKey): ReactNode[] => [
    <code key="id">{id}</code>,
    say(source ?? 'nowhere'),
    madeAt ? <Time key="made" at={madeAt} /> : say('first'),
    dataKeys,
    <Chip key="state" kind={KINDS[state]}>
      {say(state)}
    </Chip>,
  ];
  return (
    <KeySheet
      title={say('title')}
      why={say('why')}
      command={COMMAND}
      columns={[say('id'), say('source'), say('made'), say('dataKeys'), say('state')]}
      rows={data?.keys.map((key) => ({ key: key.id, cells: cells(key) }))}
      problem={error}
      onAgain={() => void refetch()}
    />
  );
}

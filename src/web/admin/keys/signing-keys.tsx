import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Chip } from '../../staff/chip.js';
import { KeySheet } from './key-sheet.js';

const TEXTS = textsOf('signing-keys', {
  title: { 'zh-CN': '登录令牌的签名密钥', en: 'Keys that sign access tokens' },
  why: {
    'zh-CN': '公开的部分在 /.well-known/jwks.json，最新的在前。轮换时新密钥先公布、后使用，没有人会被登出。',
    en: 'Their public half is at /.well-known/jwks.json, the newest first. A new key is published before it signs, so a rotation signs nobody out.',
  },
  kid: { 'zh-CN': '密钥编号', en: 'Key id' },
  alg: { 'zh-CN': '算法', en: 'Algorithm' },
  state: { 'zh-CN': '状态', en: 'State' },
  newest: { 'zh-CN': '最新', en: 'newest' },
  older: { 'zh-CN': '仍可验证', en: 'still verifies' },
});

const COMMAND = 'firebreak keys rotate-signing';

export function SigningKeys(): ReactNode {
  const say = useTexts(TEXTS);
  const { data, error, refetch } = useQuery({ queryKey: ['readKeySet'], queryFn: () => call('readKeySet') });
  return (
    <KeySheet
      title={say('title')}
      why={say('why')}
      command={COMMAND}
      columns={[say('kid'), say('alg'), say('state')]}
      rows={data?.keys.map(({ kid, alg, crv }, index) => ({
        key: kid,
        cells: [
          <code key="kid">{kid}</code>,
          `${alg} (${crv})`,
          index === 0 ? (
            <Chip key="state" kind="good">
              {say('newest')}
            </Chip>
          ) : (
            say('older')
          ),
        ],
      }))}
      problem={error}
      onAgain={() => void refetch()}
    />
  );
}

import type { ReactNode } from 'react';
import { textsOf, useLanguage, useTexts } from '../../ground/language.js';
import type { Me } from '../../ground/session.js';
import { Field } from '../../ground/ui.js';
import { CHANNELS, type Channel, type Draft } from './draft.js';
import { faultsOf } from './missing.js';

const TEXTS = textsOf('story-step', {
  what: { 'zh-CN': '发生了什么', en: 'What happened' },
  whatHint: {
    'zh-CN': '按时间顺序写：看到了什么、做过什么、联系过谁。不要写密码、验证码或私钥。',
    en: 'In order: what you saw, what you did, whom you talked to. No passwords, codes or private keys.',
  },
  occurredAt: { 'zh-CN': '大约什么时候发生', en: 'Roughly when it happened' },
  noticedAt: { 'zh-CN': '什么时候发现', en: 'When you noticed' },
  zone: { 'zh-CN': '本机时间（{{zone}}）', en: 'Time of this device ({{zone}})' },
  future: { 'zh-CN': '这个时间还没有到。', en: 'This time is still to come.' },
  channel: { 'zh-CN': '通过什么发生的', en: 'Through what it happened' },
  unsaid: { 'zh-CN': '不确定', en: 'Not sure' },
  app: { 'zh-CN': '交易所应用', en: 'App of the exchange' },
  web: { 'zh-CN': '网页', en: 'Web site' },
  api: { 'zh-CN': 'API', en: 'API' },
  phone: { 'zh-CN': '电话或短信', en: 'Telephone or text message' },
  'e-mail': { 'zh-CN': '邮件', en: 'E-mail' },
  chat: { 'zh-CN': '聊天软件或社交媒体', en: 'Chat or social media' },
  'in-person': { 'zh-CN': '当面', en: 'In person' },
  other: { 'zh-CN': '其他', en: 'Something else' },
  detail: { 'zh-CN': '具体是哪个网址、应用或人', en: 'Which address, app or person' },
});

const MOST_WORDS = 10_000;
const MOST_DETAIL = 500;

interface Props {
  readonly draft: Draft;
  readonly me: Me | undefined;
  readonly onChange: (part: Partial<Draft>) => void;
}

export function StoryStep({ draft, me, onChange }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const zone = zoneOf(useLanguage());
  const future = faultsOf(draft, me).has('future') ? say('future') : undefined;
  const time = (name: 'occurredAt' | 'noticedAt') => (
    <Field
      label={say(name)}
      hint={say('zone', { zone })}
      trouble={Date.parse(draft[name]) > Date.now() ? future : undefined}
    >
      {(ties) => (
        <input
          {...ties}
          type="datetime-local"
          value={draft[name]}
          onChange={({ target }) => onChange({ [name]: target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <Field label={say('what')} hint={say('whatHint')}>
        {(ties) => (
          <textarea
            {...ties}
            rows={7}
            required
            maxLength={MOST_WORDS}
            value={draft.whatHappened}
            onChange={({ target }) => onChange({ whatHappened: target.value })}
          />
        )}
      </Field>
      <div className="pair">
        {time('occurredAt')}
        {time('noticedAt')}
      </div>
      <Field label={say('channel')}>
        {(ties) => (
          <select
            {...ties}
            value={draft.channel}
            onChange={({ target }) => onChange({ channel: target.value as Channel | '' })}
          >
            <option value="">{say('unsaid')}</option>
            {CHANNELS.map((channel) => (
              <option key={channel} value={channel}>
                {say(channel)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {draft.channel ? (
        <Field label={say('detail')}>
          {(ties) => (
            <input
              {...ties}
              maxLength={MOST_DETAIL}
              value={draft.detail}
              onChange={({ target }) => onChange({ detail: target.value })}
            />
          )}
        </Field>
      ) : null}
    </>
  );
}

/** The name of the device's zone, as times on these pages carry it. */
const zoneOf = (language: string): string =>
  new Intl.DateTimeFormat(language, { timeZoneName: 'short' })
    .formatToParts()
    .find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC';

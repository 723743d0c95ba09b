import { useQueryClient } from '@tanstack/react-query';
import { Button, Input, Segmented } from 'antd';
import { type FormEvent, type ReactNode, type Ref, useId, useImperativeHandle, useRef, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Notice } from '../../ground/ui.js';
import { useActTexts } from '../acts/act-texts.js';
import { useActProblem } from '../acts/use-act-problem.js';
import type { StaffCase } from '../case-types.js';
import { useDraft } from '../use-draft.js';

const TEXTS = textsOf('desk-compose', {
  title: { 'zh-CN': '写消息', en: 'Write' },
  customer: { 'zh-CN': '给客户', en: 'To the customer' },
  staff: { 'zh-CN': '内部备注', en: 'Note among staff' },
  toWhom: { 'zh-CN': '写给谁', en: 'To whom' },
  customerHint: {
    'zh-CN': '客户会看到这段文字，并收到一封不含内容的提醒邮件。',
    en: 'The customer reads this, and gets a mail that something waits, without a word of it.',
  },
  staffHint: { 'zh-CN': '只有员工能看到。', en: 'Only staff read this.' },
  customerLabel: { 'zh-CN': '给客户的消息', en: 'Message to the customer' },
  staffLabel: { 'zh-CN': '内部备注', en: 'Note among staff' },
  sendCustomer: { 'zh-CN': '发送给客户', en: 'Send to the customer' },
  sendStaff: { 'zh-CN': '保存备注', en: 'Keep the note' },
  kept: { 'zh-CN': '草稿保存在这台设备上', en: 'The draft is kept on this device' },
});

export type Audience = 'customer' | 'staff';
export interface Composer {
  focus(audience: Audience): void;
}

const LONGEST = 5_000;

interface Props {
  readonly file: StaffCase;
  readonly ref: Ref<Composer>;
}

/** Each audience has its own draft: what was meant for colleagues never goes to the customer by a wrong press. */
export function Compose({ file, ref }: Props): ReactNode {
  const { caseId } = file;
  const say = useTexts(TEXTS);
  const { reason } = useActTexts();
  const problemText = useActProblem();
  const client = useQueryClient();
  const id = useId();
  const box = useRef<HTMLFormElement>(null);
  const [draft, change] = useDraft(localStorage, `compose ${caseId}`, {
    audience: 'customer' as Audience,
    customer: '',
    staff: '',
  });
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const sent = useRef({ key: '', text: '' });
  const { audience } = draft;
  const text = draft[audience];
  useImperativeHandle(ref, () => ({
    focus: (next) => {
      change({ audience: next });
      box.current?.querySelector('textarea')?.focus(); // at once: what is typed next is text, not shortcuts
    },
  }));

  const act = file.acts.find((seen) => seen.act === 'addMessage');
  if (act && !act.allowed) return act.because === 'not_allowed' ? null : <Notice>{reason(act.because ?? '')}</Notice>;

  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (busy || !text.trim()) return;
    setBusy(true);
    setTrouble('');
    if (sent.current.text !== audience + text) sent.current = { key: crypto.randomUUID(), text: audience + text };
    try {
      await call('addMessage', { params: { caseId }, body: { audience, text }, key: sent.current.key });
      change({ [audience]: '' });
      await client.invalidateQueries({ queryKey: ['getTimeline', caseId] });
    } catch (error) {
      setTrouble(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className={`compose to-${audience}`} onSubmit={send} ref={box} aria-label={say('title')}>
      <Segmented<Audience>
        aria-label={say('toWhom')}
        value={audience}
        onChange={(next) => change({ audience: next })}
        options={(['customer', 'staff'] as const).map((value) => ({ value, label: say(value) }))}
      />
      <label htmlFor={id} className="visually-hidden">
        {say(`${audience}Label`)}
      </label>
      <Input.TextArea
        id={id}
        aria-describedby={`${id}-hint`}
        rows={2}
        maxLength={LONGEST}
        value={text}
        placeholder={say(`${audience}Label`)}
        onChange={({ target }) => change({ [audience]: target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
      <div className="compose-foot">
        <p className="hint" id={`${id}-hint`}>
          {say(`${audience}Hint`)} {text ? say('kept') : ''}
        </p>
        <Button htmlType="submit" type="primary" loading={busy} disabled={!text.trim()}>
          {say(audience === 'customer' ? 'sendCustomer' : 'sendStaff')}
        </Button>
      </div>
    </form>
  );
}

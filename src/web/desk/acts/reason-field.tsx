import { Input } from 'antd';
import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { Field } from '../../ground/ui.js';

const TEXTS = textsOf('desk-reason', {
  reason: { 'zh-CN': '理由', en: 'Reason' },
  hint: {
    'zh-CN': '至少 3 个字符；与案件一起保存并记入审计日志。',
    en: 'At least 3 characters; kept with the case and in the audit log.',
  },
});

const SHORTEST = 3;
const LONGEST = 1_000;

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly label?: string;
  readonly hint?: string;
  readonly longest?: number;
}

export const isReason = (value: string, shortest = SHORTEST): boolean => value.trim().length >= shortest;

/** Why something is done; every act that takes one keeps it. */
export function ReasonField({ value, onChange, label, hint, longest = LONGEST }: Props): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <Field label={label ?? say('reason')} hint={hint ?? say('hint')}>
      {({ id, ...ties }) => (
        <Input.TextArea
          id={id}
          {...ties}
          rows={3}
          maxLength={longest}
          required
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}

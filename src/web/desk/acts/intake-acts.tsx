import { Button, Input, Select } from 'antd';
import type { ReactNode } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { useMe } from '../../ground/session.js';
import { Field } from '../../ground/ui.js';
import { useColleagues } from '../use-colleagues.js';
import { useWords } from '../words.js';
import { ActDialog, type ActProps } from './act-dialog.js';
import { isReason, ReasonField } from './reason-field.js';

const TEXTS = textsOf('desk-intake-acts', {
  note: { 'zh-CN': '初审结论', en: 'What you found' },
  noteHint: {
    'zh-CN': '报告已读过且足以处理；案件若无人负责，将归您负责。',
    en: 'The report was read and is complete enough to act on. A case that is nobody’s becomes yours.',
  },
  assignee: { 'zh-CN': '负责人', en: 'Who works on it' },
  me: { 'zh-CN': '分配给我', en: 'Give it to me' },
  nobody: { 'zh-CN': '无人负责', en: 'Nobody' },
  uid: { 'zh-CN': '交易所 UID', en: 'UID at the exchange' },
  uidHint: {
    'zh-CN': '关联后不能更改。请先与报告中的账户核对。',
    en: 'It cannot be changed afterwards. Compare it with the account in the report first.',
  },
});

export function TriageCase(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <ActDialog
      {...props}
      act="triageCase"
      empty={{ note: '' }}
      ready={({ note }) => isReason(note)}
      send={({ note }, how) => call('triageCase', { ...how, body: { note: note.trim() } })}
    >
      {({ note }, change) => (
        <ReasonField
          label={say('note')}
          hint={say('noteHint')}
          value={note}
          onChange={(next) => change({ note: next })}
        />
      )}
    </ActDialog>
  );
}

const NOBODY = 'nobody';

export function AssignCase(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  const me = useMe();
  const workers = useColleagues().filter(
    ({ roles, suspended }) => !suspended && roles.some((role) => role === 'agent' || role === 'analyst'),
  );
  return (
    <ActDialog
      {...props}
      act="assignCase"
      empty={{ personId: props.file.assignee ?? NOBODY }}
      send={({ personId }, how) =>
        call('assignCase', { ...how, body: { personId: personId === NOBODY ? null : personId } })
      }
    >
      {({ personId }, change) => (
        <>
          <Field label={say('assignee')}>
            {({ id }) => (
              <Select
                id={id}
                className="wide"
                value={personId}
                showSearch={{ optionFilterProp: 'label' }}
                virtual={false}
                onChange={(next: string) => change({ personId: next })}
                options={[
                  { value: NOBODY, label: say('nobody') },
                  ...workers.map((one) => ({
                    value: one.id,
                    label: `${one.email} (${one.roles.map((role) => word(role)).join(', ')})`,
                  })),
                ]}
              />
            )}
          </Field>
          <Button onClick={() => change({ personId: me.id })}>{say('me')}</Button>
        </>
      )}
    </ActDialog>
  );
}

export function LinkCaseAccount(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <ActDialog
      {...props}
      act="linkCaseAccount"
      empty={{ uid: '' }}
      ready={({ uid }) => /^[\w-]{1,64}$/.test(uid.trim())}
      send={({ uid }, how) => call('linkCaseAccount', { ...how, body: { uid: uid.trim() } })}
    >
      {({ uid }, change) => (
        <Field label={say('uid')} hint={say('uidHint')}>
          {({ id, ...ties }) => (
            <Input
              id={id}
              {...ties}
              autoComplete="off"
              spellCheck={false}
              maxLength={64}
              required
              value={uid}
              onChange={({ target }) => change({ uid: target.value })}
            />
          )}
        </Field>
      )}
    </ActDialog>
  );
}

import { Button, Input, Modal } from 'antd';
import { type FormEvent, type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Cancelled } from '../../ground/problem.js';
import { Field, Notice } from '../../ground/ui.js';
import { isReason, ReasonField } from '../acts/reason-field.js';
import { useActProblem } from '../acts/use-act-problem.js';
import { useDraft } from '../use-draft.js';
import type { PieceParams } from './use-may-redact.js';
import { saveAs } from './use-object-url.js';

const TEXTS = textsOf('desk-share', {
  share: { 'zh-CN': '交给第三方', en: 'Give it to a third party' },
  what: {
    'zh-CN': '副本会下载到这台设备，由您转交。需要重新验证；收件人和理由写入保管记录。',
    en: 'The copy is downloaded for you to hand over. It is re-verified; to whom and why are kept in the custody record.',
  },
  recipient: { 'zh-CN': '交给谁（个人或机构）', en: 'To whom: a person or an office' },
  reason: { 'zh-CN': '为什么', en: 'Why' },
  cancel: { 'zh-CN': '取消', en: 'Cancel' },
  saved: { 'zh-CN': '已下载。', en: 'Downloaded.' },
});

const LONGEST = 500;
const RECIPIENT_MAX = 200;

interface Props {
  readonly params: PieceParams & { readonly redactionId: string };
  readonly name: string;
}

export function ShareRedaction({ params, name }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useActProblem();
  const [open, setOpen] = useState(false);
  const [{ recipient, reason }, change, forget] = useDraft(sessionStorage, `share ${params.redactionId}`, {
    recipient: '',
    reason: '',
  });
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(false);
  const isReady = isReason(recipient) && isReason(reason);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || !isReady) return;
    setBusy(true);
    setTrouble('');
    try {
      const body = { recipient: recipient.trim(), reason: reason.trim() };
      saveAs(await call('shareRedaction', { params, body }), `${name.replace(/\.\w{1,5}$/, '')}-redacted.jpg`);
      forget();
      setOpen(false);
      setSaved(true);
    } catch (error) {
      if (!(error instanceof Cancelled)) setTrouble(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{say('share')}</Button>
      <span role="status">{saved ? say('saved') : ''}</span>
      {open ? (
        <Modal
          open
          title={say('share')}
          onCancel={() => setOpen(false)}
          footer={null}
          keyboard={!busy}
          mask={{ closable: false }}
        >
          <form onSubmit={submit}>
            <p>{say('what')}</p>
            <Field label={say('recipient')}>
              {({ id, ...ties }) => (
                <Input
                  id={id}
                  {...ties}
                  maxLength={RECIPIENT_MAX}
                  required
                  value={recipient}
                  onChange={({ target }) => change({ recipient: target.value })}
                />
              )}
            </Field>
            <ReasonField
              label={say('reason')}
              longest={LONGEST}
              value={reason}
              onChange={(next) => change({ reason: next })}
            />
            {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
            <div className="actions">
              <Button onClick={() => setOpen(false)}>{say('cancel')}</Button>
              <Button type="primary" htmlType="submit" loading={busy} disabled={!isReady}>
                {say('share')}
              </Button>
            </div>
          </form>
        </Modal>
      ) : null}
    </>
  );
}

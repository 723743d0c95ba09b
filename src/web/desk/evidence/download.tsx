import { Button, Modal } from 'antd';
import { type FormEvent, type ReactNode, useState } from 'react';
import { send } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Cancelled } from '../../ground/problem.js';
import { Notice } from '../../ground/ui.js';
import { isReason, ReasonField } from '../acts/reason-field.js';
import { useActProblem } from '../acts/use-act-problem.js';
import { useDraft } from '../use-draft.js';
import type { PieceParams } from './use-may-redact.js';
import { saveAs } from './use-object-url.js';

const TEXTS = textsOf('desk-download', {
  download: { 'zh-CN': '下载原件', en: 'Download the original' },
  title: { 'zh-CN': '下载证据原件', en: 'Download an original' },
  what: {
    'zh-CN': '原件可能含有恶意内容，请只在隔离环境中打开。下载需要重新验证，并连同理由写入保管记录。',
    en: 'An original may be malicious: open it only where it can do no harm. Downloading is re-verified and kept, with the reason, in the custody record.',
  },
  reason: { 'zh-CN': '为什么需要原件', en: 'Why you need the original' },
  cancel: { 'zh-CN': '取消', en: 'Cancel' },
  saved: { 'zh-CN': '已下载。', en: 'Downloaded.' },
});

const LONGEST = 500;

interface Props {
  readonly params: PieceParams;
  readonly name: string;
  readonly disabled: boolean;
}

/** The original, byte for byte, for a reason that is kept. */
export function Download({ params, name, disabled }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useActProblem();
  const [open, setOpen] = useState(false);
  const [{ reason }, change, forget] = useDraft(sessionStorage, `download ${params.evidenceId}`, { reason: '' });
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || !isReason(reason)) return;
    setBusy(true);
    setTrouble('');
    try {
      const response = await send('downloadEvidence', { params, body: { reason: reason.trim() }, reverify: true });
      saveAs(await response.blob(), name);
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
      <Button disabled={disabled} onClick={() => setOpen(true)}>
        {say('download')}
      </Button>
      <span role="status">{saved ? say('saved') : ''}</span>
      {open ? (
        <Modal
          open
          title={say('title')}
          onCancel={() => setOpen(false)}
          footer={null}
          keyboard={!busy}
          mask={{ closable: false }}
        >
          <form onSubmit={submit}>
            <p>{say('what')}</p>
            <ReasonField
              label={say('reason')}
              longest={LONGEST}
              value={reason}
              onChange={(next) => change({ reason: next })}
            />
            {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
            <div className="actions">
              <Button onClick={() => setOpen(false)}>{say('cancel')}</Button>
              <Button type="primary" htmlType="submit" loading={busy} disabled={!isReason(reason)}>
                {say('download')}
              </Button>
            </div>
          </form>
        </Modal>
      ) : null}
    </>
  );
}

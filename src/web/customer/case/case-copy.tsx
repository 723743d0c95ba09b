import { type ReactNode, useState } from 'react';
import { send } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { Button, Notice } from '../../ground/ui.js';
import { receiptsOf } from '../../ground/upload.js';
import { keepReceipts } from '../receipts.js';
import { saveFile } from '../save-file.js';

const TEXTS = textsOf('case-copy', {
  title: { 'zh-CN': '案件副本', en: 'A copy of your case' },
  why: {
    'zh-CN': '下载一份 JSON 文件：进展、您的报告、消息，以及每份证据的名称和 SHA-256。',
    en: 'A JSON file with where it stands, your reports, the messages, and every piece of evidence by name and SHA-256.',
  },
  save: { 'zh-CN': '下载副本', en: 'Download a copy' },
});

export function CaseCopy({ caseId, number }: { readonly caseId: string; readonly number: string }): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const save = async () => {
    setBusy(true);
    setTrouble('');
    try {
      const answer = await send('copyCase', { params: { caseId } });
      keepReceipts(caseId, 'copy', receiptsOf(answer.headers.get('Audit-Receipt')));
      const text = JSON.stringify(await answer.json(), null, 2);
      saveFile(`${number}.json`, new Blob([text], { type: 'application/json' }));
    } catch (error) {
      setTrouble(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="sheet">
      <h2>{say('title')}</h2>
      <p className="hint">{say('why')}</p>
      <Button busy={busy} onClick={() => void save()}>
        {say('save')}
      </Button>
      {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
    </section>
  );
}

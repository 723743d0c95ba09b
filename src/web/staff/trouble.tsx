import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../ground/language.js';
import { useProblemText } from '../ground/problem-texts.js';

const TEXTS = textsOf('staff-trouble', { again: { 'zh-CN': '再试一次', en: 'Try again' } });

interface Props {
  readonly problem: unknown;
  /** Words for refusals that only this page meets. */
  readonly own?: Readonly<Record<string, string>>;
  readonly onAgain: () => void;
}

/** What could not be read, in words, and the way to ask again. */
export function Trouble({ problem, own, onAgain }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  return (
    <Alert
      type="error"
      showIcon
      title={problemText(problem, own)}
      action={
        <Button size="small" onClick={onAgain}>
          {say('again')}
        </Button>
      }
    />
  );
}

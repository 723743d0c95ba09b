import { useRef, useState } from 'react';
import { ApiProblem, Cancelled } from './problem.js';
import { useProblemText } from './problem-texts.js';

export interface Act {
  readonly busy: boolean;
  /** What went wrong, in the reader's words; empty when nothing did. */
  readonly trouble: string;
  /**
   * Does one act. The key stays the same until the server has answered: whoever presses again after a lost answer asks for
   * the same act, not for another one.
   *
   * @returns whether it was done
   */
  readonly run: (work: (key: string) => Promise<void>) => Promise<boolean>;
}

/** One act of a page: pressed once, told when it fails, sent again safely. `own` words refusals that only this page meets. */
export function useAct(own?: Readonly<Record<string, string>>): Act {
  const problemText = useProblemText();
  const key = useRef(crypto.randomUUID() as string);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const run: Act['run'] = async (work) => {
    if (busy) return false;
    setBusy(true);
    setTrouble('');
    try {
      await work(key.current);
      key.current = crypto.randomUUID();
      return true;
    } catch (error) {
      const lost = error instanceof ApiProblem && error.passing;
      if (!lost) key.current = crypto.randomUUID();
      if (!(error instanceof Cancelled)) setTrouble(problemText(error, own));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, trouble, run };
}

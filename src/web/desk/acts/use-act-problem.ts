import { useTexts } from '../../ground/language.js';
import { ApiProblem } from '../../ground/problem.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { PROBLEMS } from './act-texts.js';

/** What a refused act means to whoever did it. */
export function useActProblem(): (problem: unknown) => string {
  const say = useTexts(PROBLEMS);
  const problemText = useProblemText();
  return (problem) => {
    const code = problem instanceof ApiProblem ? problem.code : '';
    if (!Object.hasOwn(PROBLEMS.texts, code)) return problemText(problem);
    const { mostHours = '' } = (problem as ApiProblem).body;
    return say(code as keyof typeof PROBLEMS.texts, { mostHours: String(mostHours) });
  };
}

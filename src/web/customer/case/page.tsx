import type { ReactNode } from 'react';

export function CasePage(_given: { readonly caseId: string }): ReactNode {
  return null;
}

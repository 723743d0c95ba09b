import type { ReactNode } from 'react';

export function ForgotPage(): ReactNode {
  return null;
}

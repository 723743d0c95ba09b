/** One thing that is not as it should be. */
export interface Finding {
  /** A word for programs. */
  readonly kind: string;
  /** What it is about: an id. */
  readonly id: string;
  /** One sentence for people; no personal data. */
  readonly says: string;
}

/** Looks at the store from outside and tells what does not fit together. Changes nothing. */
export interface Check<C> {
  readonly name: string;
  /** What it looks at, for people. */
  readonly about: string;
  /** Only with `firebreak fsck --deep`: reads every byte. */
  readonly deep?: true;
  readonly run: (ctx: C) => AsyncIterable<Finding>;
}

export interface CheckReport {
  readonly name: string;
  readonly about: string;
  readonly findings: readonly Finding[];
}

/** Runs the checks one after another, the deep ones only when asked to. */
export async function runChecks<C>(
  ctx: C,
  checks: readonly Check<C>[],
  { deep }: { deep: boolean },
): Promise<readonly CheckReport[]> {
  const reports: CheckReport[] = [];
  for (const { name, about, run } of checks.filter((check) => deep || !check.deep)) {
    const findings: Finding[] = [];
    for await (const finding of run(ctx)) findings.push(finding);
    reports.push({ name, about, findings });
  }
  return reports;
}

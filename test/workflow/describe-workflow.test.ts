import assert from 'node:assert/strict';
import { describeWorkflow } from '../../src/workflow/describe-workflow.js';
import { EVENTS, loadWorkflows } from '../../src/workflow/index.js';
import { WORKFLOWS } from './definitions.js';

describe('describeWorkflow', () => {
  const { all, current } = loadWorkflows(WORKFLOWS);

  for (const definition of all)
    it(`draws every state and transition of ${definition.id} ${definition.version}, and none that is not there`, () => {
      const view = describeWorkflow(definition, true);
      const names = view.states.map(({ name }) => name);
      assert.deepEqual(names, Object.keys(definition.states));
      assert.ok(names.includes(view.initial));
      for (const { from, to, event } of view.transitions) {
        assert.ok(names.includes(from) && names.includes(to), `${from} ${event} ${to}`);
        assert.ok(Object.hasOwn(EVENTS, event));
      }
      const entered = new Set([view.initial, ...view.transitions.map(({ to }) => to)]);
      assert.deepEqual(
        names.filter((name) => !entered.has(name)),
        [],
      );
      assert.deepEqual(
        [...new Set(view.states.map(({ step }) => step))],
        view.steps.map(({ name }) => name),
      );
    });

  it('knows where a step leads by its first state, what a condition lets through, and who sends it', () => {
    const { transitions, anywhere, sha256 } = describeWorkflow(current('phishing'), true);
    assert.match(sha256, /^[0-9a-f]{64}$/);
    const closing = transitions.find(({ from, event }) => from === 'intake.triaged' && event === 'case.closed');
    assert.deepEqual(closing, {
      from: 'intake.triaged',
      to: 'closed',
      event: 'case.closed',
      by: 'person',
      guard: 'mayClose',
      effects: ['close', 'tell'],
    });
    assert.ok(anywhere.some(({ event, by }) => event === 'remedy.done' && by === 'system'));
  });
});

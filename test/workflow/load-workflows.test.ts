import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { INCIDENT_KINDS, loadWorkflows, WorkflowRefused } from '../../src/workflow/index.js';
import { copyOfWorkflows, WORKFLOWS } from './definitions.js';

const FILE = 'unauthorized-trade.yaml';

describe('loadWorkflows', () => {
  let copy: ReturnType<typeof copyOfWorkflows>;
  beforeEach(() => {
    copy = copyOfWorkflows();
  });
  afterEach(() => copy.remove());

  const refused = () => {
    try {
      loadWorkflows(copy.dir);
    } catch (error) {
      assert.ok(error instanceof WorkflowRefused, String(error));
      return error;
    }
    return assert.fail('the workflow was accepted');
  };

  it('gives one frozen definition per kind, named by the hash of its bytes', () => {
    const workflows = loadWorkflows(WORKFLOWS);
    for (const kind of INCIDENT_KINDS) {
      const definition = workflows.current(kind);
      assert.equal(definition.id, kind);
      assert.equal(definition.sha256, createHash('sha256').update(readFileSync(definition.file)).digest('hex'));
      assert.equal(workflows.exact(definition), definition);
      assert.ok(Object.isFrozen(definition.identity.accept[0]));
    }
  });

  it('keeps an archived version loadable and does not take it for current', () => {
    const old = copy.read(FILE);
    copy.write('archive/unauthorized-trade-1.1.0.yaml', old);
    copy.edit(FILE, 'version: 1.1.0', 'version: 1.2.0');
    const workflows = loadWorkflows(copy.dir);
    const sha256 = createHash('sha256').update(old).digest('hex');
    assert.equal(workflows.current('unauthorized_trade').version, '1.2.0');
    assert.equal(workflows.exact({ id: 'unauthorized_trade', version: '1.1.0', sha256 })?.version, '1.1.0');
  });

  it('knows no definition whose id, version or hash differs', () => {
    const workflows = loadWorkflows(WORKFLOWS);
    const { id, version, sha256 } = workflows.current('phishing');
    assert.equal(workflows.exact({ id, version: '9.9.9', sha256 }), undefined);
    assert.equal(workflows.exact({ id: 'other', version, sha256 }), undefined);
    assert.equal(workflows.exact({ id, version, sha256: sha256.replace(/^./, 'g') }), undefined);
  });

  it('refuses two files of one id and version', () => {
    copy.write('archive/again.yaml', `${copy.read(FILE)}# other bytes\n`);
    assert.match(refused().message, /again\.yaml.*version/);
  });

  it('refuses a folder that lacks a kind', () => {
    rmSync(copy.path('phishing.yaml'));
    assert.match(refused().message, /phishing/);
  });

  const breaks: [name: string, old: string, fresh: string, path: string, why: RegExp][] = [
    ['an unknown guard', 'guard: mayClose', 'guard: mayFly', 'states.intake.on["case.closed"].guard', /unknown guard/],
    [
      'an unknown effect',
      'actions: requestHold',
      'actions: runShell',
      'states.intake.states.received.on["case.opened"][1].actions',
      /unknown effect/,
    ],
    [
      'an unknown event',
      'case.triaged: triaged',
      'case.eaten: triaged',
      'states.intake.states.received.on["case.eaten"]',
      /unknown event/,
    ],
    [
      'an unknown short target',
      'case.triaged: triaged',
      'case.triaged: nowhere',
      'states.intake.states.received.on["case.triaged"]',
      /names no state/,
    ],
    [
      'an unknown absolute target',
      "target: '#unauthorized_trade.freeze-account.requested'",
      "target: '#unauthorized_trade.freeze-account.thawed'",
      'states.intake.on["freeze.requested"].target',
      /names no state/,
    ],
    [
      'a guard without its parameter',
      'params: { days: 30 }',
      'params: {}',
      'states.closed.on["case.reopened"].guard',
      /takes the parameters days/,
    ],
    [
      'an effect with a parameter it has not',
      'actions: orderRemedy',
      'actions: { type: orderRemedy, params: { kind: all } }',
      'states.freeze-account.on["remedy.ordered"].actions',
      /takes no parameters/,
    ],
    ['a missing English text', ', en: Intake', '', 'states.intake.meta.title.en', /is missing/],
    [
      'a state without what comes next',
      '      next: { zh-CN: 如有新情况',
      '      #: { zh-CN: 如有新情况',
      'states.closed.meta.next',
      /is missing/,
    ],
    [
      'an unknown check method',
      '[document, callback]',
      '[document, horoscope]',
      'meta.identity.accept[1][1]',
      /must be one of/,
    ],
    ['an unknown key', 'initial: intake', 'invoke: { src: x }\ninitial: intake', 'invoke', /not a part of a workflow/],
    [
      'a delayed transition',
      '          case.triaged: triaged',
      '          case.triaged: { target: triaged, delay: 5 }',
      '',
      /does not fit|not a part/,
    ],
    ['an initial step that is not there', 'initial: intake', 'initial: outtake', 'initial', /names no state/],
    ['a version that is none', 'version: 1.1.0', 'version: latest', 'version', /does not fit/],
    ['text where a truth value belongs', 'urgent: true', 'urgent: "true"', 'meta.urgent', /does not fit/],
    ['a key written twice', 'initial: intake', 'initial: intake\ninitial: closed', '', /duplicated/],
    ['what is not YAML', 'initial: intake', 'initial: [intake', '', /./],
    ['a YAML alias', 'initial: intake', 'initial: &a intake\nnote: *a', '', /aliases/],
  ];
  for (const [name, old, fresh, path, why] of breaks)
    it(`refuses ${name}, naming file, path and line`, () => {
      const line = copy.edit(FILE, old, fresh);
      const error = refused();
      assert.match(error.message, why);
      assert.ok(error.file.endsWith(FILE));
      if (path !== '') {
        assert.equal(error.path, path);
        assert.ok(Math.abs(error.line - line) <= 1, `line ${error.line}, not ${line}`);
      }
      assert.ok(error.message.startsWith(`${error.file}:${error.line}: `));
    });

  const LIMBO = `  limbo:
    meta: { title: { zh-CN: 无, en: None }, next: { zh-CN: 无, en: None } }

  closed:
`;

  it('refuses a state nothing leads to', () => {
    copy.edit(FILE, '  closed:\n', LIMBO);
    const error = refused();
    assert.match(error.message, /states\.limbo: can never be reached/);
  });

  it('refuses a state from which the case can never end', () => {
    copy.edit(FILE, '  closed:\n', LIMBO);
    copy.edit(FILE, 'case.triaged: triaged', "case.triaged: '#unauthorized_trade.limbo'");
    assert.match(refused().message, /states\.limbo: is a dead end/);
  });

  it('refuses a definition that has no closed state', () => {
    copy.edit(FILE, '  closed:\n', '  finished:\n');
    assert.match(refused().message, /no state "closed"/);
  });
});

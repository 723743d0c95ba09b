import Joi from 'joi';
import { code, instant } from '../params.js';
import { template } from '../words.js';

interface Params {
  reason: string;
  at: string;
}

export const auditAlarm = template<Params>({
  name: 'audit-alarm',
  params: Joi.object({ reason: code.required(), at: instant.required() }),
  text: {
    'zh-CN': (p, say) => ({
      subject: '请立即处理：审计日志异常',
      body: [
        p.reason === 'witness-refused'
          ? '外部见证方拒绝签署审计日志的最新检查点：日志与它以前见过的不一致。'
          : '审计日志与已经签署的内容不一致，从现在起不再签署新的检查点。',
        `发现时间：${say.when(p.at)}。`,
        '数据库可能被人直接修改过，或者恢复了旧备份。请不要改动数据库，先保留现场，再运行 firebreak fsck，并与外部见证方保存的检查点核对。',
      ],
    }),
    en: (p, say) => ({
      subject: 'Act now: the audit log is not what it was',
      body: [
        p.reason === 'witness-refused'
          ? 'A witness outside refused to sign the newest checkpoint of the audit log: it does not continue what the witness saw before.'
          : 'The audit log is not what was signed. No new checkpoint is signed from now on.',
        `It was found on ${say.when(p.at)}.`,
        'Somebody may have changed the database directly, or restored an old backup. Please change nothing there, keep it as it is, run firebreak fsck, and compare with the checkpoints that witnesses outside have kept.',
      ],
    }),
  },
});
